// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Synchronization
internal import Terminal

extension FilterQuery {
  /// The query over rows of the inventory; nil for one that cannot be understood.
  var rowTerms: [RowFilter.Term]? {
    problem == nil ? terms.map { RowFilter.Term($0.conditions, isNegated: $0.isNegated) } : nil
  }
}

extension FilterQuery.Term {
  /// What it asks of a row: words are looked for in the name, the namespace and the type.
  fileprivate var conditions: [RowFilter.Condition] {
    switch kind {
    case .text(let word):
      let bytes = FoldedText.bytes(word)
      return [
        .nameContains(bytes), .namespace { FoldedText.contains(FoldedText.bytes($0), bytes) },
        .type { type in
          FoldedText.contains(FoldedText.bytes(type.groupResource), bytes)
            || FoldedText.contains(FoldedText.bytes(type.kind), bytes)
        },
      ]
    case .namespace(let pattern): return [.namespace { FilterQuery.isLike($0, pattern) }]
    case .kind(let pattern):
      return [
        .type { type in
          FilterQuery.isLike(type.groupResource, pattern)
            || FilterQuery.isLike(type.kind, pattern) || type.shortNames.contains(pattern)
        }
      ]
    case .phase(let pattern):
      return [
        .state { verdict, isBeingDeleted in
          if pattern == Standing.attention {
            return verdict.map { !$0.isFine } ?? false
          }
          if pattern == Standing.any { return verdict != nil }
          return isBeingDeleted && FilterQuery.isLike(Standing.deleting, pattern)
            || verdict.map { FilterQuery.isLike(Standing.word($0), pattern) } ?? false
        }
      ]
    case .label(let key, let value): return [.label(key: key, value: value)]
    case .expression(let text):
      let expression = SharedExpression(text)
      return [
        .name(expression.isFound), .namespace(expression.isFound),
        .type { expression.isFound(in: $0.groupResource) },
      ]
    }
  }
}

/// A regular expression that is read once and used for many texts.
private final class SharedExpression: Sendable {
  private let expression: Mutex<Regex<AnyRegexOutput>?>

  init(_ text: String) { expression = Mutex(try? Regex(text)) }

  @Sendable func isFound(in text: String) -> Bool {
    expression.withLock { expression in
      expression.map { text.firstMatch(of: $0) != nil } ?? false
    }
  }
}
