// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

extension BackupReading {
  /// Takes the hooks over into a spec, and beside them what the form's own spec says about hooks that nobody knows here.
  mutating func readHooks(_ form: BackupForm, _ spec: inout BackupSpec) {
    var problems: [HookPlace: String] = [:]
    let hooks = form.readHooks { problems[$0] = $1 }
    hookProblems = problems
    if hooks.contains(where: { $0.place == nil && $0.name.isEmpty }) {
      complain("a hook needs a name", .hooks)
    }
    let entries = BackupHook.entries(hooks)
    var member = form.base.json["hooks"] ?? [:]
    member["resources"] = entries.isEmpty ? nil : .array(entries)
    spec.json["hooks"] = member.object?.isEmpty == false ? member : JSONValue?.none
  }

  /// What is wrong with a field of the form.
  func problem(of id: String) -> String? {
    if let field = BackupField(rawValue: id) { return problems[field] }
    return HookPlace(id: id).flatMap { hookProblems[$0] }
  }

  /// The first thing that is wrong, in the order of the form: `Keep for: write a length of time`.
  var firstProblem: String? {
    for field in BackupField.allCases {
      guard let problem = problems[field] else { continue }
      return "\(field.label.trimmed): \(problem)"
    }
    let first = hookProblems.min { left, right in
      (left.key.number, left.key.order) < (right.key.number, right.key.order)
    }
    return first.map { "hook \($0.key.number + 1), \($0.key.field.title): \($0.value)" }
  }
}

extension HookPlace {
  fileprivate var order: Int { HookField.allCases.firstIndex(of: field) ?? 0 }
}
