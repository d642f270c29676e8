// SPDX-License-Identifier: Apache-2.0

/// What a restore's filter says of every object of an archive.
public struct RestoreChoice: Sendable {
  /// For each object of the index, by its number, why it is not restored; nil when it is.
  public var skips: [RestoreSkip?]
  /// The namespaces, as the backup has them, that objects to be restored live in.
  public var namespaces: Set<String>
  /// For an object that is restored only because another one brings it along, the number of that one.
  public var origins: [Int: Int] = [:]

  /// How many objects are restored.
  public var takenCount: Int { skips.count { $0 == nil } }

  /// The numbers of the objects that are restored, in the archive's order.
  public var taken: some Sequence<Int> { skips.indices.lazy.filter { skips[$0] == nil } }
}

extension RestoreSelection {
  /// Asks about every object of an archive, and then about the objects that the chosen ones bring along.
  ///
  /// Types, namespaces and sets of labels are looked at once each, so that a million objects cost little more than the
  /// reading of their rows.
  ///
  /// - Parameters:
  ///   - index: The archive's objects.
  ///   - only: The objects that are asked for by name; nil for all.
  ///   - needs: For an object's number, the objects that it brings along; those that the archive lacks are passed over.
  /// - Returns: The choice.
  public func choose(
    from index: ArchiveIndex,
    only: NamedObjects? = nil,
    needs: (Int) -> [ObjectAddress] = { _ in [] }
  ) -> RestoreChoice {
    var columns = ChoiceColumns(rows: index.rows, selection: self)
    var choice = RestoreChoice(skips: [], namespaces: [])
    choice.skips.reserveCapacity(index.itemCount)
    for number in 0..<index.itemCount {
      let isNamed = only?.numbers.contains(number) ?? true
      choice.skips.append(isNamed ? columns.skip(number) : .notNamed)
    }
    var open = Array(choice.taken)
    while let number = open.popLast() {
      for reference in needs(number) {
        guard let other = index.number(of: reference), choice.skips[other] != nil,
          exclusion(ofNeeded: reference.type, namespace: reference.namespace) == nil,
          Self.skip(flags: index[other].flags) == nil
        else { continue }
        choice.skips[other] = nil
        choice.origins[other] = number
        open.append(other)
      }
    }
    choice.namespaces = index.rows.namespaces(ofItems: choice.taken)
    return choice
  }

  /// Why an object that the filter takes is not restored for its own sake.
  static func skip(flags: ArchivedItemFlags) -> RestoreSkip? {
    if flags.contains(.completed) { return .completed }
    return flags.contains(.mirrorPod) ? .mirrorPod : nil
  }
}

extension ArchiveIndex {
  /// The number of an object; nil when the archive lacks it.
  public func number(of reference: ObjectAddress) -> Int? {
    number(resource: reference.type, namespace: reference.namespace, name: reference.name)
  }
}

/// What a selection says of the columns of an index, each value asked about once.
private struct ChoiceColumns {
  private struct Scope: Hashable {
    var type: UInt32
    var isNamespaced: Bool
  }

  private struct TypeAnswer {
    var skip: RestoreSkip?
    /// Whether namespaces and labels do not count.
    var isMustHave: Bool
  }

  private enum Answer {
    case taken
    case left(RestoreSkip)

    init(_ skip: RestoreSkip?) { self = skip.map { .left($0) } ?? .taken }

    var skip: RestoreSkip? {
      if case .left(let skip) = self { skip } else { nil }
    }
  }

  let rows: ArchiveIndexRows
  let selection: RestoreSelection
  private var types: [Scope: TypeAnswer] = [:]
  private var namespaces: [UInt32: Answer] = [:]
  private var labels: [UInt32: Answer] = [:]

  init(rows: ArchiveIndexRows, selection: RestoreSelection) {
    self.rows = rows
    self.selection = selection
  }

  mutating func skip(_ number: Int) -> RestoreSkip? {
    let type = typeAnswer(number)
    if let skip = type.skip { return skip }
    if !type.isMustHave, let skip = namespaceSkip(number) ?? labelSkip(number) { return skip }
    return RestoreSelection.skip(flags: rows.itemFlags[number])
  }

  private mutating func typeAnswer(_ number: Int) -> TypeAnswer {
    let isNamespaced = rows.itemNamespaces[number] != 0
    let scope = Scope(type: rows.itemTypes[number], isNamespaced: isNamespaced)
    if let known = types[scope] { return known }
    let resource = ArchivedItem(rows: rows, number: number).resource
    let answer = TypeAnswer(
      skip: selection.exclusion(ofType: resource, isNamespaced: isNamespaced),
      isMustHave: RestoreSelection.mustHave.contains(resource)
    )
    types[scope] = answer
    return answer
  }

  private mutating func namespaceSkip(_ number: Int) -> RestoreSkip? {
    let namespace = rows.itemNamespaces[number]
    guard namespace != 0 else { return nil }
    if let known = namespaces[namespace] { return known.skip }
    let skip = selection.exclusion(ofNamespace: rows.text.string(namespace))
    namespaces[namespace] = Answer(skip)
    return skip
  }

  private mutating func labelSkip(_ number: Int) -> RestoreSkip? {
    guard !selection.filter.selectors.isEmpty else { return nil }
    let set = rows.itemLabels[number]
    if let known = labels[set] { return known.skip }
    let own = ArchivedItem(rows: rows, number: number).labels
    let skip = selection.exclusion(ofLabels: { own[$0] })
    labels[set] = Answer(skip)
    return skip
  }
}
