// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

/// A way into the objects.
enum ExplorerWay: String, Sendable, Hashable, CaseIterable {
  case namespaces
  case labels
  case resources

  var title: String {
    switch self {
    case .namespaces: "Namespaces"
    case .labels: "Labels"
    case .resources: "Resources"
    }
  }
}

/// A row of the left pane: some of the objects.
enum Facet: Hashable, Sendable {
  case everything
  case cluster
  case namespace(String)
  case label(String)
  case value(String, of: String)
  case type(String)

  var scope: ObjectScope {
    switch self {
    case .everything: .everything
    case .cluster: .cluster
    case .namespace(let name): .namespace(name)
    case .label(let key): .label(key: key, value: nil)
    case .value(let value, let key): .label(key: key, value: value)
    case .type(let name): .type(name)
    }
  }

  /// As it stands in clicks; of different rows it differs.
  var key: String {
    switch self {
    case .everything: "all"
    case .cluster: "cluster"
    case .namespace(let name): "namespace \(name)"
    case .label(let key): "label \(key)"
    case .value(let value, let key): "value \(key)=\(value)"
    case .type(let name): "type \(name)"
    }
  }

  /// What is looked at, for the title of the objects.
  var title: String {
    switch self {
    case .everything: "All objects"
    case .cluster: "Objects of no namespace"
    case .namespace(let name): name
    case .label(let key): key
    case .value(let value, let key): "\(key)=\(value)"
    case .type(let name): name
    }
  }
}

/// The left pane of the explorer: namespaces, labels or resources, with how many objects each has.
struct ExplorerFacets: Sendable {
  /// The pane's name in clicks.
  static let name = "facets"

  private(set) var way = ExplorerWay.namespaces
  var pane = ListPane<Facet>(Self.name) { $0.key }
  /// Labels, and the changes that they are of; nil before they are counted.
  private(set) var labels: [LabelFacet]?
  private(set) var labelsAt: UInt64?
  private var namespaces: [NamespaceFacet] = []
  private var types: [InventoryType] = []
  private var counts: [Facet: Int] = [:]
  private var valueCounts: [String: Int] = [:]
  private var states: [Facet: TypeState] = [:]
  private var groups: [Facet: String] = [:]
  private var deleting: Set<Facet> = []
  private var expanded: Set<String> = []
  /// Which counts may be too low.
  private var gaps = CountGaps()
  private var total = 0
  /// How many namespaces, labels or types the filter shows.
  private(set) var shownCount = 0
  /// The row under the cursor of each way, to come back to.
  private var cursors: [ExplorerWay: Facet] = [:]

  /// The row under the cursor.
  var cursor: Facet { pane.cursor ?? .everything }

  /// Whether the labels are to be counted anew for a snapshot.
  func wantsLabels(of snapshot: InventorySnapshot) -> Bool {
    way == .labels && labelsAt != snapshot.changeCount
  }

  mutating func show(_ way: ExplorerWay) {
    if let cursor = pane.cursor { cursors[self.way] = cursor }
    self.way = way
    pane.setFilter("")
    arrange()
    pane.select(cursors[way] ?? .everything)
  }

  mutating func take(_ snapshot: InventorySnapshot) {
    total = snapshot.rowCount
    namespaces = snapshot.namespaceFacets
    types = snapshot.types.filter { type in
      if case .sameAs = type.state { return false }
      return type.resource.verbs.contains("list")
    }
    gaps = CountGaps(snapshot, types)
    let names = Set(namespaces.compactMap(\.name))
    pane.keepMarks { facet in
      if case .namespace(let name) = facet { names.contains(name) } else { true }
    }
    arrange()
  }

  mutating func take(_ labels: [LabelFacet], changeCount: UInt64) {
    self.labels = labels
    labelsAt = changeCount
    arrange()
  }

  /// Opens or closes the label under the cursor.
  ///
  /// - Returns: Whether there is one.
  mutating func toggle() -> Bool {
    guard case .label(let key) = cursor else { return false }
    if expanded.remove(key) == nil { expanded.insert(key) }
    arrange()
    return true
  }

  /// Whether a label's values are shown.
  func isOpen(_ key: String) -> Bool { expanded.contains(key) }

  /// Closes the label that the cursor is on or in.
  mutating func close() {
    switch cursor {
    case .label(let key), .value(_, let key):
      expanded.remove(key)
      arrange()
      pane.select(.label(key))
    case .everything, .cluster, .namespace, .type: break
    }
  }

  /// Makes the rows anew, after a change of the filter too.
  mutating func arrange() {
    counts = [.everything: total]
    states = [:]
    deleting = []
    var rows: [Facet] = [.everything]
    switch way {
    case .namespaces:
      for facet in namespaces {
        let id = facet.name.map { Facet.namespace($0) } ?? .cluster
        counts[id] = facet.count
        if facet.isBeingDeleted { deleting.insert(id) }
        if matches([facet.name ?? "no namespace"]) { rows.append(id) }
      }
    case .labels: rows += labelRows()
    case .resources:
      for type in types.sorted(by: { $0.resource.groupResource < $1.resource.groupResource }) {
        let id = Facet.type(type.resource.groupResource)
        counts[id] = type.rowCount
        states[id] = type.state
        groups[id] = type.resource.group
        let texts = [type.resource.groupResource, type.resource.kind] + type.resource.shortNames
        if matches(texts) { rows.append(id) }
      }
    }
    shownCount = rows.count { row in
      switch row {
      case .everything, .cluster, .value: false
      case .namespace, .label, .type: true
      }
    }
    pane.show(rows)
  }

