// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

/// A view of the result of a filter.
enum FilterPage: String, Sendable, Hashable, CaseIterable {
  case resources, namespaces, taken, left, remarks, text

  /// Its name on the tab.
  var title: String {
    switch self {
    case .resources: "Resources"
    case .namespaces: "Namespaces"
    case .taken: "In"
    case .left: "Out"
    case .remarks: "Remarks"
    case .text: "Text"
    }
  }

  /// The action that shows it on a screen whose actions have this prefix.
  func action(_ prefix: String) -> ActionID { ActionID("\(prefix).show-\(rawValue)") }

  /// The page so many further on among those that there are, round the ends.
  func moved(by step: Int, among all: [FilterPage] = allCases) -> FilterPage {
    let place = (all.firstIndex(of: self) ?? 0) + step + all.count
    return all[place % all.count]
  }
}

/// What the pages of a result stand on: cursors, filters, and what was asked for them.
struct FilterPages: Sendable {
  /// The page that is shown.
  var page = FilterPage.resources
  /// The types.
  var resources = ListPane<String>("filter.resources") { $0 }
  /// The namespaces; the cluster itself is the empty one.
  var namespaces = ListPane<String>("filter.namespaces") { $0.isEmpty ? "/" : $0 }
  /// The objects, in or out.
  var objects = ListPane<ObjectAddress>("filter.objects") { $0.text }
  /// Which objects are shown.
  private(set) var scope = PreviewObjectsRequest.Scope.all
  /// The objects that were answered last, by their address.
  private(set) var found: [ObjectAddress: PreviewObject] = [:]
  /// How many there are, and how many match.
  private(set) var total = 0
  /// How many match.
  private(set) var matchCount = 0
  /// Whether what is shown is of the present result, page and filter.
  private(set) var isCurrent = false
  /// Remarks and texts, as far as they are scrolled.
  var remarks = TextView(isWrapped: true)
  /// The text of the backup.
  var text = TextView()
  private var token: Token?
  private var isOutdated = false

  /// Whether a list's filter has the keys.
  var isFiltering: Bool {
    switch page {
    case .resources: resources.isFiltering
    case .namespaces: namespaces.isFiltering
    case .taken, .left: objects.isFiltering
    case .remarks, .text: false
    }
  }

  /// Shows a page.
  mutating func show(
    _ page: FilterPage,
    _ result: (any SelectionResult)?,
    _ context: inout UpdateContext
  ) {
    guard page != self.page else { return }
    let wereObjects = self.page == .taken || self.page == .left
    self.page = page
    guard page == .taken || page == .left else { return }
    if !wereObjects { scope = .all }
    startObjects(result, &context)
  }

  /// Shows only the objects of a type or of a namespace.
  mutating func open(
    _ scope: PreviewObjectsRequest.Scope,
    _ result: (any SelectionResult)?,
    _ context: inout UpdateContext
  ) {
    self.scope = scope
    if page != .left { page = .taken }
    objects.setFilter("")
    startObjects(result, &context)
  }

  /// Takes one restriction of the lists away, the innermost first.
  ///
  /// - Returns: Whether there was one.
  mutating func widen(_ result: (any SelectionResult)?, _ context: inout UpdateContext) -> Bool {
    switch page {
    case .resources where !resources.field.isEmpty: resources.setFilter("")
    case .namespaces where !namespaces.field.isEmpty: namespaces.setFilter("")
    case .taken, .left:
      if !objects.field.isEmpty {
        objects.setFilter("")
      } else if scope != .all {
        scope = .all
      } else {
        return false
      }
      startObjects(result, &context)
    case .resources, .namespaces, .remarks, .text: return false
    }
    return true
  }

  /// The result has changed: rows follow, and objects are asked for again.
  mutating func follow(
    _ result: (any SelectionResult)?,
    keepsOrder: Bool,
    _ context: inout UpdateContext
  ) {
    sortRows(result, keepsOrder: keepsOrder)
    guard page == .taken || page == .left else { return }
    if token == nil { ask(result, &context) } else { isOutdated = true }
  }

  /// Makes the rows of types and namespaces anew.
  mutating func sortRows(_ result: (any SelectionResult)?, keepsOrder: Bool) {
    guard let result else { return }
    resources.show(Self.names(result.typeRows, resources.query), keepsOrder: keepsOrder)
    namespaces.show(Self.names(result.namespaceRows, namespaces.query), keepsOrder: keepsOrder)
  }

