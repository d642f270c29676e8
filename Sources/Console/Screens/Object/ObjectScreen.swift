// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

/// One object of the cluster: its YAML as it is now, its relations, and the backups that hold it.
struct ObjectScreen: ConsoleScreen {
  let kind = ScreenKind.object
  static let actions: [Action] =
    [
      Action("object.open", "open", "Show the object or the backup of the row", keys: ["enter"]),
      Action("object.view", "view", "Next view: YAML, relations, backups", keys: ["tab", "w"]),
      Action("object.reveal", "values", "Show the values of a Secret, or hide them", keys: ["x"]),
      Action("object.backup", "backup", "Begin a filter with this object", keys: ["b"]),
      Action("object.find", "search", "Look for a text", keys: ["/"]),
      Action("object.next", "next", "The next place that holds the text", keys: ["n"]),
      Action("object.previous", "previous", "The place before that holds the text", keys: ["N"]),
      Action(
        "object.managed",
        "managed fields",
        "Show who manages which fields, or not",
        keys: ["m"]
      ),
      Action("object.wrap", "wrap", "Break long lines, or not", keys: ["W"]),
      Action("object.copy", "copy name", "Copy the object's name", keys: ["y"]),
      Action("object.copy-yaml", "copy YAML", "Copy the YAML as it is shown", keys: ["Y"]),
      Action("object.yaml", "YAML", "Show the YAML"),
      Action("object.relations", "relations", "Show owners and what belongs to it"),
      Action("object.backups", "backups", "Show which backups hold it"),
    ]

  /// Which object it is.
  let address: ObjectAddress
  var view = ObjectView.yaml
  var object = Loadable<JSONValue>()
  var text = ObjectText()
  var textView = TextView(hasLineNumbers: false)
  var search = TextField(placeholder: "search")
  var isSearching = false
  var revealsSecrets = false
  var showsManagedFields = false
  var reading: Token?
  /// What has been read of who owns it; nil before the first answer.
  var ownership: Ownership?
  var followingOwners: Token?
  var tree = Loadable<RelationTree>()
  var readingTree: Token?
  var relations = ListPane<RelationRow.ID>("relations") { $0.key }
  var rows = RelationRows()
  var holders = Loadable<HolderReading>()
  var findingHolders: Token?
  var backups = ListPane<BackupPlace>("holders") { "\($0.location)/\($0.name)" }
  /// The version that the inventory has, to see when the object changes.
  var knownVersion: String?
  /// Whether the inventory has it no more.
  var isGone = false

  init(_ address: ObjectAddress) { self.address = address }

  func crumb(_ world: World) -> String { "\(address.type) \(address.path)" }

  func status(_ world: World) -> String {
    guard let readAt = object.readAt else { return "" }
    return isGone ? "gone" : "read \(world.ago(readAt))"
  }

  var isCapturingText: Bool { isSearching }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "object.open":
      switch view {
      case .yaml: return .disabled("there is nothing to open in YAML")
      case .relations: return .when(relations.cursor?.address != nil, "choose an object")
      case .backups: return .when(backups.cursor != nil, "no backup holds it")
      }
    case "object.reveal": return .when(text.isSecret, "nothing is hidden")
    case "object.find", "object.wrap", "object.managed":
      return .when(view == .yaml && object.value != nil, "that is for the YAML")
    case "object.next", "object.previous":
      return .when(view == .yaml && !textView.query.isEmpty, "search for something first")
    case "object.copy-yaml": return .when(object.value != nil, "it has not been read")
    default: return .enabled
    }
  }

  mutating func enter(_ context: inout UpdateContext) {
    noteVersion(context.world)
    if object.value == nil, reading == nil { read(&context) }
    begin(view, &context)
  }

  mutating func reload(_ context: inout UpdateContext) {
    for token in [reading, readingTree, findingHolders] { context.forget(token) }
    (readingTree, findingHolders) = (nil, nil)
    read(&context)
    reread(&context)
  }

  mutating func leave(_ context: inout UpdateContext) {
    for token in [reading, followingOwners, readingTree, findingHolders] { context.forget(token) }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "object.open": open(&context)
    case "object.view": begin(view.next, &context)
    case "object.yaml": begin(.yaml, &context)
    case "object.relations": begin(.relations, &context)
    case "object.backups": begin(.backups, &context)
    case "object.reveal":
      revealsSecrets.toggle()
      layText()
    case "object.managed":
      showsManagedFields.toggle()
      layText()
    case "object.wrap": textView.isWrapped.toggle()
    case "object.backup":
      let isNamespace = address.type == "namespaces"
      context.open(.filter(isNamespace ? .namespaces([address.name]) : .objects([address])))
    case "object.find":
      isSearching = true
      search.set("")
    case "object.next", "object.previous":
      textView.nextMatch(
        isBackward: action == "object.previous",
        lines: text.lines,
        size: textSize(context.world)
      )
    case "object.copy": context.copy(address.name, what: "the name '\(address.name)'")
    case "object.copy-yaml":
      context.copy(
        text.text,
        what: text.isSecret && !revealsSecrets ? "the YAML, values hidden" : "the YAML"
      )
    default: break
    }
  }

  private func open(_ context: inout UpdateContext) {
    switch view {
    case .yaml: break
    case .relations: if let address = relations.cursor?.address { context.open(.object(address)) }
    case .backups: if let place = backups.cursor { context.open(.backup(place)) }
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    if isSearching { return searches(event, context.world) }
    let world = context.world
    switch view {
    case .yaml:
      guard case .key(let key) = event else { return false }
      return textView.handle(key, lines: text.lines, size: textSize(world))
    case .relations:
      return relations.type(event, height: rowCount(of: relations.name, world))
    case .backups:
      let height = rowCount(of: backups.name, world)
      return type(event, into: \.backups, Self.columns, height: height, world)
    }
  }

  private mutating func searches(_ event: InputEvent, _ world: World) -> Bool {
    switch search.handle(event) {
    case .ignored: return false
    case .handled: return true
    case .changed: textView.search(search.text, lines: text.lines, size: textSize(world))
    case .submitted: isSearching = false
    case .cancelled:
      isSearching = false
      textView.search("", lines: text.lines, size: textSize(world))
    }
    return true
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    guard view == .yaml, !textView.query.isEmpty else { return false }
    textView.search("", lines: text.lines, size: textSize(context.world))
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let world = context.world
    switch view {
    case .yaml: textView.scroll(mouse, lines: text.lines, size: textSize(world))
    case .relations:
      let height = rowCount(of: relations.name, world)
      if relations.click(mouse, on: target, height: height) != nil { open(&context) }
    case .backups:
      let height = rowCount(of: backups.name, world)
      if backups.click(mouse, on: target, height: height) != nil { open(&context) }
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .cluster(.inventory, _):
      // The text follows the object; a reading that is under way shows the change or is repeated.
      if !context.world.isPaused, noteVersion(context.world), reading == nil { read(&context) }
    case .answer(let answer, let token): take(answer, token, &context)
    default: break
    }
  }
}
