// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal
internal import Velero

/// The form, and what follows from a change of it.
extension FilterScreen {
  /// The form's name in clicks.
  static let formPane = "filter.form"

  /// The names of the locations, the one for new backups first chosen.
  func locations(_ world: World) -> [String] { (world.locations.value ?? []).map(\.name) }

  /// Gives the keys to the form.
  mutating func edit(_ context: inout UpdateContext) {
    pane = .form
    guard let inventory = context.world.inventory, labelsToken == nil,
      labelsChange != inventory.changeCount
    else { return }
    labelsChange = inventory.changeCount
    labelsToken = context.ask(.filter(.labels(inventory)))
  }

  /// Takes a key while the form has the keys.
  mutating func formTakes(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    switch form.edit({ $0.handle(event) }) {
    case .ignored: return false
    case .handled: return true
    case .cancelled, .submitted: pane = .result
    case .changed: changed(&context)
    }
    return true
  }

  /// Takes a key while the result has the keys.
  mutating func listTakes(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let size =
      pages.isList ? resultSize(context.world) : drawnSize(of: Self.textPane, context.world)
    switch pages.page {
    case .resources, .namespaces, .taken, .left:
      return pages.type(event, result, height: size.height, &context)
    case .remarks:
      guard case .key(let key) = event else { return false }
      return pages.remarks.handle(key, lines: remarkLines, size: size)
    case .text:
      guard case .key(let key) = event else { return false }
      return pages.text.handle(key, lines: textLines(width: size.width), size: size)
    }
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    switch target {
    case .row(pane: Self.formPane, let key) where mouse.kind == .press(.left):
      let isAgain = pane == .form && form.form.focused?.id == key
      edit(&context)
      guard isAgain else { return form.edit { $0.setFocus(key) } }
      if case .choice? = form.form.focused?.value, case .changed = form.form.handle(.key(.space)) {
        changed(&context)
      }
    case .row(pane: "\(Self.formPane).completions", let text) where mouse.kind == .press(.left):
      if case .changed = form.edit({ $0.accept(text) }) { changed(&context) }
    case .pane(Self.formPane), .row(pane: Self.formPane, _):
      if mouse.kind == .wheelUp { form.edit { $0.moveFocus(by: -1) } }
      if mouse.kind == .wheelDown { form.edit { $0.moveFocus(by: 1) } }
    case .pane(Self.textPane):
      let size = drawnSize(of: Self.textPane, context.world)
      if mouse.kind == .press(.left) { pane = .result }
      if pages.page == .remarks {
        pages.remarks.scroll(mouse, lines: remarkLines, size: size)
      } else {
        pages.text.scroll(mouse, lines: textLines(width: size.width), size: size)
      }
    default:
      if mouse.kind == .press(.left) { pane = .result }
      let height = resultSize(context.world).height
      if let scope = pages.click(mouse, on: target, height: height) {
        pages.open(scope, result, &context)
      }
    }
  }

  /// The user has changed the form.
  mutating func changed(_ context: inout UpdateContext) {
    isEdited = true
    follow(&context, isTyped: true)
    if let typed = form.form.focused?.typed, !typed.isEmpty {
      offer(context.world)
    } else {
      form.form.offer([])
    }
  }

  /// Offers what fits the field with the focus.
  mutating func offer(_ world: World) {
    guard let field = form.focus ?? form.hookFocus?.likeness, let focused = form.form.focused
    else { return }
    let completion = FieldCompletion(
      inventory: world.inventory,
      labels: labels,
      serverNamespace: world.preferences.serverNamespace
    )
    let typed = focused.typed
    let items = focused.items.map(\.trimmed)
    form.form.offer(
      completion.words(field, typed: typed, taken: typed.isEmpty ? items : items.dropLast())
    )
  }

  /// Reads the form again, and asks for what follows from it.
  mutating func follow(_ context: inout UpdateContext, isTyped: Bool) {
    let world = context.world
    reading = BackupReading(form, namespace: world.preferences.serverNamespace)
    if let place = takenPlace(reading.backup.name, form[.location], world) {
      reading.complain(place, .name)
    }
    if let locations = world.locations.value, !form[.location].isEmpty,
      !locations.contains(where: { $0.name == form[.location] })
    {
      reading.complain("the configuration names no location '\(form[.location])'", .location)
    }
    for place in form.form.fields.indices {
      let id = form.form.fields[place].id
      form.form.fields[place].error = reading.problem(of: id)
      if id == BackupField.timeToLive.rawValue { form.form.fields[place].help = expiryText(world) }
    }
    live.want(reading.isFilterSound ? reading.filter : nil, isEdited: isTyped, &context)
    guard line?.backup != reading.backup, lineQuestion?.backup != reading.backup else { return }
    context.forget(lineQuestion?.token)
    lineQuestion = nil
    guard reading.isFilterSound else { return }
    lineQuestion = (reading.backup, context.ask(.filter(.commandLine(reading.backup))))
  }