  /// Those with the most taken objects first; then those with the most left out; then by name.
  private static func names(_ rows: [SelectionRow], _ query: FilterQuery) -> [String] {
    rows.filter {
      query.matches(FilterQuery.Subject(texts: [$0.name], namespace: $0.name, kind: $0.name))
    }.sorted {
      ($1.taken, $1.left, $0.name) < ($0.taken, $0.left, $1.name)
    }.map(\.name)
  }

  /// Asks for the objects of the page at once, whatever was asked before.
  mutating func startObjects(_ result: (any SelectionResult)?, _ context: inout UpdateContext) {
    stop(&context)
    isCurrent = false
    ask(result, &context)
  }

  /// Waits for nothing any more.
  mutating func stop(_ context: inout UpdateContext) {
    context.forget(token)
    (token, isOutdated) = (nil, false)
  }

  private mutating func ask(_ result: (any SelectionResult)?, _ context: inout UpdateContext) {
    guard let result else { return }
    let request = PreviewObjectsRequest(
      result,
      isTaken: page == .taken,
      scope: scope,
      query: objects.query
    )
    token = context.ask(.filter(.objects(request)))
  }

  /// Takes an answer.
  ///
  /// - Returns: Whether it was for these pages.
  mutating func take(
    _ answer: Answer,
    _ token: Token,
    _ result: (any SelectionResult)?,
    _ context: inout UpdateContext
  ) -> Bool {
    guard token == self.token else { return false }
    self.token = nil
    if case .filter(.objects(let answer)) = answer {
      found = Dictionary(
        answer.objects.map { ($0.address, $0) },
        uniquingKeysWith: { first, _ in first }
      )
      (total, matchCount, isCurrent) = (answer.total, answer.matchCount, true)
      objects.show(answer.objects.map(\.address))
    }
    if isOutdated {
      isOutdated = false
      ask(result, &context)
    }
    return true
  }
}

extension FilterPages {
  /// Whether the page is a list.
  var isList: Bool { page != .remarks && page != .text }

  /// The objects that stand behind the row under the cursor.
  var scopeUnderCursor: PreviewObjectsRequest.Scope? {
    switch page {
    case .resources: resources.cursor.map { .type($0) }
    case .namespaces: namespaces.cursor.map { .namespace($0) }
    case .taken, .left, .remarks, .text: nil
    }
  }

  /// The name of the list in clicks; of a text, that of the types.
  var paneName: String {
    switch page {
    case .namespaces: namespaces.name
    case .taken, .left: objects.name
    case .resources, .remarks, .text: resources.name
    }
  }

  /// Takes a key while a list has the keys.
  ///
  /// - Returns: Whether it meant something.
  mutating func type(
    _ event: InputEvent,
    _ result: (any SelectionResult)?,
    height: Int,
    _ context: inout UpdateContext
  ) -> Bool {
    switch page {
    case .resources, .namespaces:
      let isTaken =
        page == .resources
        ? resources.type(event, height: height) : namespaces.type(event, height: height)
      sortRows(result, keepsOrder: false)
      return isTaken
    case .taken, .left:
      let former = objects.field.text
      let isTaken = objects.type(event, height: height)
      if objects.field.text != former { startObjects(result, &context) }
      return isTaken
    case .remarks, .text: return false
    }
  }

  /// Opens the filter of the list.
  mutating func find(_ context: inout UpdateContext) {
    let action = ActionID("filter.find")
    switch page {
    case .resources: _ = resources.perform(action, "filter", &context)
    case .namespaces: _ = namespaces.perform(action, "filter", &context)
    case .taken, .left: _ = objects.perform(action, "filter", &context)
    case .remarks, .text: break
    }
  }

  /// Takes a click.
  ///
  /// - Returns: What is to be opened, when the row under the cursor was pressed.
  mutating func click(
    _ mouse: Mouse,
    on target: HitTarget,
    height: Int
  ) -> PreviewObjectsRequest.Scope? {
    switch page {
    case .resources:
      resources.click(mouse, on: target, height: height).map { .type($0) }
    case .namespaces:
      namespaces.click(mouse, on: target, height: height).map { .namespace($0) }
    case .taken, .left:
      objects.click(mouse, on: target, height: height).flatMap { _ in nil }
    case .remarks, .text: nil
    }
  }
}
