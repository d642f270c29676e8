// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What a restore would do: the form of what is asked for, and the plan that comes of it.
struct RestorePlanScreen: ConsoleScreen {
  /// What has the keys.
  enum Pane: Sendable, Hashable {
    /// What is asked for.
    case form
    /// What would be done.
    case plan
  }

  /// What is shown of the plan.
  enum Side: Sendable, Hashable {
    /// The objects.
    case objects
    /// What stands in the way, and what there is to know.
    case findings
  }

  static let prefix = "restore-plan"
  /// The tag of the question before a restore is launched.
  static let launchTag = "restore-plan.launch"

  let kind = ScreenKind.restorePlan
  let seed: RestoreSeed
  var form: RestoreForm
  var planning = RestorePlanning()
  var focus = Pane.plan
  var side = Side.objects
  /// What is shown of the objects; nil for all of them.
  var shownAction: RestoreAction?
  var list = ListPane<ObjectAddress>("restore-plan.objects") { $0.description }
  var text = TextView(isWrapped: true)
  /// Whether what is known of the object under the cursor has all the room.
  var isZoomed = false
  /// Whether the values of secrets are shown.
  private(set) var showsSecrets = false
  var contents = Loadable<ArchiveContents>()
  private var contentsToken: Token?
  private var isOpened = false
  private var isChanged = false

  /// Makes the screen of a restore of all that a seed names.
  init(seed: RestoreSeed) {
    self.seed = seed
    form = RestoreForm(seed, name: seed.place.name, namespace: "velero")
  }

  static let actions: [Action] =
    [
      Action(
        "restore-plan.launch",
        "restore",
        "Look at the plan once more, and restore just what it says",
        keys: ["r"],
        effect: .destroys
      ),
      Action("restore-plan.edit", "change", "Change what is asked for", keys: ["e"]),
      Action(
        "restore-plan.plan",
        "plan",
        "Compare what is asked for with the cluster, again",
        keys: ["P", "ctrl-p"]
      ),
      Action(
        "restore-plan.action",
        "next kind",
        "Show only what would be created, updated, left …, one after the other",
        keys: ["f"]
      ),
      Action(
        "restore-plan.findings",
        "findings",
        "Show what stands in the way in the cluster, or the objects again",
        keys: ["i"]
      ),
      Action(
        "restore-plan.zoom",
        "zoom",
        "Give the differences all the room",
        keys: ["z", "enter"]
      ),
      Action(
        "restore-plan.reveal",
        "reveal",
        "Show the values of secrets, or cover them",
        keys: ["x"]
      ),
      Action("restore-plan.copy", "copy", "Copy the object's name", keys: ["y"]),
    ] + ListPane<ObjectAddress>.actions(prefix, marks: false, sorts: false)

  func crumb(_ world: World) -> String { "Restore \(seed.place.name)" }

  var isCapturingText: Bool { focus == .form || list.isFiltering }

  var unsaved: String? { isChanged ? "what this restore is asked for" : nil }

  /// What would be run as the form stands; nil while something in it is wrong.
  var request: RestoreRequest? { form.request }

