// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

extension ExplorerScreen {
  /// Finds all that should be looked at: what a state is known of, and that is not a good one.
  static let attentionTerm = "phase:attention"

  /// Opens what is under the cursor.
  mutating func open(_ context: inout UpdateContext) {
    switch focus {
    case .facets:
      if facets.toggle() { return }
      focus = .objects
    case .objects:
      if let address = cursorAddress { context.open(.object(address)) }
    }
  }

  /// The address of the object under the cursor.
  var cursorAddress: ObjectAddress? {
    guard let listing, let id = objects.cursor else { return nil }
    let hint = objects.list.cursorIndex
    let position =
      listing.shown.ids.indices.contains(hint) && listing.shown.ids[hint] == id
      ? hint : listing.shown.ids.firstIndex(of: id)
    return position.map(listing.shown.address)
  }

  /// Begins a filter, and says what of it is not seen here.
  func beginBackup(_ context: inout UpdateContext) {
    guard let seed else { return }
    let remark =
      focus == .objects
      ? objects.hiddenRemark("object")
      : facets.way == .namespaces ? facets.pane.hiddenRemark("namespace") : nil
    if let remark { context.say(.info, remark) }
    context.open(.filter(seed))
  }

  /// What a new filter begins with: the marked objects, those that the filter hides among them; else the row under the cursor.
  var seed: FilterSeed? {
    guard focus == .objects else { return facetSeed }
    let marked = markedAddresses
    let addresses = marked.isEmpty ? [cursorAddress].compactMap { $0 } : marked
    if addresses.isEmpty { return nil }
    let namespaces = addresses.filter { $0.type == "namespaces" }
    // Whole namespaces say more than their Namespace objects.
    if namespaces.count == addresses.count { return .namespaces(namespaces.map(\.name)) }
    return .objects(addresses)
  }

  /// The marked objects: those that are shown in their order, then the others.
  private var markedAddresses: [ObjectAddress] {
    guard let listing, !objects.list.marks.isEmpty else { return [] }
    var addresses = listing.shown.ids.indices.compactMap { position in
      objects.list.isMarked(listing.shown.ids[position]) ? listing.shown.address(position) : nil
    }
    guard objects.hiddenMarkCount > 0 else { return addresses }
    let snapshot = listing.base.snapshot
    var hidden = objects.list.marks.subtracting(listing.shown.ids)
    for type in 0..<snapshot.typeCount where !hidden.isEmpty {
      snapshot.forEachRow(ofType: type) { row in
        guard hidden.remove(snapshot.identity(ofType: type, index: row.index)) != nil else {
          return
        }
        addresses.append(snapshot.address(at: RowPlace(type: type, index: row.index)))
      }
    }
    return addresses
  }

  private var facetSeed: FilterSeed? {
    let names = facets.pane.allTargets.compactMap { facet in
      if case .namespace(let name) = facet { name } else { nil as String? }
    }
    if facets.way == .namespaces { return names.isEmpty ? nil : .namespaces(names) }
    switch facets.cursor {
    case .label(let key): return .labels(key)
    case .value(let value, let key): return .labels("\(key)=\(value)")
    case .type(let name):
      let resource = listing?.base.snapshot.types.first { $0.resource.groupResource == name }
      return .type(name, isOfCluster: resource.map { !$0.resource.isNamespaced } ?? false)
    case .everything, .cluster, .namespace: return nil
    }
  }

  /// Whether there is something that a filter can begin with; asked for every frame.
  var backupAvailability: Availability {
    var isThere = objects.cursor != nil || !objects.list.marks.isEmpty
    if focus == .facets {
      isThere =
        switch facets.cursor {
        case .everything, .cluster: facets.way == .namespaces && !facets.pane.list.marks.isEmpty
        case .namespace, .label, .value, .type: true
        }
    }
    return .when(isThere, "choose a namespace, a label or a type, or mark objects")
  }

  /// Shows only what is not protected, or takes that part of the filter away again.
  mutating func toggleAttention(_ context: inout UpdateContext) {
    focus = .objects
    let parts = objects.field.text.split(separator: " ").map(String.init)
    let isOn = parts.contains(Self.attentionTerm)
    let rest = parts.filter { $0 != Self.attentionTerm }
    objects.setFilter((isOn ? rest : rest + [Self.attentionTerm]).joined(separator: " "))
    narrow(&context)
  }

  /// Takes the filters away.
  mutating func clearFilters(_ context: inout UpdateContext) {
    facets.pane.setFilter("")
    facets.arrange()
    objects.setFilter("")
    narrow(&context)
  }

  mutating func stepLeft(_ context: inout UpdateContext) {
    guard focus == .facets else {
      if scrollColumns(.left, context.world) { return }
      focus = .facets
      isZoomed = false
      return
    }
    let former = facets.cursor
    facets.close()
    if facets.cursor != former { list(&context) }
  }

  mutating func stepRight(_ context: inout UpdateContext) {
    guard focus == .facets else {
      _ = scrollColumns(.right, context.world)
      return
    }
    if case .label(let key) = facets.cursor, !facets.isOpen(key) {
      _ = facets.toggle()
    } else {
      focus = .objects
    }
  }

  private mutating func scrollColumns(_ key: Key, _ world: World) -> Bool {
    scrollColumns(.key(key), of: \.objects, columns.shown(listed), world)
  }

  func tellGaps(_ context: inout UpdateContext) {
    let gaps = KnowledgeGaps(knowledge, context.world)
    if gaps.details.isEmpty {
      context.say(.info, gaps.line ?? "all types that are looked at here are known")
    } else {
      context.say(
        .warning,
        "\(HumanText.counted(gaps.details.count, "type")) not fully known; ! shows all",
        details: gaps.details
      )
    }
  }

  func copyName(_ context: inout UpdateContext) {
    if focus == .objects, let address = cursorAddress {
      context.copy(address.name, what: "the name '\(address.name)'")
    } else if focus == .facets {
      context.copy(facets.cursor.title, what: "'\(facets.cursor.title)'")
    }
  }

  mutating func copyYAML(_ context: inout UpdateContext) {
    guard let address = cursorAddress else { return }
    context.forget(copying)
    copying = context.ask(.liveObject(address))
  }

  func takeCopy(_ answer: Answer, _ context: inout UpdateContext) {
    switch answer {
    case .object(let object):
      context.copy(
        SecretMask.masked(object).yaml(sortedKeys: true),
        what: SecretMask.applies(to: object) ? "the YAML, values hidden" : "the YAML"
      )
    case .failed(let failure): context.say(failure)
    default: break
    }
  }
}
