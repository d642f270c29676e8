// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// An object as a backup has it, and the way to its older and newer states in other backups.
struct ArchivedObjectScreen: ConsoleScreen {
  /// What is being looked for.
  private enum Wanted: Sendable, Hashable {
    case this, older, newer
  }

  let kind = ScreenKind.archived
  private let address: ObjectAddress
  /// The backups of which it may be, the newest first.
  private let places: [BackupPlace]
  private var place: BackupPlace
  private var object: JSONValue?
  private var pane = TextPane()
  private var showsSecrets = false
  private var waiting: (token: Token, wanted: Wanted)?
  private var failure: Failure?

  static let actions: [Action] =
    [
      Action("archived.older", "older", "Go to the next older backup that has it", keys: ["["]),
      Action("archived.newer", "newer", "Go to the next newer backup that has it", keys: ["]"]),
      Action("archived.compare", "diff", "Compare with the cluster's", keys: ["="]),
      Action("archived.restore", "restore", "Plan a restore of this object", keys: ["r"]),
      Action(
        "archived.reveal",
        "reveal",
        "Show the values of a secret, or cover them",
        keys: ["x"]
      ),
    ] + TextPane.actions("archived") + [
      Action("archived.copy", "copy name", "Copy the object's name", keys: ["y"]),
      Action("archived.copy-yaml", "copy YAML", "Copy the object as it is shown", keys: ["Y"]),
      Action("archived.reload", "read again", "Read the object again", keys: ["R"]),
    ]

  /// Shows an object of a backup; its other states are looked for in all backups of its cluster that there are now.
  init(_ address: ObjectAddress, in place: BackupPlace, _ world: World) {
    self.address = address
    self.place = place
    // An object of the same name in another cluster is no state of this one.
    let source = world.entry(place).flatMap { ClusterIdentity(annotations: $0.backup.annotations) }
    let all = world.allBackups.filter { entry in
      guard entry.backup.status.phase.isRestorable else { return false }
      let other = ClusterIdentity(annotations: entry.backup.annotations)
      return other == source || other == nil || source == nil
    }.map(\.place)
    places = all.contains(place) ? all : [place] + all
  }

  func crumb(_ world: World) -> String { address.path }

  func status(_ world: World) -> String { "\(address.type), of \(place.name)" }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "archived.reload", "archived.copy": return .enabled
    case "archived.older": return .when(others(.older).count > 0, "there is no older backup")
    case "archived.newer": return .when(others(.newer).count > 0, "there is no newer backup")
    case "archived.next", "archived.previous":
      return .when(!pane.view.query.isEmpty, "search for something first")
    case "archived.reveal":
      return .when(object.map(SecretMask.applies) ?? false, "it is no secret")
    default: return .when(object != nil, "the object is not read yet")
    }
  }

  var isCapturingText: Bool { pane.isSearching }

  mutating func enter(_ context: inout UpdateContext) {
    if object == nil, waiting == nil, failure == nil { ask(.this, [place], &context) }
  }

  mutating func leave(_ context: inout UpdateContext) { context.forget(waiting?.token) }

  mutating func reload(_ context: inout UpdateContext) { ask(.this, [place], &context) }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "archived.older": ask(.older, others(.older), &context)
    case "archived.newer": ask(.newer, others(.newer), &context)
    case "archived.compare":
      context.push(DifferenceScreen(DifferenceSubject(before: place, objects: [address])))
    case "archived.restore": context.restore(RestoreSeed(place: place, objects: [address]))
    case "archived.reveal":
      showsSecrets.toggle()
      fill()
    case "archived.copy": context.copy(address.text, what: "the object's name")
    case "archived.copy-yaml":
      context.copy(pane.lines.map(\.text).joined(separator: "\n"), what: "the object")
    case "archived.reload": ask(.this, [place], &context)
    default: _ = pane.perform(action, "archived", size: size(context.world))
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    pane.type(event, size: size(context.world))
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool { pane.stepBack() }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    pane.scroll(mouse, size: size(context.world))
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    guard case .answer(let answer, let token) = message, let waiting, token == waiting.token else {
      return
    }
    self.waiting = nil
    switch answer {
    case .backup(.object(let object?, let place?)):
      self.object = object
      self.place = place
      failure = nil
      fill()
    case .backup(.object): tellAbsence(waiting.wanted, &context)
    case .failed(let failure):
      if object == nil { self.failure = failure } else { context.say(failure) }
    default: break
    }
  }

  func draw(_ canvas: inout Canvas, _ world: World) {
    canvas.hit(canvas.bounds, .pane("archived"))
    let (line, rest) = canvas.bounds.splitTop(1)
    canvas.within(line) { drawHead(&$0, world) }
    canvas.within(rest.inset(x: 1, y: 0)) { canvas in
      guard object != nil else {
        if let failure { return StateText.draw(failure, address.description, in: &canvas) }
        let text = "\(world.spinner) reading \(address.description) of '\(place.name)'"
        return StateText.draw([TextLine(text, .dim)], in: &canvas)
      }
      pane.draw(in: &canvas, pane: "archived")
    }
  }

  private func drawHead(_ canvas: inout Canvas, _ world: World) {
    let began = world.backups[place.location]?.value?.entries.first { $0.place == place }?.started
    var spans = [
      TextSpan(" as of ", .dim), TextSpan(place.name, .accent),
      TextSpan(began.map { ", \(world.ago($0))" } ?? "", .dim),
    ]
    if let object, SecretMask.applies(to: object) {
      spans.append(
        showsSecrets
          ? TextSpan("  values are shown (x covers them)", .warn)
          : TextSpan("  values are covered (x shows them)", .dim)
      )
    }
    if waiting != nil, object != nil {
      spans.append(TextSpan("  \(world.spinner) looking in other backups", .running))
    }
    canvas.spans(spans, x: 0, y: 0)
  }

  /// The backups of one direction, the nearest first.
  private func others(_ wanted: Wanted) -> [BackupPlace] {
    guard let at = places.firstIndex(of: place) else { return [] }
    switch wanted {
    case .this: return [place]
    case .older: return Array(places[(at + 1)...])
    case .newer: return places[..<at].reversed()
    }
  }

  private mutating func ask(
    _ wanted: Wanted,
    _ places: [BackupPlace],
    _ context: inout UpdateContext
  ) {
    context.forget(waiting?.token)
    failure = nil
    waiting = (context.ask(.backup(.object(address, among: places))), wanted)
  }

  private mutating func tellAbsence(_ wanted: Wanted, _ context: inout UpdateContext) {
    switch wanted {
    case .this:
      failure = Failure(.notFound, "the backup '\(place.name)' has no \(address.description)")
    case .older: context.say(.info, "no older backup has it")
    case .newer: context.say(.info, "no newer backup has it")
    }
  }

  private mutating func fill() {
    guard let object else { return }
    let shown = showsSecrets ? object : SecretMask.masked(object)
    pane.show(
      shown.yaml().split(separator: "\n", omittingEmptySubsequences: false)
        .map { TextLine(yaml: String($0)) },
      keepsPlace: true
    )
  }

  private func size(_ world: World) -> Size {
    drawnSize(of: "archived", world)
  }
}