  /// Whether the plan shown is of what the form asks for.
  func isCurrent(_ world: World) -> Bool {
    planning.isCurrent(request, generation: world.cluster.generation)
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "restore-plan.launch": launchability(world)
    case "restore-plan.plan":
      .when(form.isValid, "the form: \(form.problem ?? "something in it is wrong")")
    case "restore-plan.action", "restore-plan.findings", "restore-plan.zoom":
      .when(planning.plan != nil, "there is no plan yet")
    case "restore-plan.reveal": .when(isSecret, "it is no secret that differs")
    case "restore-plan.copy": .when(list.cursor != nil, "there is no object under the cursor")
    default: .enabled
    }
  }

  mutating func enter(_ context: inout UpdateContext) {
    form.taken = takenNames(context.world)
    guard !isOpened else { return }
    isOpened = true
    let world = context.world
    let time = world.localTime.reading(of: world.now)
    form = RestoreForm(
      seed,
      name: TimedName.make(seed.place.name, at: time),
      namespace: world.preferences.serverNamespace
    )
    form.taken = takenNames(world)
    contents.begin()
    contentsToken = context.ask(.restore(.contents(seed.place)))
    plan(&context)
  }

  mutating func reload(_ context: inout UpdateContext) {
    if contents.value == nil {
      context.forget(contentsToken)
      contents.begin()
      contentsToken = context.ask(.restore(.contents(seed.place)))
    }
    plan(&context)
  }

  mutating func leave(_ context: inout UpdateContext) {
    context.forget(contentsToken)
    planning.abandon(&context)
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if isZoomed {
      isZoomed = false
    } else if side == .findings {
      side = .objects
    } else if !list.field.text.isEmpty {
      list.setFilter("")
    } else if shownAction != nil {
      shownAction = nil
    } else {
      return false
    }
    text = TextView(isWrapped: true)
    showRows()
    return true
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "restore-plan.launch": review(&context)
    case "restore-plan.edit": focus = .form
    case "restore-plan.plan": plan(&context)
    case "restore-plan.action": showNextAction()
    case "restore-plan.findings":
      side = side == .objects ? .findings : .objects
      text = TextView(isWrapped: true)
    case "restore-plan.zoom":
      isZoomed.toggle()
      text = TextView(isWrapped: true)
    case "restore-plan.reveal": showsSecrets.toggle()
    case "restore-plan.copy":
      if let source = list.cursor { context.copy(source.text, what: "'\(source.text)'") }
    default:
      if list.perform(action, Self.prefix, &context) {
        (side, isZoomed) = (.objects, false)
      }
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    if focus == .form, !list.isFiltering { return formTakes(event, &context) }
    if !list.isFiltering, [.key(.tab), .key(.backTab)].contains(event) {
      focus = .form
      return true
    }
    let world = context.world
    if isZoomed || side == .findings, !list.isFiltering, case .key(let key) = event {
      let size = drawnSize(of: Self.textPane, world)
      return text.handle(key, lines: textLines(world), size: size)
    }
    let (before, cursor) = (list.field.text, list.cursor)
    let isTaken = type(event, into: \.list, Self.columns, height: rowCount(world), world)
    if list.field.text != before { showRows() }
    if list.cursor != cursor { text = TextView(isWrapped: true) }
    return isTaken
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    switch target {
    case .button(let id): show(chip: id)
    case .row(Self.formPane, let id):
      focus = .form
      form.focus(id)
    case .row(Self.formPane + ".completions", let text):
      form.accept(text)
      formChanged(&context)
    case .pane(Self.formPane): focus = .form
    default:
      if mouse.kind == .press(.left) { focus = .plan }
      if target == .pane(Self.textPane) {
        let size = drawnSize(of: Self.textPane, context.world)
        return text.scroll(mouse, lines: textLines(context.world), size: size)
      }
      if list.click(mouse, on: target, height: rowCount(context.world)) != nil { isZoomed = true }
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .answer(let answer, let token):
      if token == contentsToken { take(contents: answer, context.world.now) }
      if planning.take(answer, token, at: context.world.now) { showRows() }
    case .restores: form.taken = takenNames(context.world)
    case .cluster(.answered, _):
      // What failed for want of an answer is tried again when there is one.
      if planning.plan == nil, planning.attempt == nil, planning.failure?.kind == .unreachable {
        plan(&context)
      }
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    guard case .accepted(Self.launchTag, let ids) = answer, let id = ids.first else { return }
    isChanged = false
    context.close()
    context.push(
      RestoreScreen(location: seed.place.location, name: form.draft.name, operation: id)
    )
  }

  /// The form's name in clicks.
  static let formPane = "restore-plan.form"
  /// The name of the findings, and of an object's differences, in clicks.
  static let textPane = "restore-plan.text"

  /// The text that can be scrolled.
  private func textLines(_ world: World) -> [TextLine] {
    side == .findings ? findingLines(world) : detailLines(world)
  }

  /// The rows of the list, for pages.
  private func rowCount(_ world: World) -> Int {
    max(1, drawnSize(of: list.name, world).height - 1)
  }

  private mutating func formTakes(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let before = request
    let result = form.handle(event)
    switch result {
    case .ignored: return false
    case .cancelled:
      focus = .plan
      planIfChanged(&context)
    case .submitted: planIfChanged(&context)
    case .handled, .changed:
      if case .changed = result { isChanged = true }
      if let request, let before, request.isPlannedAs(before) { return true }
      formChanged(&context)
    }
    return true
  }

  private mutating func formChanged(_ context: inout UpdateContext) {
    isChanged = true
    // A plan of what is not asked for any more is of no use.
    if !planning.isUnderWay(request, generation: context.world.cluster.generation) {
      planning.abandon(&context)
    }
  }

  private mutating func planIfChanged(_ context: inout UpdateContext) {
    let generation = context.world.cluster.generation
    guard !planning.isCurrent(request, generation: generation),
      !planning.isUnderWay(request, generation: generation)
    else { return }
    plan(&context)
  }

  private mutating func plan(_ context: inout UpdateContext) {
    guard let request else { return }
    planning.begin(request, &context, location: seed.place.location)
  }

  private mutating func take(contents answer: Answer, _ now: Timestamp) {
    contentsToken = nil
    switch answer {
    case .restore(.contents(let found)):
      contents.end(.success(found), at: now)
      form.contents = found
    case .failed(let failure): contents.end(.failure(failure), at: now)
    default: break
    }
  }

  private func takenNames(_ world: World) -> Set<String> {
    Set((world.restores[seed.place.location]?.value ?? []).map(\.name))
  }
}
