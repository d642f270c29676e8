// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// The objects of the cluster: namespaces, labels and resources as three ways into them.
///
/// The left pane chooses, the right one lists. Up to `inlineLimit` objects are listed and filtered at once; more are in the
/// background, with the former list on the screen until the new one is there.
struct ExplorerScreen: ConsoleScreen {
  /// Up to so many objects a key's answer is worked out before the next frame.
  static let inlineLimit = 20_000
  /// Up to so many objects news of the cluster is worked out at once.
  static let inlineNewsLimit = 2000
  /// Lists that follow the cluster are made at most so often.
  static let newsPause = Duration.seconds(1)
  static let objectsName = "objects"

  enum Focus: Sendable {
    case facets
    case objects
  }

  let kind = ScreenKind.explorer
  static let actions: [Action] =
    [
      Action(
        "explorer.open",
        "open",
        "Show the object, or the objects of the row",
        keys: ["enter"]
      ),
      Action(
        "explorer.backup",
        "backup",
        "Begin a filter with what is marked, or with the row under the cursor",
        keys: ["b"]
      ),
      Action("explorer.pane", "pane", "Go to the other pane", keys: ["tab", "shift-tab"]),
      Action("explorer.way", "way", "Next way in: namespaces, labels, resources", keys: ["w"]),
    ] + ListPane<ObjectIdentity>.actions("explorer")
    + [
      Action(
        "explorer.attention",
        "attention",
        "Show only what is not protected, or everything again",
        keys: ["f"]
      ),
      Action("explorer.columns", "columns", "Choose the columns", keys: ["c"]),
      Action("explorer.zoom", "zoom", "Give the objects the whole screen, or not", keys: ["z"]),
      Action("explorer.clear", "clear filter", "Take the filter away", keys: ["F"]),
      Action("explorer.gaps", "gaps", "Tell what is not known here, and why", keys: ["i"]),
      Action("explorer.copy", "copy name", "Copy the name", keys: ["y"]),
      Action(
        "explorer.copy-yaml",
        "copy YAML",
        "Copy the object as YAML; values of a Secret stay hidden",
        keys: ["Y"]
      ),
      Action("explorer.left", "close", "Close the label, or go to the left pane", keys: ["left"]),
      Action("explorer.right", "into", "Open the label, or go to the objects", keys: ["right"]),
      Action("explorer.namespaces", "namespaces", "Choose by namespace"),
      Action("explorer.labels", "labels", "Choose by label"),
      Action("explorer.resources", "resources", "Choose by type"),
    ]

  var facets = ExplorerFacets()
  var objects = ListPane<ObjectIdentity>(
    Self.objectsName,
    hasMarks: true,
    defaultSort: TableSort("namespace")
  ) { $0.text }
  var columns = ExplorerColumns()
  var focus = Focus.facets
  var isZoomed = false
  /// The list as it is shown; its objects and the pane's rows are the same, one for one.
  var listing: ObjectListing?
  /// What the list shows.
  var listed: Facet = .everything
  var listedOrder = ObjectOrder(.namespace)
  /// How well the types of the list are known.
  var knowledge = ScopeKnowledge()
  var standings = Standings()
  /// The list that is being made.
  var wanted: Token?
  /// The filter that is being worked out.
  var narrowing: Token?
  var counting: Token?
  var pausing: Token?
  /// Whether the cluster has changed since the list was asked for.
  var isBehind = false
  var copying: Token?
  /// Whether it was opened to show what a filter finds, so that one step back leaves it.
  private let isSeeded: Bool

  /// Opens on everything, or on what a filter shows of it.
  ///
  /// - Parameter filter: The objects' filter.
  init(filter: String = "") {
    isSeeded = !filter.isEmpty
    guard !filter.isEmpty else { return }
    objects.setFilter(filter)
    focus = .objects
  }

  func crumb(_ world: World) -> String {
    facets.cursor == .everything ? "Explorer" : "Explorer \(facets.cursor.title)"
  }

  func status(_ world: World) -> String {
    guard let listing else { return "" }
    let total = HumanText.count(listing.base.snapshot.rowCount)
    return "\(HumanText.count(listing.shown.count)) of \(total) objects"
  }

  var look: ScreenLook? {
    get { ScreenLook(sort: objects.sort, hiddenColumns: columns.hidden) }
    set {
      objects.sort = newValue?.sort
      if let hidden = newValue?.hiddenColumns { columns.hidden = hidden }
    }
  }

  var isCapturingText: Bool { focus == .facets ? facets.pane.isFiltering : objects.isFiltering }

