// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A place in an object that still names a namespace which is restored under another name.
public struct DanglingReference: Sendable, Hashable, CustomStringConvertible {
  /// The place, as a JSON pointer.
  public var path: String
  /// What stands there.
  public var text: String
  /// The namespace that it names.
  public var namespace: String

  /// Such as `/spec/externalName names the namespace 'shop': db.shop.svc.cluster.local`.
  public var description: String { "\(path) names the namespace '\(namespace)': \(text)" }
}

/// Finds names of namespaces that a mapping leaves behind in objects.
///
/// Looked at are members called `namespace` and `namespaces`, lists of names in selectors of namespaces, the label that every
/// namespace has with its name, accounts and groups of service accounts, and names of services in the cluster's DNS.
public enum DanglingReferences {
  /// The most places that are named of one object.
  public static let limit = 20

  /// Members that name no namespace of the target, or that nobody reads.
  private static let ignored: Set<String> = ["managedFields", "ownerReferences", "status"]
  private static let nameLabel = "kubernetes.io/metadata.name"

  /// The places in a transformed object; the first `limit` of them.
  public static func find(in object: JSONValue, mapping: NamespaceMapping) -> [DanglingReference] {
    let names = mapping.names.keys.filter(mapping.changes).sorted()
    guard !names.isEmpty else { return [] }
    var search = Search(names: names)
    for member in object.object?.members ?? [] where !ignored.contains(member.key) {
      if member.key == "metadata" {
        search.visitMetadata(member.value)
      } else {
        search.visit(member.value, "/" + member.key, key: member.key)
      }
    }
    return Array(search.found.prefix(limit))
  }

  private struct Search {
    let names: [String]
    var found: [DanglingReference] = []

    /// Labels and annotations speak to programs too, but not the object's own place.
    mutating func visitMetadata(_ metadata: JSONValue) {
      for part in ["labels", "annotations"] {
        for member in metadata[part]?.object?.members ?? []
        where member.key != "kubectl.kubernetes.io/last-applied-configuration" {
          visit(member.value, "/metadata/\(part)/\(escaped(member.key))", key: "")
        }
      }
    }

    mutating func visit(_ value: JSONValue, _ path: String, key: String) {
      guard found.count < DanglingReferences.limit else { return }
      switch value {
      case .string(let text):
        if let name = names.first(where: { self.names(text, $0, key) }) {
          found.append(DanglingReference(path: path, text: text, namespace: name))
        }
      case .array(let elements):
        for (place, element) in elements.enumerated() {
          visit(element, "\(path)/\(place)", key: key)
        }
      case .object(let object):
        // A requirement of a selector says with one member what the others are about.
        let isAboutNames = object["key"]?.string == nameLabel
        // What an endpoint shows is written anew by those who wrote it before.
        for member in object.members where member.key != "targetRef" {
          let key = isAboutNames && member.key == "values" ? nameLabel : member.key
          visit(member.value, "\(path)/\(escaped(member.key))", key: key)
        }
      case .null, .bool, .number: break
      }
    }

    private func escaped(_ key: String) -> String {
      key.replacing("~", with: "~0").replacing("/", with: "~1")
    }

    private func names(_ text: String, _ namespace: String, _ key: String) -> Bool {
      guard holds(text, namespace) else { return false }
      if text == namespace {
        return ["namespace", "namespaces", "matchNames", nameLabel].contains(key)
      }
      return text == "system:serviceaccounts:\(namespace)"
        || text.hasPrefix("system:serviceaccount:\(namespace):")
        || holdsServiceName(text, namespace)
    }

    /// Whether a text holds a name anywhere, by their bytes: most texts hold none, and need no closer look.
    private func holds(_ text: String, _ name: String) -> Bool {
      var (text, name) = (text, name)
      return text.withUTF8 { bytes in
        name.withUTF8 { name in
          guard let first = name.first, bytes.count >= name.count else { return false }
          return (0...bytes.count - name.count).contains { start in
            bytes[start] == first && bytes[start..<start + name.count].elementsEqual(name)
          }
        }
      }
    }

    /// Whether a text holds `<service>.<namespace>.svc`, as a whole name.
    private func holdsServiceName(_ text: String, _ namespace: String) -> Bool {
      text.ranges(of: ".\(namespace).svc").contains { range in
        let before = text[..<range.lowerBound].last
        let after = text[range.upperBound...].first
        return before.map { $0.isLetter || $0.isNumber } == true
          && after.map { !($0.isLetter || $0.isNumber || $0 == "-") } != false
      }
    }
  }
}
