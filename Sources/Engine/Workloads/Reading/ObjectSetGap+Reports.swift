// SPDX-License-Identifier: Apache-2.0

extension ObjectSet.Gap {
  fileprivate func message(of title: String) -> String {
    let shown = types.prefix(4).joined(separator: ", ")
    let rest = types.count - 4
    let words = rest > 0 ? "\(shown) and \(rest) other types" : shown
    let place = namespace.map { " in the namespace '\($0)'" } ?? ""
    return "what of \(words)\(place) belongs to \(title) is not known and may be missing"
  }
}

extension SelectionRemark {
  /// Something that could not be read, so that objects may be missing from a set.
  init(_ gap: ObjectSet.Gap, of title: String) {
    self.init(
      gap.isLikely ? .error : .warning,
      gap.message(of: title) + ": " + gap.reason,
      hint: "the permission to list them would help"
    )
  }
}

extension Issue {
  /// The same as an issue of a run.
  init(_ gap: ObjectSet.Gap, of title: String) {
    self.init(
      gap.isLikely ? .error : .warning,
      gap.message(of: title),
      subject: Subject(
        resource: gap.types.count == 1 ? gap.types.first : nil,
        namespace: gap.namespace
      ),
      cause: gap.reason,
      hint: "the permission to list them would help"
    )
  }
}
