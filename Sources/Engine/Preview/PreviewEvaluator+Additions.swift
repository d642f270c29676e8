// SPDX-License-Identifier: Apache-2.0

/// What taken objects need: the planner's requests, fulfilled from rows and relations.
extension PreviewEvaluator {
  /// Follows relations until nothing more is wanted.
  mutating func collectAdditions() {
    var wave = planner.nextWave()
    while !wave.isEmpty {
      for request in wave { fulfil(request) }
      wave = planner.nextWave()
    }
  }

  /// Tells the planner what the taken rows of a type say of others.
  mutating func observeRelations(_ type: Int, _ place: Int) {
    guard let kind = interests[type] else { return }
    let shapes = ground.relationColumns.shapes
    var seen = [Bool](repeating: false, count: kind == .pods ? shapes.count : 0)
    for (row, number) in types[type].column.enumerated()
    where number > 0 && table[number].isTaken {
      if kind == .pods, let shape = ground.relationColumns.shape(ofPod: row) {
        // A pod whose like was observed brings nothing new.
        if seen[shape], planner.bringsNothingNew(shapes[shape].relations) { continue }
        seen[shape] = true
      }
      observe(kind, place, row)
    }
  }

  private mutating func observe(_ kind: RelationKind, _ place: Int, _ row: Int) {
    guard let found = relations(kind, place, row) else { return }
    let object = ground.inventory.row(ofType: place, index: row)
    planner.observe(
      type: kind.type,
      namespace: ground.namespaceNames[Int(object.namespaceID)],
      name: object.name,
      relations: found
    )
  }

  /// What a pod or a claim says of others; nil where that is not known, which is noted.
  private mutating func relations(_ kind: RelationKind, _ place: Int, _ row: Int) -> Relations? {
    switch kind {
    case .pods:
      if let shape = ground.relationColumns.shape(ofPod: row) {
        return ground.relationColumns.shapes[shape].relations
      }
    case .claims:
      guard let claim = ground.relationColumns.claim(row) else { break }
      var found = Relations()
      found.volume = claim.volume
      found.volumeGroup = ground.inventory.row(ofType: place, index: row)
        .label(Relations.volumeGroupLabel)
      return found
    case .bindings, .volumes: return nil
    }
    want(kind, place, row)
    return nil
  }

  /// Notes that what a row says is not known.
  mutating func want(_ kind: RelationKind, _ place: Int, _ row: Int) {
    let namespace = ground.inventory.row(ofType: place, index: row).namespaceID
    let name = namespace == 0 ? nil : ground.namespaceNames[Int(namespace)]
    if let gap = ground.relations.gap(kind, inNamespace: name) {
      wants.gaps.insert(gap)
    } else {
      wants.rows[kind, default: []].insert(row)
    }
  }

  private mutating func fulfil(_ request: AdditionRequest) {
    switch request {
    case .named(let type, let namespace, let names):
      fulfil(names, type: type, namespace: namespace)
    case .bindings: fulfilBindings()
    case .podsOfClaims(let namespace, let claims):
      forEachRow("pods", namespace) { evaluator, place, row in
        evaluator.relations(.pods, place, row.index)?.claims.first { claims.contains($0) }
          .map { .podOfClaim("\(namespace)/\($0)") }
      }
    case .claimsOfVolumeGroups(let namespace, let groups):
      forEachRow("persistentvolumeclaims", namespace) { _, _, row in
        row.label(Relations.volumeGroupLabel).flatMap { groups[$0] }
          .map { .volumeGroupOfClaim($0) }
      }
    }
  }

  private mutating func fulfil(_ names: [String: Inclusion], type name: String, namespace: String?)
  {
    guard let type = selection.type(name), let place = types[type].place else { return }
    for (object, reason) in names {
      if let row = ground.inventory.row(ofType: place, namespace: namespace, name: object) {
        take(type, row, reason)
      } else {
        dangling[ObjectAddress(type: name, namespace: namespace, name: object)] = reason
      }
    }
  }

  private mutating func fulfilBindings() {
    guard let accounts = selection.type("serviceaccounts"),
      let accountPlace = types[accounts].place,
      let type = selection.type(RelationKind.bindings.type), let place = types[type].place
    else { return }
    let inventory = ground.inventory
    for row in inventory.objects(ofType: place) {
      guard let binding = ground.relationColumns.binding(row.index) else {
        want(.bindings, place, row.index)
        continue
      }
      let account = binding.accounts.first { path in
        let address = ObjectAddress(type: "serviceaccounts", path: path)
        return inventory.row(
          ofType: accountPlace,
          namespace: address.namespace,
          name: address.name
        ).map { isTaken(accounts, $0.index) } ?? false
      }
      guard let account else { continue }
      planner.observe(binding: row.name, role: binding.role)
      take(type, row, .bindingOfServiceAccount(account))
    }
  }

  private mutating func forEachRow(
    _ name: String,
    _ namespace: String,
    reason: (inout PreviewEvaluator, Int, ObjectRow) -> Inclusion?
  ) {
    guard let type = selection.type(name), let place = types[type].place else { return }
    for row in ground.inventory.rows(ofType: place, inNamespace: namespace) {
      if let reason = reason(&self, place, row) { take(type, row, reason) }
    }
  }

  /// Takes a row that others need, unless it is taken already.
  private mutating func take(_ type: Int, _ row: ObjectRow, _ reason: Inclusion) {
    guard row.index < types[type].column.count, !isTaken(type, row.index) else { return }
    let isFirst = types[type].count.taken == 0
    let verdict = selection.verdict(
      ofAddition: type,
      namespace: row.namespace,
      isBeingDeleted: row.isBeingDeleted,
      reason: reason,
      label: row.label
    )
    set(type, row, verdict, isOwn: verdict.isTaken)
    guard verdict.isTaken else { return }
    if isFirst { planner.observe(type: types[type].rule.groupResource) }
    if let kind = interests[type] { observe(kind, row.type, row.index) }
  }
}
