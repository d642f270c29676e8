// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Judges every row of the inventory as a backup would judge the object.
///
/// The order is a backup's: the lists of the filter, what taken objects need, the Namespace objects. The decisions are those of
/// `Selection` and `AdditionPlanner`; only where a backup reads from the network, this reads rows and relations.
struct PreviewEvaluator {
  let ground: PreviewGround
  let selection: Selection
  private let standings: PreviewStandings
  /// The namespaces that the filter names, where no others are known; nil where all are.
  private let namedOnly: Set<String>?
  var table = VerdictTable()
  var types: [PreviewType]
  var namespaceCounts: [PreviewCount]
  /// By the number of the namespace, whether anything was listed in it.
  private(set) var holdsObjects: [Bool]
  /// The places of the selectors that matched an object of a listed type first.
  private(set) var matchedSelectors: Set<Int> = []
  var planner: AdditionPlanner
  /// By type, which relations of its objects can bring others.
  let interests: [RelationKind?]
  var wants = RelationWants()
  /// Objects that others need and that are not there.
  var dangling: [ObjectAddress: Inclusion] = [:]
  /// What the resource policy says about the data of volumes.
  private(set) var volumes: [VolumeOutlook] = []

  init(_ selection: Selection, _ ground: PreviewGround, _ named: NamedNamespaces) {
    self.ground = ground
    namedOnly = ground.listsNamespaces ? nil : Set(named.facts.map(\.name))
    self.selection = selection
    standings = PreviewStandings(selection, ground)
    types = zip(selection.types, ground.rowPlaces).map { PreviewType(rule: $0, place: $1) }
    namespaceCounts = Array(repeating: PreviewCount(), count: ground.namespaceNames.count)
    holdsObjects = Array(repeating: false, count: ground.namespaceNames.count)
    let planner = AdditionPlanner(selection: selection)
    interests = selection.types.map { rule in
      planner.hasInterest(in: rule.groupResource) ? RelationKind(rawValue: rule.groupResource) : nil
    }
    self.planner = planner
  }

  /// Judges everything.
  mutating func run() {
    let namespaces = selection.type("namespaces")
    for type in types.indices where type != namespaces { judge(type) }
    collectAdditions()
    if let namespaces { judgeNamespaces(namespaces) }
    volumes = outlooks()
  }

  // The lists.

  /// Whether the rows of a type are shown by it, and not by another under which the same objects are known.
  private func showsRows(_ type: Int) -> Bool {
    guard let place = types[type].place else { return false }
    let isOwn =
      ground.inventory.type(at: place).resource.groupResource == types[type].rule.groupResource
    return isOwn || types[type].rule.listing == nil
  }

  private mutating func judge(_ type: Int) {
    guard let place = types[type].place, showsRows(type) else { return }
    let rule = types[type].rule
    let excluded = rule.listing ?? selection.only.map { .notPartOf($0.title) }
    let fixed = excluded.map { table.number(of: .left($0)) }
    let rows = RowJudgement(ground.inventory, place, standings) { namespace, labels, isDeleted in
      if let fixed { return fixed }
      return table.number(
        of: selection.verdict(
          ofListed: type,
          standings.namespaces[Int(namespace)],
          standings.selector(labels),
          isLabelledOut: standings.isLabelledOut(labels),
          isBeingDeleted: isDeleted
        )
      )
    }
    types[type].column = rows.column
    for group in rows.groups {
      let verdict = table[group.number]
      count(type, group.namespace, group.number, verdict, by: group.count)
      if verdict.isOfCollected { holdsObjects[Int(group.namespace)] = true }
      if fixed == nil, case .matches(let place) = standings.selector(group.labels) {
        matchedSelectors.insert(place)
      }
    }
    if rule.listing == nil, let only = selection.only { judgeMembers(of: only, type, place) }
    guard types[type].count.taken > 0 else { return }
    planner.observe(type: rule.groupResource)
    observeRelations(type, place)
  }

  /// Judges those rows of a type that the filter is restricted to; the others have their verdict.
  private mutating func judgeMembers(of only: ObjectSet, _ type: Int, _ place: Int) {
    let name = types[type].rule.groupResource
    for (namespace, names) in only.names(ofType: name) {
      for object in names {
        guard let row = ground.inventory.row(ofType: place, namespace: namespace, name: object),
          let membership = only.membership(type: name, namespace: namespace, name: object)
        else { continue }
        let labels = standings.labelClasses[Int(row.labelSetID)]
        let verdict = selection.verdict(
          ofListed: type,
          standings.namespaces[Int(row.namespaceID)],
          standings.selector(labels),
          .member(membership),
          isLabelledOut: standings.isLabelledOut(labels),
          isBeingDeleted: row.isBeingDeleted
        )
        set(type, row, verdict, isOwn: true)
        if verdict.isOfCollected { holdsObjects[Int(row.namespaceID)] = true }
        if case .matches(let place) = standings.selector(labels) { matchedSelectors.insert(place) }
      }
    }
  }

