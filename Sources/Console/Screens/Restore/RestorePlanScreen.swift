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
    /// What the form takes of the backup, before the cluster is looked at.
    case selection
  }

  static let prefix = "restore-plan"
  /// The tag of the question before a restore is launched.
  static let launchTag = "restore-plan.launch"

  let kind = ScreenKind.restorePlan
  let seed: RestoreSeed
  var form: RestoreForm
  var planning = RestorePlanning()
  var focus = Pane.plan
  var side = Side.selection {
    didSet { if side != .selection { isSelectionWanted = false } }
  }
  /// Whether the user has asked to see what is taken; else a new plan is shown instead of it.
  var isSelectionWanted = false
  /// What the form takes of the backup.
  var live: LiveArchivePreview
  /// The views of what is taken.
  var pages = FilterPages()
  /// What is shown of the objects; nil for all of them.
  var shownAction: RestoreAction?
  var list = ListPane<ObjectAddress>("restore-plan.objects") { $0.description }
  var text = TextView(isWrapped: true)
  /// Whether what is known of the object under the cursor has all the room.
  var isZoomed = false
  /// Whether the values of secrets are shown.
  var showsSecrets = false
  var contents = Loadable<ArchiveContents>()
  private var contentsToken: Token?
  private var isOpened = false
  private var isChanged = false

  /// Makes the screen of a restore of all that a seed names.
  init(seed: RestoreSeed) {
    self.seed = seed
    form = RestoreForm(seed, name: seed.place.name, namespace: "velero")
    live = LiveArchivePreview(of: seed.place)
  }

  func crumb(_ world: World) -> String { "Restore \(seed.place.name)" }

  var isCapturingText: Bool { focus == .form || list.isFiltering || pages.isFiltering }

  var unsaved: String? { isChanged ? "what this restore is asked for" : nil }

  /// What would be run as the form stands; nil while something in it is wrong.
  var request: RestoreRequest? { form.request }

  /// Whether the plan shown is of what the form asks for.
  func isCurrent(_ world: World) -> Bool {
    planning.isCurrent(request, generation: world.cluster.generation)
  }

  mutating func enter(_ context: inout UpdateContext) {
    form.taken = takenNames(context.world)
    guard !isOpened else { return follow(&context, isTyped: false) }
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
    follow(&context, isTyped: false)
    plan(&context)
  }

  mutating func reload(_ context: inout UpdateContext) {
    if contents.value == nil {
      context.forget(contentsToken)
      contents.begin()
      contentsToken = context.ask(.restore(.contents(seed.place)))
    }
    live.retry(&context)
    plan(&context)
  }

  mutating func leave(_ context: inout UpdateContext) {
    context.forget(contentsToken)
    live.stop(&context)
    pages.stop(&context)
    planning.abandon(&context)
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if side == .selection {
      if pages.widen(result, &context) { return true }
      guard planning.plan != nil, isSelectionWanted else { return false }
      side = .objects
    } else if isZoomed {
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

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    if focus == .form, !list.isFiltering, !pages.isFiltering { return formTakes(event, &context) }
    if side == .selection { return selectionTakes(event, &context) }
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
      if side == .selection { return selectionTakes(mouse, on: target, &context) }
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
      if takeSelection(answer, token, &context) { return }
      if planning.take(answer, token, at: context.world.now) {
        if side == .selection, !isSelectionWanted { side = .objects }
        showRows()
      }
    case .restores: form.taken = takenNames(context.world)
    case .cluster(.connecting, _):
      // What the entries of the filter stand for is the other cluster's to say.
      live.reset(&context)
    case .cluster(.answered, _):
      // What failed for want of an answer is tried again when there is one.
      if live.failure?.kind == .unreachable { live.retry(&context) }
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
    if case .changed = result { form.offer(contents.value, context.world.inventory) }
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

  mutating func formChanged(_ context: inout UpdateContext) {
    isChanged = true
    let before = live.wanted
    follow(&context, isTyped: true)
    if live.wanted != before { showSelection(isWanted: isSelectionWanted) }
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

  mutating func plan(_ context: inout UpdateContext) {
    guard let request else { return }
    planning.begin(request, &context, location: seed.place.location)
  }

  private mutating func take(contents answer: Answer, _ now: Timestamp) {
    contentsToken = nil
    switch answer {
    case .restore(.contents(let found)):
      contents.end(.success(found), at: now)
    case .failed(let failure): contents.end(.failure(failure), at: now)
    default: break
    }
  }

  private func takenNames(_ world: World) -> Set<String> {
    Set((world.restores[seed.place.location]?.value ?? []).map(\.name))
  }
}
