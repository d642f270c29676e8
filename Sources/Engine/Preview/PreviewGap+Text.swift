// SPDX-License-Identifier: Apache-2.0

extension PreviewGap {
  /// What is not known, in few lines: many types are mostly refused for one reason.
  ///
  /// - Parameter gaps: What is not known.
  /// - Returns: `secrets, pods in shop: the server forbids it`; of any length.
  public static func lines(_ gaps: [PreviewGap]) -> [String] {
    var keys: [Key] = []
    var types: [Key: [String]] = [:]
    for gap in gaps {
      let key = Key(subject: gap.subject, namespaces: gap.namespaces, reason: gap.generalReason)
      if types[key] == nil { keys.append(key) }
      types[key, default: []].append(gap.type)
    }
    return keys.map { "\(subject($0, types[$0] ?? [])): \($0.reason)" }
  }

  private struct Key: Hashable {
    var subject: PreviewGap.Subject
    var namespaces: [String]?
    var reason: String
  }

  /// The reason without the name of the type, where the server has put that in, so that types go together.
  private var generalReason: String {
    reason.contains("forbidden") ? "the server forbids it" : reason
  }

  private static func subject(_ key: Key, _ types: [String]) -> String {
    let names = types.joined(separator: ", ")
    let place = key.namespaces.map { " in \($0.joined(separator: ", "))" } ?? ""
    return switch key.subject {
    case .objects: names + place
    case .relations: "what \(names)\(place) need"
    case .members: "what of \(names)\(place) belongs to the workloads and releases"
    case .group: "the types of \(names)"
    case .namespaces: "which namespaces there are"
    }
  }
}
