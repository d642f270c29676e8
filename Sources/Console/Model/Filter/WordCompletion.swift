// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

/// Completions of what is being typed into a field, whatever they are taken from.
enum WordCompletion {
  /// Those that begin with a text, then those that hold it; the text itself is none.
  static func ranked(
    _ words: [String],
    _ typed: String,
    without taken: Set<String> = []
  ) -> [String] {
    let folded = typed.lowercased()
    let fresh = words.filter { !taken.contains($0) && $0 != typed }
    if folded.isEmpty { return Array(fresh.prefix(Form.completionLimit)) }
    let first = fresh.filter { $0.lowercased().hasPrefix(folded) }
    let second = fresh.filter {
      !$0.lowercased().hasPrefix(folded) && $0.lowercased().contains(folded)
    }
    return Array((first + second).prefix(Form.completionLimit))
  }

  /// The names of a cluster's objects of a type, sorted; of all namespaces where none is given.
  static func names(
    of type: String,
    in namespace: String? = nil,
    _ inventory: InventorySnapshot?
  ) -> [String] {
    guard let inventory, let place = inventory.place(of: type) else { return [] }
    let rows =
      namespace.map { inventory.rows(ofType: place, inNamespace: $0) }
      ?? inventory.objects(ofType: place)
    return rows.map(\.name).sorted()
  }

  /// The last requirement of a selector: a key, or the value of one.
  static func selector(_ typed: String, _ labels: LabelWords) -> [String] {
    let start = typed.lastIndex(of: ",").map { typed.index(after: $0) } ?? typed.startIndex
    let (lead, rest) = (String(typed[..<start]), typed[start...])
    if let equals = rest.firstIndex(of: "=") {
      let key = String(rest[..<equals])
      return labels.values(of: key).map { "\(lead)\(key)=\($0)" }
    }
    let isNegated = rest.first == "!"
    return labels.keys.map { "\(lead)\(isNegated ? "!" : "")\($0)" }
  }

  /// The last of several selectors.
  static func alternatives(_ typed: String, _ labels: LabelWords) -> [String] {
    let separator = " or "
    guard let place = typed.ranges(of: separator).last else { return selector(typed, labels) }
    let lead = String(typed[..<place.upperBound])
    return selector(String(typed[place.upperBound...]), labels).map { lead + $0 }
  }
}
