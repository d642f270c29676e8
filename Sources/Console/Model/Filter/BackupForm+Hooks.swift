// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The hooks: their names are a list, and below it stand the fields of each.
extension BackupForm {
  private static let fieldCount = HookField.allCases.count
  /// The most columns of a hook's name before its fields; with them no label is wider than those of other fields.
  private static let titleColumns = 14

  /// The names, with what is being typed as the last.
  var hookNames: [String] { form[BackupField.hooks.rawValue]?.items ?? [] }

  /// The place of the first field of the first hook.
  private var hookStart: Int {
    (form.fields.firstIndex { $0.id == BackupField.hooks.rawValue } ?? form.fields.count - 1) + 1
  }

  /// The field with the focus, if it is one of a hook's.
  var hookFocus: HookField? { form.focused.flatMap { HookPlace(id: $0.id)?.field } }

  /// Changes the form, which grows and shrinks with the list of hooks.
  mutating func edit<Result>(_ change: (inout Form) -> Result) -> Result {
    defer { followHooks() }
    return change(&form)
  }

  /// Shows the hooks of a spec in place of those that are shown.
  mutating func fill(hooks: [BackupHook]) {
    guard var list = form[BackupField.hooks.rawValue] else { return }
    setHooks([])
    list.value = .list(hooks.map(\.name), TextField())
    form[BackupField.hooks.rawValue] = list
    setHooks(hooks)
    followHooks()
  }

  /// Makes the fields of hooks fit the list of names, whose last ones come and go.
  mutating func followHooks() {
    let names = hookNames
    if names.count != hooks.count {
      let more = max(0, names.count - hooks.count)
      setHooks(hooks.prefix(names.count) + (0..<more).map { _ in BackupHook() })
    }
    let start = hookStart
    for (number, name) in names.enumerated() {
      form.fields[start + number * Self.fieldCount].label =
        "  " + TextWidth.cut(name, to: Self.titleColumns)
    }
  }

  /// Keeps hooks with the fields of those that stay, from the first one on.
  private mutating func setHooks(_ hooks: some Sequence<BackupHook>) {
    let hooks = Array(hooks)
    let start = hookStart
    let kept = min(hooks.count, self.hooks.count)
    let fields = (kept..<hooks.count).flatMap { number in
      HookField.allCases.map {
        $0.field(of: hooks[number], id: HookPlace(number, $0).id)
      }
    }
    let end = start + self.hooks.count * Self.fieldCount
    form.fields.replaceSubrange(start + kept * Self.fieldCount..<end, with: fields)
    self.hooks = hooks
  }

  /// The hooks as the fields have them.
  ///
  /// - Parameter complain: Takes what is wrong with a field.
  /// - Returns: The hooks; where something is wrong, with what was there before.
  func readHooks(_ complain: (HookPlace, String) -> Void) -> [BackupHook] {
    let start = hookStart
    return zip(hookNames, hooks).enumerated().map { number, pair in
      var hook = pair.1
      if hook.place == nil { hook.name = pair.0.trimmed }
      for (offset, field) in HookField.allCases.enumerated() {
        let place = HookPlace(number, field)
        do throws(HookProblem) {
          try field.read(form.fields[start + number * Self.fieldCount + offset], into: &hook)
          if let problem = field.problem(in: hook) { complain(place, problem) }
        } catch {
          complain(place, error.text)
        }
      }
      return hook
    }
  }
}
