// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// An object that a release's manifest names.
struct HelmObject: Sendable, Hashable {
  var apiVersion: String
  var kind: String
  /// As the manifest says; nil stands for the release's, and for none where objects have none.
  var namespace: String?
  var name: String
  /// Whether it is a hook's, which may be gone once it has run.
  var isHook = false
}

/// The objects of a manifest: YAML documents with `---` between them.
///
/// Each is read by itself, so that one that is broken does not hide the others.
struct HelmManifest: Sendable, Equatable {
  private(set) var objects: [HelmObject] = []
  /// How many documents are no objects of the API.
  private(set) var unreadableParts = 0

  init(_ text: String) {
    for part in Self.parts(text) { read(part) }
  }

  /// Only a line at the left margin separates: text inside a document is indented.
  private static func parts(_ text: String) -> [[UInt8]] {
    var parts: [[UInt8]] = [[]]
    let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for line in lines {
      let rest = line.dropFirst(3)
      // What stands on the line of the separator belongs to what follows.
      if line.starts(with: "---".utf8), rest.first.map({ $0 <= UInt8(ascii: " ") }) ?? true {
        parts.append(Array(rest))
      } else {
        parts[parts.count - 1] += Array(line)
      }
      parts[parts.count - 1].append(UInt8(ascii: "\n"))
    }
    return parts
  }

  private mutating func read(_ part: [UInt8]) {
    guard
      let document = try? YAMLDocument(
        parsing: part,
        options: YAMLOptions(allowsRepeatedKeys: true)
      )
    else {
      unreadableParts += 1
      return
    }
    // A template that comes to nothing leaves comments behind.
    if !document.root.isNull { add(document.root) }
  }

  private mutating func add(_ node: YAMLNode) {
    if node["kind"]?.scalarText?.hasSuffix("List") == true, let items = node["items"]?.elements {
      for item in items { add(item) }
      return
    }
    let metadata = node["metadata"]
    guard let apiVersion = node["apiVersion"]?.scalarText, let kind = node["kind"]?.scalarText,
      let name = metadata?["name"]?.scalarText, !kind.isEmpty, !name.isEmpty
    else {
      unreadableParts += 1
      return
    }
    let namespace = metadata?["namespace"]?.scalarText ?? ""
    objects.append(
      HelmObject(
        apiVersion: apiVersion,
        kind: kind,
        namespace: namespace.isEmpty ? nil : namespace,
        name: name
      )
    )
  }
}
