// SPDX-License-Identifier: Apache-2.0

/// What a restore's filter takes of an archive and what it leaves out, with the reasons; the target is not looked at yet.
///
/// What the plan may say besides: that two objects go to the same place, that the target does not serve a type, and what is there
/// already.
public struct ArchivePreview: Sendable {
  /// The objects of a type or of a namespace.
  public struct Row: Sendable, Hashable {
    /// The type as `plural.group`, or the namespace as the backup has it; empty for cluster-scoped objects among the namespaces.
    public var name: String
    /// How many are taken.
    public var taken = 0
    /// How many each reason leaves out.
    public var left: [RestoreSkip: Int] = [:]

    /// How many are left out in all.
    public var leftTotal: Int { left.values.reduce(0, +) }
  }

  /// The archive's objects.
  public let index: ArchiveIndex
  /// The types, sorted by name.
  public let types: [Row]
  /// The namespaces that objects live in, sorted by name.
  public let namespaces: [Row]
  /// Why objects are left out, the most frequent reason first.
  public let reasons: [(reason: RestoreSkip, count: Int)]
  /// What the user should know of the filter and of the objects that are named.
  public let remarks: [SelectionRemark]
  /// Whether what pods and claims bring along is counted; while it is not, some that will be taken count as left out.
  public let isWhole: Bool
  /// How many objects are taken.
  public let takenCount: Int

  private let choice: RestoreChoice
  private let named: Set<Int>
  private let asksForAll: Bool

  /// How many objects there are.
  public var count: Int { index.itemCount }

  /// Counts what a choice takes.
  ///
  /// - Parameters:
  ///   - index: The archive's objects.
  ///   - choice: What is taken of them.
  ///   - filter: The filter that was asked.
  ///   - named: The numbers of the objects that are asked for by name.
  ///   - remarks: What the user should know.
  ///   - isWhole: Whether the choice knows what objects bring along.
  init(
    _ index: ArchiveIndex,
    _ choice: RestoreChoice,
    filter: RestoreFilter,
    named: Set<Int>,
    remarks: [SelectionRemark],
    isWhole: Bool
  ) {
    var choice = choice
    // Whatever the filter says of them: where they are missing, they are made as the backup has them.
    for name in choice.namespaces {
      let number = index.number(resource: RestoreWave.namespaces, namespace: nil, name: name)
      if let number { choice.skips[number] = nil }
    }
    var tally = Tally(index.rows)
    for number in 0..<index.itemCount { tally.count(number, choice.skips[number]) }
    (types, namespaces) = (tally.typeRows, tally.namespaceRows)
    var counts: [RestoreSkip: Int] = [:]
    for row in types { counts.merge(row.left, uniquingKeysWith: +) }
    reasons = counts.map { (reason: $0, count: $1) }
      .sorted { ($1.count, $0.reason.description) < ($0.count, $1.reason.description) }
    takenCount = types.reduce(0) { $0 + $1.taken }
    asksForAll = filter == RestoreFilter()
    (self.index, self.choice, self.named) = (index, choice, named)
    (self.remarks, self.isWhole) = (remarks, isWhole)
  }

  /// Whether an object is taken.
  public func isTaken(_ number: Int) -> Bool { choice.skips[number] == nil }

  /// Why an object is taken or left out, in words.
  public func reason(for number: Int) -> String {
    if let skip = choice.skips[number] { return skip.description }
    if let origin = choice.origins[number] { return "needed by \(index.address(origin))" }
    if named.contains(number) { return "one of the objects that are named" }
    let item = index[number]
    if item.resource == RestoreWave.namespaces, choice.namespaces.contains(item.name) {
      return "namespace of objects that are restored"
    }
    return asksForAll ? "all of the backup is asked for" : "the filter takes it"
  }

  /// The objects that one is restored for, each for the next one; empty for those that are asked for.
  public func origins(of number: Int) -> [Int] {
    var origins: [Int] = []
    var next = choice.origins[number]
    while let origin = next {
      origins.append(origin)
      next = choice.origins[origin]
    }
    return origins
  }
}

/// Counts by type and by namespace, without a look at texts for each object.
private struct Tally {
  /// Objects of one type and namespace that share a fate.
  private struct Fate: Hashable {
    var type: UInt32
    var namespace: UInt32
    /// The place of the reason in `reasons`; 0 for none.
    var reason: Int
  }

  private let rows: ArchiveIndexRows
  private var reasons: [RestoreSkip: Int] = [:]
  private var latest: (skip: RestoreSkip, reason: Int)?
  private var fates: [Fate: Int] = [:]

  init(_ rows: ArchiveIndexRows) { self.rows = rows }

  mutating func count(_ number: Int, _ skip: RestoreSkip?) {
    let fate = Fate(
      type: rows.itemTypes[number],
      namespace: rows.itemNamespaces[number],
      reason: skip.map { reason($0) } ?? 0
    )
    fates[fate, default: 0] += 1
  }

  /// The number of a reason, from 1; neighbours mostly share it, and comparing is cheaper than hashing.
  private mutating func reason(_ skip: RestoreSkip) -> Int {
    if let latest, latest.skip == skip { return latest.reason }
    let reason = reasons[skip] ?? reasons.count + 1
    reasons[skip] = reason
    latest = (skip, reason)
    return reason
  }

  private func rows(by key: KeyPath<Fate, UInt32>) -> [UInt32: ArchivePreview.Row] {
    let skips = Dictionary(uniqueKeysWithValues: reasons.map { ($0.value, $0.key) })
    var counts: [UInt32: ArchivePreview.Row] = [:]
    for (fate, count) in fates {
      counts[fate[keyPath: key], default: ArchivePreview.Row(name: "")]
        .count(skips[fate.reason], count)
    }
    return counts
  }

  var typeRows: [ArchivePreview.Row] {
    named(rows(by: \.type)) { rows.text.string(rows.types[Int($0)].resource) }
  }

  var namespaceRows: [ArchivePreview.Row] {
    named(rows(by: \.namespace)) { $0 == 0 ? "" : rows.text.string($0) }
  }

  private func named(
    _ counts: [UInt32: ArchivePreview.Row],
    _ name: (UInt32) -> String
  ) -> [ArchivePreview.Row] {
    counts.map { key, row in
      var row = row
      row.name = name(key)
      return row
    }.sorted { $0.name < $1.name }
  }
}

extension ArchivePreview.Row {
  fileprivate mutating func count(_ skip: RestoreSkip?, _ count: Int) {
    if let skip { left[skip, default: 0] += count } else { taken += count }
  }
}

extension ArchivePreview {
  /// The objects of a type, sorted by namespace and name.
  ///
  /// - Parameters:
  ///   - resource: The type as `plural.group`.
  ///   - isTaken: Whether those that are taken are wanted, or those that are left out.
  /// - Returns: Their numbers; none for a type that the archive lacks.
  public func numbers(ofType resource: String, taken isTaken: Bool) -> [Int] {
    let keys = index.numbers(ofType: resource).filter { self.isTaken($0) == isTaken }
      .map { (number: $0, namespace: index[$0].namespace ?? "", name: index[$0].name) }
    return keys.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }.map(\.number)
  }

  /// An object with its reason.
  public func object(_ number: Int) -> PreviewObject {
    PreviewObject(
      address: index.address(number),
      isTaken: isTaken(number),
      reason: reason(for: number)
    )
  }
}
