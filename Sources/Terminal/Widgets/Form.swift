// SPDX-License-Identifier: Apache-2.0

/// What a field of a form holds.
public enum FormValue: Hashable, Sendable {
  /// A line of text.
  case text(TextField)
  /// One of several.
  case choice([String], selected: Int)
  /// Yes or no.
  case toggle(Bool)
  /// Several texts, and the line in which the next one is typed.
  case list([String], TextField)
}

/// A field of a form.
public struct FormField: Hashable, Sendable {
  /// What it is known by.
  public var id: String
  /// What stands before it.
  public var label: String
  /// What it holds.
  public var value: FormValue
  /// What it is for; shown while it has the focus.
  public var help: String
  /// What is wrong with what it holds; nil when nothing is.
  public var error: String?
  /// Whether it cannot be changed.
  public var isReadOnly: Bool
  /// Whether a list takes an item that it holds already.
  public var takesRepeats = false

  /// Makes a field.
  public init(
    _ id: String,
    label: String,
    value: FormValue,
    help: String = "",
    error: String? = nil,
    isReadOnly: Bool = false
  ) {
    self.id = id
    self.label = label
    self.value = value
    self.help = help
    self.error = error
    self.isReadOnly = isReadOnly
  }

  /// What it holds as one text: the line, the choice, `true` or `false`, or the items with commas between them.
  ///
  /// Of a list, what is being typed counts as its last item.
  public var text: String {
    switch value {
    case .text(let field): field.text
    case .choice(let options, let selected):
      options.indices.contains(selected) ? options[selected] : ""
    case .toggle(let isOn): isOn ? "true" : "false"
    case .list: items.joined(separator: ",")
    }
  }

  /// The items of a list, what is being typed as the last; of another field its text alone.
  public var items: [String] {
    guard case .list(let items, let field) = value else { return [text] }
    return field.isEmpty ? items : items + [field.text]
  }

  /// Whether it is a toggle that is on.
  public var isOn: Bool { value == .toggle(true) }

  /// What is being typed: what completions are looked up for.
  public var typed: String {
    switch value {
    case .text(let field), .list(_, let field): field.text
    case .choice, .toggle: ""
    }
  }
}

/// What became of an event that was given to a form.
public enum FormResult: Hashable, Sendable {
  /// The event means nothing here.
  case ignored
  /// The focus moved, or the cursor in a field.
  case handled
  /// The field of that identifier holds something else now.
  case changed(String)
  /// Enter was pressed in the field of that identifier, and meant nothing to it.
  case submitted(String)
  /// Escape was pressed.
  case cancelled
}

/// Fields with labels, one of which has the focus.
public struct Form: Hashable, Sendable {
  /// The most completions that are kept.
  public static let completionLimit = 200

  /// From top to bottom.
  public var fields: [FormField]
  /// The number of the field with the focus.
  public private(set) var focus = 0
  /// What the field with the focus could hold: shown below it.
  ///
  /// Whoever owns the form looks them up after each change.
  public private(set) var completions: [String] = []
  /// The number of the chosen completion; nil for none yet.
  public private(set) var completion: Int?

  /// Makes a form with the focus on its first field.
  public init(_ fields: [FormField]) { self.fields = fields }

  /// The field with the focus.
  public var focused: FormField? { fields.indices.contains(focus) ? fields[focus] : nil }

  /// The field of an identifier.
  public subscript(id: String) -> FormField? {
    get { fields.first { $0.id == id } }
    set {
      guard let index = fields.firstIndex(where: { $0.id == id }), let newValue else { return }
      fields[index] = newValue
    }
  }

  /// Whether no field is wrong.
  public var isValid: Bool { fields.allSatisfy { $0.error == nil } }

  /// Offers completions for the field with the focus.
  public mutating func offer(_ completions: [String]) {
    self.completions = Array(completions.prefix(Self.completionLimit))
    completion = nil
  }

  /// Moves the focus, round the ends.
  public mutating func moveFocus(by step: Int) {
    guard !fields.isEmpty else { return }
    commit()
    focus = ((focus + step) % fields.count + fields.count) % fields.count
    offer([])
  }

  /// Puts the focus on a field.
  public mutating func setFocus(_ id: String) {
    guard let index = fields.firstIndex(where: { $0.id == id }) else { return }
    moveFocus(by: index - focus)
  }

