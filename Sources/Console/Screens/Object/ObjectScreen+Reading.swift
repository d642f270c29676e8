// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

extension ObjectScreen {
  /// Shows a view, and asks for what it needs.
  mutating func begin(_ view: ObjectView, _ context: inout UpdateContext) {
    self.view = view
    isSearching = false
    switch view {
    case .yaml: break
    case .relations:
      if let snapshot = context.world.inventory, followingOwners == nil {
        followingOwners = context.ask(.explorer(.ownership(address, snapshot)))
      }
      if tree.value == nil, readingTree == nil {
        tree.begin()
        readingTree = context.ask(.explorer(.relations(address)))
      }
      arrange(context.world)
    case .backups:
      if holders.value?.isComplete != true, findingHolders == nil { findHolders(&context) }
    }
  }

  /// Reads the object as it is now.
  mutating func read(_ context: inout UpdateContext) {
    object.begin()
    reading = context.ask(.liveObject(address))
  }

  /// Reads relations and backups again: what is shown now, the rest when it is shown.
  mutating func reread(_ context: inout UpdateContext) {
    if view == .relations {
      tree.begin()
      readingTree = context.ask(.explorer(.relations(address)))
    } else {
      tree.reset()
    }
    if view == .backups { findHolders(&context) } else { holders.reset() }
  }

  private mutating func findHolders(_ context: inout UpdateContext) {
    guard let snapshot = context.world.inventory, let type = snapshot.place(of: address.type) else {
      let failure = Failure(.notFound, "the cluster does not serve \(address.type)")
      holders.end(.failure(failure), at: context.world.now)
      return
    }
    let resource = snapshot.resource(ofType: type)
    holders.begin()
    findingHolders = context.ask(
      .explorer(
        .holders(
          CoverageObject(
            group: resource.group,
            kind: resource.kind,
            resource: resource.groupResource,
            namespace: address.namespace,
            name: address.name
          ),
          cluster: context.world.cluster.identity
        )
      )
    )
  }

  /// Takes note of the version in the inventory.
  ///
  /// - Returns: Whether it is another one than before.
  @discardableResult mutating func noteVersion(_ world: World) -> Bool {
    guard let snapshot = world.inventory, let type = snapshot.place(of: address.type) else {
      return false
    }
    let row = snapshot.row(ofType: type, namespace: address.namespace, name: address.name)
    // That it is gone can be said only where the type is fully known.
    isGone = row == nil && snapshot.type(at: type).state.isCurrent
    guard let version = row?.resourceVersion, version != knownVersion else { return false }
    defer { knownVersion = version }
    return knownVersion != nil && version != text.version
  }

  mutating func layText() {
    guard let value = object.value else { return }
    text = ObjectText(
      value,
      revealsSecrets: revealsSecrets,
      showsManagedFields: showsManagedFields
    )
  }

  func arrangedRows(_ world: World) -> RelationRows {
    RelationRows(of: address, ownership, tree, world)
  }

  mutating func arrange(_ world: World) {
    rows = arrangedRows(world)
    relations.show(rows.rows.map(\.id))
  }

  mutating func take(_ answer: Answer, _ token: Token, _ context: inout UpdateContext) {
    let now = context.world.now
    switch token {
    case reading:
      reading = nil
      takeObject(answer, &context)
    case followingOwners:
      followingOwners = nil
      if case .explorer(.ownership(let found)) = answer { ownership = found ?? ownership }
      arrange(context.world)
    case readingTree:
      readingTree = nil
      if case .explorer(.relations(let value)) = answer { tree.end(.success(value), at: now) }
      if case .failed(let failure) = answer { tree.end(.failure(failure), at: now) }
      arrange(context.world)
    case findingHolders:
      if case .failed(let failure) = answer {
        findingHolders = nil
        holders.end(.failure(failure), at: now)
      }
      guard case .explorer(.holders(let value)) = answer else { return }
      if value.isComplete { findingHolders = nil }
      holders.end(.success(value), at: now)
      backups.show(
        value.entries.filter { $0.holding.finding != .lacks }.map(\.place),
        keepsOrder: true
      )
    default: break
    }
  }

  private mutating func takeObject(_ answer: Answer, _ context: inout UpdateContext) {
    let now = context.world.now
    switch answer {
    case .object(let value):
      let former = text.uid
      object.end(.success(value), at: now)
      layText()
      if !former.isEmpty, former != text.uid {
        revealsSecrets = false
        layText()
        context.say(.warning, "\(address) is another object of the same name now")
      }
    case .failed(let failure):
      object.end(.failure(failure), at: now)
      if failure.kind == .notFound { isGone = true }
    default: break
    }
  }
}
