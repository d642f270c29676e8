// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal
internal import Velero

/// A field of the form for one hook of a backup.
enum HookField: String, Sendable, Hashable, CaseIterable {
  case when
  case includedNamespaces, excludedNamespaces, includedResources, excludedResources, labelSelector
  case container, command, onError, timeout

  /// What Velero takes for `onError`.
  private static let reactions = ["Continue", "Fail"]
  private static let before = "before"
  private static let after = "after"

  /// What stands before it, below the hook's name.
  private var label: String {
    switch self {
    case .when: ""
    case .includedNamespaces: "    namespaces"
    case .excludedNamespaces, .excludedResources: "      except"
    case .includedResources: "    resources"
    case .labelSelector: "    labels"
    case .container: "    container"
    case .command: "    command"
    case .onError: "    on error"
    case .timeout: "    timeout"
    }
  }

  /// What it is called where it does not stand in the form.
  var title: String {
    switch self {
    case .when: "when"
    case .excludedNamespaces: "namespaces, except"
    case .excludedResources: "resources, except"
    case .includedNamespaces, .includedResources, .labelSelector, .container, .command, .onError,
      .timeout:
      String(label.drop { $0 == " " })
    }
  }

  private var help: String {
    switch self {
    case .when: "before or after a pod is backed up"
    case .includedNamespaces: "of the pods; * matches, all when empty"
    case .excludedNamespaces: "pods there have no hook"
    case .includedResources: "only pods have hooks; all when empty"
    case .excludedResources: "with pods here nothing is run"
    case .labelSelector: "of the pods: app=db,tier in (a,b)"
    case .container: "where it is run; the first when empty"
    case .command: "words or a JSON array; no shell reads it"
    case .onError: "Fail leaves the pod out; else it goes on"
    case .timeout: "30s when empty"
    }
  }

  private var placeholder: String {
    switch self {
    case .includedNamespaces, .includedResources: "all"
    case .excludedNamespaces, .excludedResources: "none"
    case .labelSelector: "any"
    case .container: "the first"
    case .timeout: "30s"
    case .when, .command, .onError: ""
    }
  }

  /// The field of a backup that takes the same words.
  var likeness: BackupField? {
    switch self {
    case .includedNamespaces, .excludedNamespaces: .includedNamespaces
    case .includedResources, .excludedResources: .includedNamespaced
    case .labelSelector: .selector
    case .when, .container, .command, .onError, .timeout: nil
    }
  }

  /// The field with what a hook says; it cannot be changed where no line can hold that.
  func field(of hook: BackupHook, id: String) -> FormField {
    let value = value(of: hook)
    var field = FormField(id, label: label, value: value, help: help)
    if case .text = value { field.isReadOnly = !TextField.holds(text(of: hook)) }
    return field
  }

  private func value(of hook: BackupHook) -> FormValue {
    switch self {
    case .when: return .choice([Self.before, Self.after], selected: hook.isAfter ? 1 : 0)
    case .includedNamespaces, .excludedNamespaces, .includedResources, .excludedResources:
      let items = hook.entry[rawValue]?.array?.compactMap(\.string) ?? []
      return .list(items, TextField(placeholder: placeholder))
    case .onError:
      let word = text(of: hook)
      let known = [BackupField.unsaid] + Self.reactions
      let words = word.isEmpty || known.contains(word) ? known : known + [word]
      return .choice(words, selected: words.firstIndex(of: word) ?? 0)
    case .labelSelector, .container, .command, .timeout:
      return .text(TextField(text(of: hook), placeholder: placeholder))
    }
  }

  /// What a hook says in a field that is a text; of a value that the field does not take, its JSON.
  private func text(of hook: BackupHook) -> String {
    switch self {
    case .labelSelector:
      let value = hook.entry[rawValue]
      guard let value, value.object != nil, let selector = try? LabelSelector(json: value) else {
        return Self.shown(value)
      }
      return selector.description
    case .command:
      let value = hook[exec: rawValue]
      return value?.texts.map(HookCommand.line) ?? Self.shown(value)
    case .timeout:
      let value = hook[exec: rawValue]
      guard let time = value?.string.flatMap({ GoDuration($0) }) else { return Self.shown(value) }
      return time.nanoseconds == 0 ? "" : HumanText.duration(time)
    case .container, .onError: return Self.shown(hook[exec: rawValue])
    case .when, .includedNamespaces, .excludedNamespaces, .includedResources, .excludedResources:
      return ""
    }
  }