  /// Handles a key or a paste.
  ///
  /// Tab, Shift-Tab and the arrows up and down move the focus; with completions shown the arrows choose one, Tab or Enter
  /// takes it, Escape hides them. The space bar and the arrows to the sides change choices and toggles. In a list, Enter
  /// or a comma ends an item, and Backspace in an empty line takes the last one away.
  public mutating func handle(_ event: InputEvent) -> FormResult {
    guard fields.indices.contains(focus) else { return .ignored }
    if case .key(let key) = event, let result = handleCompletion(key) ?? handleMove(key) {
      return result
    }
    let id = fields[focus].id
    guard !fields[focus].isReadOnly else {
      return event == .key(.enter) ? .submitted(id) : .ignored
    }
    switch fields[focus].value {
    case .text(let field): return edit(field, event) { .text($0) }
    case .list(let items, let field): return edit(items, field, event)
    case .choice(let options, let selected):
      return choose(options, selected, event)
    case .toggle(let isOn):
      guard [.key(.space), .key(.left), .key(.right)].contains(event) else {
        return event == .key(.enter) ? .submitted(id) : .ignored
      }
      fields[focus].value = .toggle(!isOn)
      return .changed(id)
    }
  }

  private mutating func handleCompletion(_ key: Key) -> FormResult? {
    guard !completions.isEmpty else { return nil }
    switch key {
    case .down: completion = min((completion ?? -1) + 1, completions.count - 1)
    case .up: completion = completion.flatMap { $0 > 0 ? $0 - 1 : nil }
    case .escape: offer([])
    case .tab: return accept(completions[completion ?? 0])
    case .enter:
      guard let completion else { return nil }
      return accept(completions[completion])
    default: return nil
    }
    return .handled
  }

  private mutating func handleMove(_ key: Key) -> FormResult? {
    switch key {
    case .tab, .down: moveFocus(by: 1)
    case .backTab, .up: moveFocus(by: -1)
    case .escape: return .cancelled
    default: return nil
    }
    return .handled
  }

  /// Puts a completion into the field with the focus; into a list, as an item.
  public mutating func accept(_ text: String) -> FormResult {
    guard fields.indices.contains(focus) else { return .ignored }
    offer([])
    switch fields[focus].value {
    case .text(var field):
      field.set(text)
      fields[focus].value = .text(field)
    case .list(let items, var field):
      field.set("")
      fields[focus].value = .list(items.contains(text) ? items : items + [text], field)
    case .choice(let options, _):
      guard let index = options.firstIndex(of: text) else { return .ignored }
      fields[focus].value = .choice(options, selected: index)
    case .toggle: return .ignored
    }
    return .changed(fields[focus].id)
  }

  private mutating func edit(
    _ field: TextField,
    _ event: InputEvent,
    _ value: (TextField) -> FormValue
  ) -> FormResult {
    var field = field
    let result = field.handle(event)
    fields[focus].value = value(field)
    switch result {
    case .ignored: return .ignored
    case .handled: return .handled
    case .changed: return .changed(fields[focus].id)
    case .submitted: return .submitted(fields[focus].id)
    case .cancelled: return .cancelled
    }
  }

  private mutating func edit(
    _ items: [String],
    _ field: TextField,
    _ event: InputEvent
  ) -> FormResult {
    let id = fields[focus].id
    switch event {
    case .key(.enter) where !field.isEmpty, .key(Key(",")) where !field.isEmpty:
      commit()
      offer([])
      return .changed(id)
    case .key(Key(",")): return .handled
    case .key(.backspace) where field.isEmpty && !items.isEmpty:
      fields[focus].value = .list(items.dropLast(), field)
      return .changed(id)
    case .paste(let text):
      let parts = text.split { $0 == "," || $0.isWhitespace }.map { TextWidth.clean(String($0)) }
      guard parts.count > 1 else { break }
      let repeats = fields[focus].takesRepeats
      fields[focus].value = .list(items + parts.filter { repeats || !items.contains($0) }, field)
      return .changed(id)
    default: break
    }
    return edit(field, event) { .list(items, $0) }
  }

  /// Makes what is being typed in a list one of its items.
  private mutating func commit() {
    guard fields.indices.contains(focus), case .list(let items, var field) = fields[focus].value,
      !field.isEmpty
    else { return }
    let item = field.text
    let isNew = fields[focus].takesRepeats || !items.contains(item)
    field.set("")
    fields[focus].value = .list(isNew ? items + [item] : items, field)
  }

  private mutating func choose(
    _ options: [String],
    _ selected: Int,
    _ event: InputEvent
  ) -> FormResult {
    guard case .key(let key) = event, !options.isEmpty else { return .ignored }
    let next: Int
    switch key {
    case .space, .right: next = (selected + 1) % options.count
    case .left: next = (selected - 1 + options.count) % options.count
    case .enter: return .submitted(fields[focus].id)
    default:
      guard let letter = key.character?.lowercased() else { return .ignored }
      let order = (1...options.count).map { (selected + $0) % options.count }
      guard let found = order.first(where: { options[$0].lowercased().hasPrefix(letter) }) else {
        return .ignored
      }
      next = found
    }
    fields[focus].value = .choice(options, selected: next)
    return .changed(fields[focus].id)
  }
}
