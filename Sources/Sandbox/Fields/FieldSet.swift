// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The fields that a manager owns, in the form of `fieldsV1`.
///
/// A node is a member when the manager owns that very field (`.` in the document, or a leaf). Names of children
/// are `f:` and a member's name, `k:` and the keys of a list's element, or `v:` and the element of a set.
/// Source: "Server-Side Apply" and FieldsV1 in the Kubernetes documentation.
struct FieldSet: Sendable, Equatable {
  var isMember = false
  var children: [String: FieldSet] = [:]

  static let leaf = FieldSet(isMember: true)

  init(isMember: Bool = false, children: [String: FieldSet] = [:]) {
    self.isMember = isMember
    self.children = children
  }

  /// Reads `fieldsV1`.
  init(_ document: JSONValue) {
    guard let members = document.object?.members, !members.isEmpty else {
      isMember = true
      return
    }
    for member in members {
      if member.key == "." {
        isMember = true
      } else {
        children[member.key] = FieldSet(member.value)
      }
    }
  }

  var isEmpty: Bool { !isMember && children.isEmpty }

  /// The form of `fieldsV1`, members sorted.
  var document: JSONValue {
    var members: [JSONObject.Member] = []
    if isMember, !children.isEmpty { members.append(.init(key: ".", value: [:])) }
    for key in children.keys.sorted() {
      members.append(.init(key: key, value: children[key]?.document ?? [:]))
    }
    return .object(JSONObject(members))
  }

  func union(_ other: FieldSet) -> FieldSet {
    FieldSet(
      isMember: isMember || other.isMember,
      children: children.merging(other.children) { $0.union($1) }
    )
  }

  /// Without the members of the other set.
  func subtracting(_ other: FieldSet) -> FieldSet {
    FieldSet(
      isMember: isMember && !other.isMember,
      children: prune { $1.subtracting(other.children[$0] ?? FieldSet()) }
    )
  }

  /// Without the members of the other set and everything below them.
  func subtractingSubtrees(_ other: FieldSet) -> FieldSet {
    if other.isMember { return FieldSet() }
    return FieldSet(
      isMember: isMember,
      children: prune { $1.subtractingSubtrees(other.children[$0] ?? FieldSet()) }
    )
  }

  func intersection(_ other: FieldSet) -> FieldSet {
    FieldSet(
      isMember: isMember && other.isMember,
      children: prune { $1.intersection(other.children[$0] ?? FieldSet()) }
    )
  }

  /// The paths of all members, each a list of names of children.
  var paths: [[String]] {
    var found: [[String]] = isMember ? [[]] : []
    for key in children.keys.sorted() {
      found += (children[key]?.paths ?? []).map { [key] + $0 }
    }
    return found
  }

  private func prune(_ change: (String, FieldSet) -> FieldSet) -> [String: FieldSet] {
    var result: [String: FieldSet] = [:]
    for (key, child) in children {
      let changed = change(key, child)
      if !changed.isEmpty { result[key] = changed }
    }
    return result
  }

  /// A path as conflicts name it: `.spec.containers[name="c"].image`.
  static func text(_ path: [String]) -> String {
    path.map { step in
      let rest = String(step.dropFirst(2))
      switch step.prefix(2) {
      case "k:":
        let keys = (try? JSONValue(parsing: rest))?.object?.members ?? []
        return "[" + keys.map { "\($0.key)=\($0.value.text())" }.joined(separator: ",") + "]"
      case "v:": return "[=\(rest)]"
      default: return "." + rest
      }
    }.joined()
  }
}