  /// What a value is, whatever it is.
  private static func shown(_ value: JSONValue?) -> String {
    switch value {
    case nil, .null?: ""
    case .string(let text)?: text
    case let value?: value.text()
    }
  }
}

/// Reading.
extension HookField {
  /// Puts what a field holds into a hook; a field that was not changed leaves the hook as it is.
  ///
  /// - Throws: What is wrong with what was typed.
  func read(_ field: FormField, into hook: inout BackupHook) throws(HookProblem) {
    guard !field.isReadOnly, field.items != self.field(of: hook, id: field.id).items else { return }
    let text = field.text.trimmed
    switch self {
    case .when:
      hook.isAfter = text == Self.after
      if hook.action == nil { hook.action = ["exec": [:]] }
    case .includedNamespaces, .excludedNamespaces, .includedResources, .excludedResources:
      let items = field.items.map(\.trimmed).filter { !$0.isEmpty }
      hook.entry[rawValue] = items.isEmpty ? nil : .array(items.map { .string($0) })
    case .labelSelector:
      hook.entry[rawValue] = try Self.selector(text)
    case .container: hook[exec: rawValue] = text.isEmpty ? nil : .string(text)
    case .command:
      let words = try HookCommand.words(field.text)
      hook[exec: rawValue] = words.isEmpty ? nil : .array(words.map { .string($0) })
    case .onError: hook[exec: rawValue] = text == BackupField.unsaid ? nil : .string(text)
    case .timeout:
      guard !text.isEmpty else { return hook[exec: rawValue] = nil }
      guard let time = GoDuration(text) else { throw Self.noTime }
      hook[exec: rawValue] = .string("\(time)")
    }
  }

  private static let noTime = HookProblem(text: "write a length of time, such as 30s")

  private static func selector(_ text: String) throws(HookProblem) -> JSONValue? {
    guard !text.isEmpty else { return nil }
    do {
      return try LabelSelector(parsing: text).json
    } catch {
      throw HookProblem(text: error.message)
    }
  }

  /// What is wrong with what a hook says.
  func problem(in hook: BackupHook) -> String? {
    switch self {
    case .when, .includedNamespaces, .excludedNamespaces, .includedResources, .excludedResources,
      .container:
      return nil
    case .labelSelector:
      do {
        _ = try hook.entry[rawValue].map { value throws(VeleroError) in
          try LabelSelector(json: value)
        }
        return nil
      } catch {
        return error.message
      }
    case .command:
      return hook[exec: rawValue]?.texts?.isEmpty == false ? nil : "a hook needs a command"
    case .onError:
      let word = Self.shown(hook[exec: rawValue])
      return word.isEmpty || Self.reactions.contains(word) ? nil : "Velero knows Continue and Fail"
    case .timeout:
      let text = Self.shown(hook[exec: rawValue])
      return text.isEmpty || GoDuration(text) != nil ? nil : Self.noTime.text
    }
  }
}

/// A field of one of the form's hooks.
struct HookPlace: Sendable, Hashable {
  /// The number of the hook, from 0 on.
  var number: Int
  /// Which of its fields.
  var field: HookField

  /// Names a field.
  init(_ number: Int, _ field: HookField) { (self.number, self.field) = (number, field) }

  /// Reads the name of a field of a form: `hook.2.command`.
  init?(id: String) {
    let parts = id.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "hook", let number = Int(parts[1]),
      let field = HookField(rawValue: String(parts[2]))
    else { return nil }
    self.init(number, field)
  }

  /// Its name in the form and in clicks.
  var id: String { "hook.\(number).\(field.rawValue)" }
}