  private mutating func count(
    _ type: Int,
    _ namespace: UInt32,
    _ number: UInt32,
    _ verdict: Verdict,
    by count: Int
  ) {
    if verdict.isTaken {
      types[type].count.taken += count
      namespaceCounts[Int(namespace)].taken += count
    } else {
      types[type].count.left[Int(number) - 1, default: 0] += count
      namespaceCounts[Int(namespace)].left[Int(number) - 1, default: 0] += count
    }
  }

  /// Gives a row another verdict than it had.
  mutating func set(_ type: Int, _ row: ObjectRow, _ verdict: Verdict, isOwn: Bool) {
    let old = types[type].column[row.index]
    count(type, row.namespaceID, old, table[old], by: -1)
    let number = isOwn ? table.append(verdict) : table.number(of: verdict)
    types[type].column[row.index] = number
    count(type, row.namespaceID, number, verdict, by: 1)
  }

  /// Whether a row is taken so far.
  func isTaken(_ type: Int, _ row: Int) -> Bool {
    let column = types[type].column
    return row < column.count && column[row] > 0 && table[column[row]].isTaken
  }

  // The Namespace objects.

  private mutating func judgeNamespaces(_ type: Int) {
    guard let place = types[type].place else { return }
    var column: [UInt32] = []
    for row in ground.inventory.objects(ofType: place) {
      let facts = NamespaceFacts(row)
      let verdict =
        isKnown(facts.name)
        ? selection.verdict(
          ofNamespace: facts,
          isBeingDeleted: row.isBeingDeleted,
          holdsObjects: holds(facts.name)
        ) : .left(.namespaceNotIncluded(facts.name))
      let number = table.number(of: verdict)
      while column.count <= row.index { column.append(0) }
      column[row.index] = number
      count(type, 0, number, verdict, by: 1)
    }
    types[type].column = column
  }

  /// Whether a backup would know of a namespace.
  private func isKnown(_ namespace: String) -> Bool { namedOnly?.contains(namespace) ?? true }

  /// Whether anything was listed in a namespace, by its name.
  func holds(_ namespace: String) -> Bool {
    ground.inventory.namespaceID(namespace).map { holdsObjects[Int($0)] } ?? false
  }
}

/// The numbers of the verdicts of a type's rows; each combination of what decides is judged once.
private struct RowJudgement {
  /// Rows of one namespace that the filter judges alike.
  struct Group {
    let namespace: UInt32
    /// The class of their labels.
    let labels: UInt32
    let number: UInt32
    let count: Int
  }

  private(set) var column: [UInt32]
  private(set) var groups: [Group] = []

  /// Makes the numbers; `judge` gives the verdict's for a namespace, a class of labels, and whether the object is being deleted.
  init(
    _ inventory: InventorySnapshot,
    _ place: Int,
    _ standings: PreviewStandings,
    judge: (_ namespace: UInt32, _ labels: UInt32, _ isBeingDeleted: Bool) -> UInt32
  ) {
    let classes = standings.labelClassCount
    let slots = standings.namespaces.count * classes * 2
    var numbers = [UInt32](repeating: 0, count: slots)
    var counts = [UInt32](repeating: 0, count: slots)
    var column = [UInt32](repeating: 0, count: inventory.content[place].rowCount)
    let labelClasses = standings.labelClasses
    inventory.forEachRow(ofType: place) { row in
      let labels = labelClasses[Int(row.labelSetID)]
      let slot =
        (Int(row.namespaceID) * classes + Int(labels)) * 2 + (row.isBeingDeleted ? 1 : 0)
      if numbers[slot] == 0 {
        numbers[slot] = judge(row.namespaceID, labels, row.isBeingDeleted)
      }
      counts[slot] += 1
      column[row.index] = numbers[slot]
    }
    self.column = column
    for slot in counts.indices where counts[slot] > 0 {
      groups.append(
        Group(
          namespace: UInt32(slot / (classes * 2)),
          labels: UInt32(slot / 2 % classes),
          number: numbers[slot],
          count: Int(counts[slot])
        )
      )
    }
  }
}
