// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// A filter's list of types, resolved against what the API server serves.
///
/// An entry that discovery knows (plural, singular, short name, kind, `resource.group`) stands for that one type;
/// any other entry stays a pattern over `resource.group`. Source: velero/03, section 2.
struct ResourceEntries: Sendable {
  private struct Entry: Sendable {
    let written: FilterEntry
    /// The type; nil for a pattern.
    let resource: String?
    let pattern: NamePattern
  }

  private var entries: [Entry] = []
  let field: FilterField
  /// Whether the list names `*`, literally.
  let hasStar: Bool

  /// Resolves a list.
  ///
  /// - Parameters:
  ///   - written: Entries as the user wrote them.
  ///   - field: The list that they are.
  ///   - discovery: What the API server serves.
  ///   - isNamespaced: Drops resolvable entries of the other scope, as Velero does; nil keeps both.
  init(
    _ written: [String],
    _ field: FilterField,
    discovery: Discovery,
    isNamespaced: Bool? = nil
  ) {
    self.field = field
    hasStar = written.contains("*")
    entries = written.compactMap {
      Self.entry(FilterEntry(field, $0), discovery, isNamespaced)
    }
  }

  private static func entry(
    _ written: FilterEntry,
    _ discovery: Discovery,
    _ isNamespaced: Bool?
  ) -> Entry? {
    let text = written.text
    guard text != "*", let resource = discovery.resource(named: text) else {
      return Entry(written: written, resource: nil, pattern: NamePattern(text))
    }
    if let isNamespaced, resource.isNamespaced != isNamespaced { return nil }
    let name = resource.groupVersionResource.groupResource
    return Entry(written: written, resource: name, pattern: NamePattern(name))
  }

  var isEmpty: Bool { entries.isEmpty }

  /// Whether the list takes every type: because it is empty, or by `*`.
  var isOpen: Bool { entries.isEmpty || hasStar }

  /// The entry that names a type; nil when none does.
  func entry(for groupResource: String) -> FilterEntry? {
    entries.first { entry in
      entry.resource.map { $0 == groupResource } ?? entry.pattern.matches(groupResource)
    }?.written
  }

  /// Adds entries of a resource policy, as long as neither this list nor the opposite one matches them: the filter wins.
  ///
  /// Source: velero/03, section 4.4.
  mutating func add(
    policy texts: [String],
    unlessIn opposite: ResourceEntries,
    discovery: Discovery,
    isNamespaced: Bool
  ) {
    for text in texts {
      let written = FilterEntry(field, text, isFromPolicy: true)
      guard let new = Self.entry(written, discovery, isNamespaced),
        !matches(new), !opposite.matches(new)
      else { continue }
      entries.append(new)
    }
  }

  private func matches(_ new: Entry) -> Bool { entry(for: new.resource ?? new.written.text) != nil }
}