  /// Why a name cannot be had; nil when nothing is known against it.
  private func takenPlace(_ name: String, _ location: String, _ world: World) -> String? {
    let listing = world.backups[location]?.value
    if listing?.entries.contains(where: { $0.place.name == name }) == true {
      return "there is a backup of this name"
    }
    let isRunning = world.operations.running.contains { $0.kind == .backup && $0.subject == name }
    if isRunning || listing?.unrecorded.contains(name) == true {
      return "a backup of this name is being made, or was not finished"
    }
    return nil
  }

  /// A name that nothing has.
  func freshName(_ world: World) -> String {
    var time = world.now
    var name = TimedName.make("backup", at: time)
    while takenPlace(name, form[.location], world) != nil {
      time = time + GoDuration(seconds: 1)
      name = TimedName.make("backup", at: time)
    }
    return name
  }

  /// How long the backup is kept.
  var timeToLive: GoDuration {
    let time = reading.backup.spec.ttl
    return time.nanoseconds > 0 ? time : BackupOptions().defaultTimeToLive
  }

  /// When the backup would expire.
  func expiryText(_ world: World) -> String {
    let moment = world.now + timeToLive
    return "expires \(world.local(moment)), \(world.until(moment))"
  }
}

/// What is under the cursor, into the filter or out of it.
extension FilterScreen {
  /// An entry that stands for what is under the cursor.
  enum Entry: Sendable, Hashable {
    case type(String, isNamespaced: Bool)
    case namespace(String)
  }

  /// The type or namespace under the cursor; nil for an object, which a filter cannot name.
  var entryUnderCursor: Entry? {
    switch pages.page {
    case .resources: pages.resources.cursor.flatMap(entry(ofType:))
    case .namespaces: pages.namespaces.cursor.flatMap { $0.isEmpty ? nil : .namespace($0) }
    case .taken, .left, .remarks, .text: nil
    }
  }

  /// Whether what is under the cursor can go into the filter or out of it.
  var entryAvailability: Availability {
    if pages.page == .taken || pages.page == .left {
      return .disabled("a filter names types and namespaces: choose one in Resources or Namespaces")
    }
    return .when(entryUnderCursor != nil, "there is nothing under the cursor that a filter names")
  }

  private func entry(ofType name: String) -> Entry? {
    result?.preview.type(named: name).map {
      .type(name, isNamespaced: $0.rule.resource.isNamespaced)
    }
  }

  /// Leaves out what is under the cursor.
  ///
  /// A list that names nothing takes everything, so the last thing that is named stays.
  mutating func exclude(_ context: inout UpdateContext) {
    guard let entry = entryUnderCursor else { return }
    let (including, excluding, name) = lists(for: entry)
    var lists = ListedNames(included: form.items(including), excluded: form.items(excluding))
    let change = lists.exclude(name)
    guard change != .isLast else {
      return context.say(.warning, "\(change.text(of: name)); C starts anew")
    }
    form[including] = lists.included.joined(separator: ",")
    form[excluding] = lists.excluded.joined(separator: ",")
    context.say(.info, change.text(of: name))
    isEdited = true
    follow(&context, isTyped: true)
  }

  /// Takes what is under the cursor, and of its kind only what is named so.
  mutating func include(_ context: inout UpdateContext) {
    guard let entry = entryUnderCursor else { return }
    let (including, excluding, name) = lists(for: entry)
    var lists = ListedNames(included: form.items(including), excluded: form.items(excluding))
    lists.include(name)
    form[including] = lists.included.joined(separator: ",")
    form[excluding] = lists.excluded.joined(separator: ",")
    context.say(.info, "'\(name)' is named in the filter; the form shows how")
    isEdited = true
    follow(&context, isTyped: true)
  }

  private func lists(for entry: Entry) -> (BackupField, BackupField, String) {
    switch entry {
    case .namespace(let name): (.includedNamespaces, .excludedNamespaces, name)
    case .type(let name, let isNamespaced):
      if !form.isScoped {
        (.includedResources, .excludedResources, name)
      } else if isNamespaced {
        (.includedNamespaced, .excludedNamespaced, name)
      } else {
        (.includedCluster, .excludedCluster, name)
      }
    }
  }
}
