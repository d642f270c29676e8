// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// A filter's list of types, resolved against what the API server serves.
///
/// An entry that discovery knows (plural, singular, short name, kind, `resource.group`) stands for that one type;
/// any other entry stays a pattern over `resource.group`. Source: velero/03, section 2.
struct ResourceEntries: Sendable {
  private struct Entry: Sendable {
    let written: String
    let resource: String?
    let pattern: NamePattern
  }

  private let entries: [Entry]
  /// Whether the list names `*`, literally.
  let hasStar: Bool

  /// Resolves a list.
  ///
  /// - Parameters:
  ///   - written: Entries as the user wrote them.
  ///   - discovery: What the API server serves.
  ///   - isNamespaced: Drops resolvable entries of the other scope, as Velero does; nil keeps both.
  init(_ written: [String], discovery: Discovery, isNamespaced: Bool? = nil) {
    hasStar = written.contains("*")
    entries = written.compactMap { text in
      guard text != "*", let resource = discovery.resource(named: text) else {
        return Entry(written: text, resource: nil, pattern: NamePattern(text))
      }
      if let isNamespaced, resource.isNamespaced != isNamespaced { return nil }
      let name = resource.groupVersionResource.groupResource
      return Entry(written: text, resource: name, pattern: NamePattern(name))
    }
  }

  var isEmpty: Bool { entries.isEmpty }

  /// The entry, as written, that names a type; nil when none does.
  func entry(for groupResource: String) -> String? {
    entries.first { entry in
      entry.resource.map { $0 == groupResource } ?? entry.pattern.matches(groupResource)
    }?.written
  }
}
