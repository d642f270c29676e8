// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

extension ExplorerScreen {
  /// Takes the cluster as it is known now, as when the screen is opened.
  mutating func follow(_ context: inout UpdateContext) {
    guard let snapshot = context.world.inventory else { return }
    showFacets(snapshot, &context)
    list(&context)
  }

  private mutating func showFacets(_ snapshot: InventorySnapshot, _ context: inout UpdateContext) {
    facets.take(snapshot)
    if facets.pane.cursor == nil { facets.pane.select(.everything) }
    countLabels(snapshot, &context)
  }

  /// Takes news of the cluster: at once where that is cheap, else in the background and not more often than worthwhile.
  ///
  /// While the lists are paused they wait for all of it together.
  mutating func followNews(_ context: inout UpdateContext) {
    guard !context.world.isPaused, let snapshot = context.world.inventory else { return }
    if snapshot.rowCount <= Self.inlineNewsLimit { return follow(&context) }
    // What is being listed comes to its end first: news that come faster would let none ever do.
    guard wanted == nil, pausing == nil else {
      isBehind = true
      return
    }
    isBehind = false
    showFacets(snapshot, &context)
    ask(&context)
    pausing = context.ask(.timer(Self.newsPause))
  }

  /// Shows another way in.
  mutating func show(_ way: ExplorerWay, _ context: inout UpdateContext) {
    facets.show(way)
    focus = .facets
    isZoomed = false
    if let snapshot = context.world.inventory { countLabels(snapshot, &context) }
    list(&context)
  }

  private mutating func countLabels(_ snapshot: InventorySnapshot, _ context: inout UpdateContext) {
    guard facets.wantsLabels(of: snapshot), counting == nil else { return }
    if snapshot.rowCount <= Self.inlineNewsLimit {
      facets.take(snapshot.labelFacets {}, changeCount: snapshot.changeCount)
    } else {
      counting = context.ask(.explorer(.labels(snapshot)))
    }
  }

  /// Lists what the left pane chooses, in the order of the columns, since the user has asked for it.
  mutating func list(_ context: inout UpdateContext) {
    guard let request = request(context.world) else { return }
    if request.snapshot.rowCount <= Self.inlineLimit {
      context.forget(wanted)
      context.forget(narrowing)
      (wanted, narrowing) = (nil, nil)
      show(request.listing {}, facets.cursor)
    } else {
      ask(&context)
    }
  }

  /// Asks for the list in the background; what was asked before is obsolete.
  private mutating func ask(_ context: inout UpdateContext) {
    guard let request = request(context.world) else { return }
    context.forget(wanted)
    wanted = context.ask(.explorer(.objects(request)))
  }

  private func request(_ world: World) -> ObjectListRequest? {
    guard let snapshot = world.inventory else { return nil }
    let order = ExplorerColumns.order(objects.sort)
    // An order is kept only for the same list; another one begins in its own.
    let isSame = listed == facets.cursor && listedOrder == order
    return ObjectListRequest(
      snapshot: snapshot,
      scope: facets.cursor.scope,
      order: order,
      query: objects.query,
      verdicts: standings.verdicts,
      shown: isSame && world.keepsOrder ? listing?.base.ids ?? [] : [],
      lateCount: listing?.lateCount ?? 0,
      marks: objects.list.marks
    )
  }

  /// Works the filter out after a key.
  mutating func narrow(_ context: inout UpdateContext) {
    guard var listing else { return }
    context.forget(narrowing)
    narrowing = nil
    if listing.base.count <= Self.inlineLimit {
      listing.narrow(objects.query) {}
      show(listing, listed)
    } else {
      narrowing = context.ask(.explorer(.narrow(listing, objects.query)))
    }
  }

  private mutating func show(_ listing: ObjectListing, _ facet: Facet) {
    self.listing = listing
    knowledge = ScopeKnowledge(facet.scope, in: listing.base.snapshot)
    listed = facet
    listedOrder = ExplorerColumns.order(objects.sort)
    if !listing.goneMarks.isEmpty { objects.keepMarks { !listing.goneMarks.contains($0) } }
    objects.show(exactly: listing.shown.ids, lateCount: listing.lateCount)
  }

  /// Takes answers that somebody still waits for.
  mutating func take(_ answer: Answer, _ token: Token, _ context: inout UpdateContext) {
    switch token {
    case wanted:
      wanted = nil
      if case .explorer(.objects(let listing)) = answer { took(listing, &context) }
      if case .failed(let failure) = answer { context.say(failure) }
    case narrowing:
      narrowing = nil
      if case .explorer(.objects(let listing)) = answer { show(listing, listed) }
    case counting:
      counting = nil
      if case .explorer(.labels(let labels, let changeCount)) = answer {
        facets.take(labels, changeCount: changeCount)
      }
    case pausing:
      pausing = nil
      if isBehind { followNews(&context) }
    case copying:
      copying = nil
      takeCopy(answer, &context)
    default: break
    }
  }

  /// Takes a list that was made in the background.
  private mutating func took(_ listing: ObjectListing, _ context: inout UpdateContext) {
    show(listing, facets.cursor)
    // The filter may have gone on meanwhile.
    if objects.query != listing.query { narrow(&context) }
  }
}
