// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// What a preview does not know, in few lines: many types are mostly refused for one reason.
struct GapText {
  /// What is not known.
  let gaps: [PreviewGap]

  /// The lines, each with its end; empty when all is known.
  func text(columns: Int) -> String {
    guard !gaps.isEmpty else { return "" }
    var keys: [Key] = []
    var types: [Key: [String]] = [:]
    for gap in gaps {
      let key = Key(subject: gap.subject, namespaces: gap.namespaces, reason: general(gap))
      if types[key] == nil { keys.append(key) }
      types[key, default: []].append(gap.type)
    }
    let lines = keys.map { key in
      "  "
        + TextWrapping.lines(
          "\(subject(key, types[key] ?? [])): \(key.reason)",
          columns: columns - 4
        )
        .joined(separator: "\n    ") + "\n"
    }
    return "Not known\n" + lines.joined()
  }

  private struct Key: Hashable {
    var subject: PreviewGap.Subject
    var namespaces: [String]?
    var reason: String
  }

  /// The reason without the name of the type, where the server has put that in, so that types go together.
  private func general(_ gap: PreviewGap) -> String {
    guard gap.reason.contains("forbidden") else { return gap.reason }
    return "the server forbids it"
  }

  private func subject(_ key: Key, _ types: [String]) -> String {
    let names = types.joined(separator: ", ")
    let place = key.namespaces.map { " in \($0.joined(separator: ", "))" } ?? ""
    switch key.subject {
    case .objects: return names + place
    case .relations: return "what \(names)\(place) need"
    case .members: return "what of \(names)\(place) belongs to the workloads and releases"
    case .group: return "the types of \(names)"
    case .namespaces: return "which namespaces there are"
    }
  }
}
