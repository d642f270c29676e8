// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Terminal
internal import Velero

/// The preview of a backup's filter, with its counts, which take a while to make.
struct PreviewResult: Sendable {
  /// The preview.
  let preview: Preview
  /// Its counts.
  let summary: SelectionSummary

  /// Counts.
  init(_ preview: Preview) {
    self.preview = preview
    summary = preview.summary
  }
}

/// The preview of the filter that is being edited.
typealias LivePreview = LiveAnswer<Backup, PreviewResult>

extension LivePreview {
  /// Makes one that has asked nothing.
  init() {
    self.init(
      { .preview($0) },
      read: { answer in
        // Before the cluster has said what it serves, there is nothing to be seen in an inventory.
        guard case .preview(let preview) = answer, preview.inventory.typeCount > 0 else {
          return nil
        }
        return PreviewResult(preview)
      }
    )
  }
}

extension PreviewResult: SelectionResult {
  var typeRows: [SelectionRow] { summary.types.map(SelectionRow.init) }

  var namespaceRows: [SelectionRow] { summary.namespaces.map(SelectionRow.init) }

  func lines(aboutType name: String) -> [TextLine] {
    guard let type = preview.type(named: name) else { return [] }
    return [TextLine(ruleText(type))] + reasons(type.count)
  }

  func lines(aboutNamespace name: String) -> [TextLine] {
    guard let namespace = preview.namespaces.first(where: { $0.name == name }) else { return [] }
    return [SelectionRow.title(ofNamespace: name)] + reasons(namespace.count)
  }

  func lines(about address: ObjectAddress) -> [TextLine] { chain(preview.explanation(of: address)) }

  func forEachObject(
    _ isTaken: Bool,
    in scope: PreviewObjectsRequest.Scope,
    _ body: (PreviewObject, _ label: @escaping (String) -> String?) throws -> Void
  ) throws {
    for place in preview.types(taken: isTaken, left: !isTaken) {
      try Task.checkCancellation()
      let name = preview.types[place].rule.groupResource
      if case .type(let wanted) = scope, wanted != name { continue }
      for object in preview.objects(ofType: place, taken: isTaken, left: !isTaken) {
        let address = object.address
        if case .namespace(let wanted) = scope, (address.namespace ?? "") != wanted { continue }
        try body(object) { label($0, of: address) }
      }
    }
  }

  private func label(_ key: String, of address: ObjectAddress) -> String? {
    let inventory = preview.inventory
    return inventory.place(of: address.type)
      .flatMap { inventory.row(ofType: $0, namespace: address.namespace, name: address.name) }?
      .label(key)
  }

  private func ruleText(_ type: PreviewType) -> String {
    let name = "\(type.rule.groupResource) (\(type.rule.resource.kind))"
    if let listing = type.rule.listing { return "\(name): \(listing)" }
    return type.rule.entry.map { "\(name): asked for by \($0)" } ?? "\(name): nothing leaves it out"
  }

  private func reasons(_ count: PreviewCount) -> [TextLine] {
    var byText: [String: Int] = [:]
    for (number, count) in count.left where count > 0 {
      guard case .left(let exclusion) = preview.verdicts[number] else { continue }
      byText[exclusion.generalDescription, default: 0] += count
    }
    return SelectionRow.lines(ofReasons: byText)
  }

  private func chain(_ explanation: Explanation) -> [TextLine] {
    let (word, style): (String, Style) =
      switch explanation.answer {
      case .isIn: ("in", .ok)
      case .isOut: ("out", .warn)
      case .unknown: ("unknown", .warn)
      case .missing: ("not there", .bad)
      }
    var lines = [
      TextLine([TextSpan("\(word): ", style), TextSpan(explanation.reason)])
    ]
    guard explanation.chain.count > 1 else { return lines }
    for (depth, link) in explanation.chain.enumerated() {
      let indent = String(repeating: "  ", count: depth)
      lines.append(
        TextLine([
          TextSpan("\(indent)\(link.object)", .accent),
          TextSpan("  \(link.verdict)", .dim),
        ])
      )
    }
    return lines
  }
}
