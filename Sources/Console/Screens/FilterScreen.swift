// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// A filter and what it takes: left the form of a backup, right the live result; from here a backup is launched.
///
/// What is launched is the filter whose result is shown, whatever is typed meanwhile.
struct FilterScreen: ConsoleScreen {
  /// What has the keys.
  enum Pane: Sendable, Hashable {
    /// The form: what is typed goes into its fields.
    case form
    /// The result: keys are commands.
    case result
  }

  static let prefix = "filter"

  let kind = ScreenKind.filter
  /// What has the keys.
  var pane = Pane.result
  /// The form.
  var form = BackupForm(name: "", locations: [])
  /// What the form asks for.
  var reading = BackupReading(BackupForm(name: "", locations: []), namespace: "")
  /// The preview.
  var live = LivePreview()
  /// The result that is shown; nil before the first.
  var result: PreviewResult? { live.shown?.found }
  /// The views of the result.
  var pages = FilterPages()
  /// The command line, with the backup that it makes.
  var line: (backup: Backup, text: String)?
  /// The command line that is asked for.
  var lineQuestion: (backup: Backup, token: Token)?
  /// The labels of the cluster, as far as they were counted.
  var labels = LabelWords()
  /// The inventory that the labels were counted in.
  var labelsChange: UInt64?
  var labelsToken: Token?
  /// What was asked about kept filters.
  var libraryToken: Token?
  /// The names of the filters that are kept, as far as is known.
  var savedNames: [String] = []
  /// The name of the filter as it was kept or loaded; empty for none.
  var savedName = ""
  /// Whether something was typed that is neither kept nor launched.
  var isEdited = false
  private let seed: FilterSeed?
  private var isOpened = false

  /// Makes the screen.
  ///
  /// - Parameter seed: What the filter starts from; nil for everything.
  init(seed: FilterSeed? = nil) { self.seed = seed }

  static let actions: [Action] =
    [
      Action(
        "filter.launch",
        "back up",
        "Review the backup as it is shown, and make it",
        keys: ["b"],
        effect: .changes
      ),
      Action("filter.form", "edit filter", "Go to the form; Esc comes back", keys: ["tab", "e"]),
      Action(
        "filter.offer",
        "list words",
        "List the words that fit the field of the form",
        keys: ["ctrl-n"]
      ),
      Action("filter.next-page", "next view", "Show the next view of the result", keys: ["right"]),
      Action("filter.last-page", "view before", "Show the view before this one", keys: ["left"]),
      Action(
        "filter.open",
        "open",
        "Show the objects of the type or namespace under the cursor",
        keys: ["enter"]
      ),
      Action(
        "filter.find",
        "find",
        "Show only what matches a text: words, ns:, label:, kind:, !not, re:",
        keys: ["/"]
      ),
      Action("filter.exclude", "exclude", "Leave out what is under the cursor", keys: ["x"]),
      Action("filter.include", "only this", "Take what is under the cursor", keys: ["i"]),
      Action("filter.copy", "copy command", "Copy the equivalent command line", keys: ["y"]),
      Action("filter.copy-yaml", "copy YAML", "Copy the backup as YAML", keys: ["Y"]),
      Action("filter.save", "keep", "Keep the filter under a name", keys: ["w"]),
      Action("filter.load", "load", "Load a filter that was kept", keys: ["L"]),
      Action("filter.clear", "start anew", "Empty the whole form", keys: ["C"]),
      Action("filter.retry", "read again", "Ask again for what could not be read", keys: ["R"]),
    ]
    + FilterPage.allCases.map { page in
      Action(page.action(prefix), page.title.lowercased(), "Show the view \(page.title)")
    }

  func crumb(_ world: World) -> String { savedName.isEmpty ? "New backup" : savedName }

  func status(_ world: World) -> String {
    guard let preview = result?.preview else { return "" }
    return "\(HumanText.count(preview.count.taken))/\(HumanText.count(preview.count.total))"
  }

  var isCapturingText: Bool { pane == .form || pages.isFiltering }

  var unsaved: String? { isEdited ? "the filter" : nil }