  func availability(of action: ActionID, _ world: World) -> Availability {
    guard world.inventory != nil else { return .disabled("nothing is known of the cluster yet") }
    switch action {
    case "explorer.backup": return backupAvailability
    case "explorer.copy-yaml":
      return .when(focus == .objects && objects.cursor != nil, "choose an object first")
    case "explorer.open", "explorer.copy":
      return .when(focus == .facets || objects.cursor != nil, "there is no object here")
    case "explorer.clear":
      return .when(!objects.field.isEmpty || !facets.pane.field.isEmpty, "there is no filter")
    case "explorer.mark", "explorer.range", "explorer.mark-all", "explorer.invert":
      return .when(focus == .objects || facets.way == .namespaces, "mark objects or namespaces")
    case "explorer.sort", "explorer.reverse", "explorer.columns":
      return .when(focus == .objects, "go to the objects first")
    default: return .enabled
    }
  }

  mutating func enter(_ context: inout UpdateContext) {
    standings = context.world.standings
    follow(&context)
  }

  mutating func leave(_ context: inout UpdateContext) {
    for token in [wanted, narrowing, counting, pausing, copying] { context.forget(token) }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "explorer.open": open(&context)
    case "explorer.backup": beginBackup(&context)
    case "explorer.pane": focus = focus == .facets ? .objects : .facets
    case "explorer.way": show(facets.way.next, &context)
    case "explorer.namespaces": show(.namespaces, &context)
    case "explorer.labels": show(.labels, &context)
    case "explorer.resources": show(.resources, &context)
    case "explorer.attention": toggleAttention(&context)
    case "explorer.columns":
      context.choose(columns.menu(tag: "explorer.columns", context.world.glyphs))
    case "explorer.zoom":
      isZoomed.toggle()
      if isZoomed { focus = .objects }
    case "explorer.clear": clearFilters(&context)
    case "explorer.gaps": tellGaps(&context)
    case "explorer.copy": copyName(&context)
    case "explorer.copy-yaml": copyYAML(&context)
    case "explorer.left": stepLeft(&context)
    case "explorer.right": stepRight(&context)
    default: performInList(action, &context)
    }
  }

  private mutating func performInList(_ action: ActionID, _ context: inout UpdateContext) {
    if focus == .facets {
      let former = facets.cursor
      _ = facets.pane.perform(action, "explorer", &context)
      if facets.cursor != former { list(&context) }
      return
    }
    let sort = objects.sort
    _ = objects.perform(action, "explorer", columns: ExplorerColumns.sortable, &context)
    if objects.sort != sort { list(&context) }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let height = rowHeight(context.world)
    switch focus {
    case .facets:
      let former = (facets.pane.query, facets.cursor)
      let isTaken = facets.pane.type(event, height: height)
      if facets.pane.query != former.0 { facets.arrange() }
      if facets.cursor != former.1 { list(&context) }
      return isTaken
    case .objects:
      let former = objects.query
      let isTaken = objects.type(event, height: height)
      if objects.query != former { narrow(&context) }
      return isTaken
    }
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if focus == .objects, objects.endRange() { return true }
    if focus == .objects, !objects.field.isEmpty, !isSeeded {
      objects.setFilter("")
      narrow(&context)
      return true
    }
    if focus == .facets, !facets.pane.field.isEmpty {
      facets.pane.setFilter("")
      facets.arrange()
      return true
    }
    guard focus == .objects, !isSeeded else { return false }
    focus = .facets
    isZoomed = false
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let height = rowHeight(context.world)
    switch target {
    case .row(ExplorerFacets.name, _), .column(ExplorerFacets.name, _), .pane(ExplorerFacets.name):
      focus = .facets
      let former = facets.cursor
      if facets.pane.click(mouse, on: target, height: height) != nil { open(&context) }
      if facets.cursor != former { list(&context) }
    case .row(Self.objectsName, _), .column(Self.objectsName, _), .pane(Self.objectsName):
      focus = .objects
      let sort = objects.sort
      if objects.click(mouse, on: target, height: height) != nil { open(&context) }
      if objects.sort != sort { list(&context) }
    default: break
    }
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .cluster(.inventory, _): followNews(&context)
    case .cluster(.connecting, _):
      leave(&context)
      let look = look
      self = ExplorerScreen()
      self.look = look
    case .coverage, .locations:
      standings = context.world.standings
      followNews(&context)
    case .tick where standings.isOutdated(context.world.now):
      standings = context.world.standings
      followNews(&context)
    case .tick:
      // Rows that came late take their places once the user rests.
      if objects.lateCount > 0, !context.world.keepsOrder { followNews(&context) }
    case .answer(let answer, let token): take(answer, token, &context)
    default: break
    }
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    switch answer {
    case .chosen(let id, "explorer.sort"):
      objects.sort(by: id)
      list(&context)
    case .chosen(let id, "explorer.columns"):
      columns.toggle(id)
      context.choose(columns.menu(tag: "explorer.columns", context.world.glyphs))
    default: break
    }
  }
}

extension ExplorerWay {
  /// The way after this one, round the end.
  var next: ExplorerWay {
    switch self {
    case .namespaces: .labels
    case .labels: .resources
    case .resources: .namespaces
    }
  }
}