  private mutating func labelRows() -> [Facet] {
    var rows: [Facet] = []
    for label in labels ?? [] {
      let id = Facet.label(label.key)
      counts[id] = label.count
      valueCounts[label.key] = label.values.count
      let isOpen = expanded.contains(label.key)
      let isFound = matches([label.key])
      // What is looked for may be a value: then the key is shown for its sake.
      let found =
        pane.query.isEmpty || isFound
        ? label.values : label.values.filter { matches([$0.text]) }
      guard isFound || !found.isEmpty else { continue }
      rows.append(id)
      guard isOpen || !isFound else { continue }
      for value in found {
        let id = Facet.value(value.text, of: label.key)
        counts[id] = value.count
        rows.append(id)
      }
    }
    return rows
  }

  private func matches(_ texts: [String]) -> Bool {
    pane.query.isEmpty || pane.query.matches(FilterQuery.Subject(texts: texts))
  }

  /// How many rows there are without the filter.
  var rowTotal: Int {
    switch way {
    // The first one stands for what lives in none.
    case .namespaces: max(0, namespaces.count - 1)
    case .labels: labels?.count ?? 0
    case .resources: types.count
    }
  }

  var noun: String {
    switch way {
    case .namespaces: "namespace"
    case .labels: "label"
    case .resources: "type"
    }
  }
}

extension ExplorerFacets {
  /// The columns of the present way, for a pane of some columns.
  func columns(_ width: Int) -> [TableColumn] {
    // The greatest count stands first.
    let digits = HumanText.count(total).count + (gaps.concerns(.everything) ? 1 : 0)
    let count = TableColumn("count", title: "Objects", width: max(7, digits), alignment: .right)
    switch way {
    case .namespaces:
      return [
        TableColumn("name", title: "Namespace", width: 18, minimum: 8, flex: 1, isFrozen: true),
        count,
        Self.isNarrow(width)
          ? TableColumn("state", title: "", width: 1, priority: 1)
          : TableColumn("state", title: "Backup", width: 15, priority: 1),
      ]
    case .labels:
      return [
        TableColumn("name", title: "Label", width: 24, minimum: 8, flex: 1, isFrozen: true), count,
        TableColumn(
          "values",
          title: "Values",
          width: 8,
          minimum: 6,
          alignment: .right,
          priority: 1
        ),
      ]
    case .resources:
      return [
        TableColumn("name", title: "Type", width: 18, minimum: 8, flex: 2, isFrozen: true), count,
        TableColumn("state", title: "Known", width: 10, minimum: 8, priority: 1),
        TableColumn("group", title: "Group", width: 10, minimum: 6, flex: 1, priority: 2),
      ]
    }
  }

  /// Whether there is room for the sign of how a namespace stands, and none for the words; the objects' table has those.
  private static func isNarrow(_ width: Int) -> Bool { width < 40 }

  func row(_ facet: Facet, _ width: Int, _ standings: Standings, _ world: World) -> TableRow {
    let count = counts[facet] ?? 0
    let role: Role = count == 0 ? .dim : .text
    return TableRow([
      TableCell(name(facet, world.glyphs), role), self.count(count, facet, role),
      detail(facet, isNarrow: Self.isNarrow(width), standings, world),
      TableCell(groups[facet] ?? "", .dim),
    ])
  }

  private func count(_ count: Int, _ facet: Facet, _ role: Role) -> TableCell {
    // Zero is said only of what is known to be none.
    let isKnown = states[facet]?.isKnown ?? !gaps.concerns(facet)
    if count == 0, !isKnown { return TableCell("?", .warn) }
    return TableCell(HumanText.count(count) + (isKnown ? "" : "+"), role)
  }

  private func name(_ facet: Facet, _ glyphs: Glyphs) -> String {
    switch facet {
    case .everything: "all"
    case .cluster: "(no namespace)"
    case .namespace(let name): name
    case .type(let name): String(name.prefix { $0 != "." })
    case .label(let key):
      "\(Character(expanded.contains(key) ? glyphs.open : glyphs.closed)) \(key)"
    case .value(let value, _): "    \(value.isEmpty ? "(empty)" : value)"
    }
  }

  private func detail(
    _ facet: Facet,
    isNarrow: Bool,
    _ standings: Standings,
    _ world: World
  ) -> TableCell {
    switch facet {
    case .namespace(let name):
      if deleting.contains(facet) {
        return TableCell("\(Character(world.glyphs.down)) \(Standing.deleting)", .warn)
      }
      guard let standing = standings.namespace(name) else { return TableCell("", .dim) }
      if isNarrow {
        let sign = Standing.sign(standing.verdict, world.glyphs)
        return TableCell(String(sign), standing.role)
      }
      return TableCell(standing.text(world.glyphs, world.now), standing.role)
    case .label(let key):
      let count = HumanText.count(valueCounts[key] ?? 0)
      return TableCell(count + (gaps.concerns(facet) ? "+" : ""), .dim)
    case .type:
      guard let state = states[facet] else { return TableCell("") }
      return TableCell(state.word(world.glyphs), state.role)
    case .everything, .cluster, .value: return TableCell("")
    }
  }
}