  mutating func enter(_ context: inout UpdateContext) {
    let isFirst = !isOpened
    if isFirst {
      isOpened = true
      form.offer(locations: locations(context.world))
      if let location = context.world.defaultLocation { form[.location] = location.name }
      form[.name] = freshName(context.world)
      if let remark = seed.flatMap({ form.fill(with: $0) }) { context.say(.info, remark) }
    }
    follow(&context, isTyped: false)
    if !isFirst, live.failure != nil { live.retry(&context) }
    libraryToken = context.ask(.filter(.savedFilters))
  }

  mutating func leave(_ context: inout UpdateContext) {
    live.stop(&context)
    pages.stop(&context)
    for token in [lineQuestion?.token, labelsToken, libraryToken] { context.forget(token) }
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "filter.launch": obstacle(world).map { .disabled($0) } ?? .enabled
    case "filter.form": .when(pane == .result, "the form has the keys")
    case "filter.offer": .when(pane == .form, "go to the form first")
    case "filter.copy": .when(currentLine != nil, "the filter makes no sense yet")
    case "filter.find": .when(pages.isList, "there is no list")
    case "filter.open":
      .when(pages.scopeUnderCursor != nil, "there is no type or namespace under the cursor")
    case "filter.exclude", "filter.include": entryAvailability
    default: .enabled
    }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "filter.launch": review(&context)
    case "filter.form": edit(&context)
    case "filter.offer": offer(context.world)
    case "filter.next-page": pages.show(pages.page.moved(by: 1), result, &context)
    case "filter.last-page": pages.show(pages.page.moved(by: -1), result, &context)
    case "filter.open":
      if let scope = pages.scopeUnderCursor { pages.open(scope, result, &context) }
    case "filter.find": pages.find(&context)
    case "filter.exclude": exclude(&context)
    case "filter.include": include(&context)
    case "filter.copy":
      if let text = currentLine { context.copy(text, what: "the command line") }
    case "filter.copy-yaml": context.copy(yaml, what: "the backup's YAML")
    case "filter.save": askForName(&context)
    case "filter.load": offerFilters(&context)
    case "filter.clear": if isEdited { askToClear(&context) } else { clear(&context) }
    case "filter.retry":
      _ = context.ask(.filter(.retryRelations))
      live.retry(&context)
    default:
      guard let page = FilterPage.allCases.first(where: { $0.action(Self.prefix) == action }) else {
        return
      }
      pages.show(page, result, &context)
    }
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    pane == .form ? formTakes(event, &context) : listTakes(event, &context)
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    pages.widen(result, &context)
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    switch message {
    case .answer(let answer, let token): take(answer, token, &context)
    case .cluster(let news, let generation):
      guard generation == context.world.cluster.generation else { return }
      take(news, &context)
    case .locations:
      let isFirst = form[.location].isEmpty
      form.offer(locations: locations(context.world))
      if isFirst, let location = context.world.defaultLocation { form[.location] = location.name }
      follow(&context, isTyped: false)
    case .backups, .operation: follow(&context, isTyped: false)
    default: break
    }
  }

  private mutating func take(_ news: ClusterNews, _ context: inout UpdateContext) {
    switch news {
    case .connecting: live.reset(&context)
    case .answered, .inventory:
      if live.failure?.kind == .unreachable { live.retry(&context) }
    case .unanswered, .failed, .identity: break
    }
  }

  private mutating func take(_ answer: Answer, _ token: Token, _ context: inout UpdateContext) {
    if live.take(answer, token, &context) {
      let keepsOrder = pane == .result && context.world.keepsOrder && live.isCurrent
      pages.follow(result, keepsOrder: keepsOrder, &context)
      return
    }
    if pages.take(answer, token, result, &context) { return }
    if token == lineQuestion?.token {
      if case .filter(.commandLine(let text)) = answer, let backup = lineQuestion?.backup {
        line = (backup, text)
      }
      lineQuestion = nil
    } else if token == labelsToken {
      labelsToken = nil
      if case .filter(.labels(let words)) = answer { labels = words }
    } else if token == libraryToken {
      libraryToken = nil
      takeFromLibrary(answer, &context)
    }
  }
}
