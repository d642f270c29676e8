// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What is known of a backup, in lines: from its record, and from its files when they have been read.
enum BackupFacts {
  static func lines(_ entry: BackupEntry, _ details: BackupDetails?, _ world: World) -> Facts {
    var facts = Facts()
    let status = entry.status(world)
    facts.add("phase", status.text, status.role)
    // What the phase says is not said twice.
    if status.role == .ok, let reason = entry.attention(world) {
      facts.add("attention", reason, .warn)
    }
    let failure = entry.backup.status.failureReason
    if !failure.isEmpty { facts.add("reason", failure, .bad) }
    for problem in entry.backup.status.validationErrors { facts.add("invalid", problem, .bad) }
    facts.add("location", entry.place.location)
    addTimes(entry, world, &facts)
    addContents(entry, details, &facts)
    addVerification(entry, world, &facts)
    addFilter(entry.backup, &facts)
    addOrigin(entry.backup, world, &facts)
    addRestores(entry.place, world, &facts)
    if let details { addFiles(details, &facts) }
    return facts
  }

  private static func addTimes(_ entry: BackupEntry, _ world: World, _ facts: inout Facts) {
    if let started = entry.started {
      facts.add("began", "\(world.ago(started)), on \(world.local(started))")
    } else {
      facts.add("began", "its record does not say", .dim)
    }
    if let duration = entry.duration {
      facts.add("took", HumanText.elapsed(.seconds(duration.seconds)))
    }
    facts.add("ends", entry.expiryLine(world), entry.expiry(world).role)
  }

  private static func addContents(
    _ entry: BackupEntry,
    _ details: BackupDetails?,
    _ facts: inout Facts
  ) {
    facts.add(
      "objects",
      entry.objectCount.map { HumanText.count($0) } ?? "not counted",
      entry.objectCount == nil ? .dim : .text
    )
    let status = entry.backup.status
    if status.errors > 0 { facts.add("errors", HumanText.count(status.errors), .bad) }
    if status.warnings > 0 { facts.add("warnings", HumanText.count(status.warnings), .warn) }
    if let size = entry.sizeBytes { facts.add("size", HumanText.bytes(size)) }
    if let window = ConsistencyWindow(annotations: entry.backup.annotations) {
      facts.add("shows", window.summary)
    }
    if let progress = entry.backup.status.progress, !entry.backup.status.phase.isFinal {
      facts.add(
        "so far",
        "\(HumanText.count(progress.itemsBackedUp)) of \(HumanText.count(progress.totalItems))"
      )
    }
  }

  private static func addVerification(
    _ entry: BackupEntry,
    _ world: World,
    _ facts: inout Facts
  ) {
    guard let note = entry.verification else { return facts.add("verified", "never", .dim) }
    facts.add(
      "verified",
      "\(note.isSound ? "sound" : "damaged") \(world.ago(note.time)): \(note.text)",
      note.isSound ? .ok : .bad
    )
  }

  private static func addFilter(_ backup: Backup, _ facts: inout Facts) {
    facts.heading("What it takes")
    func add(_ label: String, _ values: [String], _ whenEmpty: String?) {
      if values.isEmpty {
        if let whenEmpty { facts.add(label, whenEmpty) }
      } else {
        facts.add(label, values.joined(separator: ", "))
      }
    }
    let spec = backup.spec
    let roots = (try? BackupScope.roots(in: backup.annotations)) ?? []
    add("workloads", roots.map(\.text), nil)
    add("namespaces", spec.includedNamespaces, "all")
    add("without", spec.excludedNamespaces, nil)
    add("resources", spec.includedResources, nil)
    add("cluster's", spec.includedClusterScopedResources, nil)
    add("namespaced", spec.includedNamespaceScopedResources, nil)
    add(
      "no types",
      spec.excludedResources + spec.excludedClusterScopedResources
        + spec.excludedNamespaceScopedResources,
      nil
    )
    if let selector = spec.labelSelector, !selector.isEmpty {
      facts.add("labels", selector.description)
    }
    add("any of", spec.orLabelSelectors.map(\.description), nil)
  }

  private static func addOrigin(_ backup: Backup, _ world: World, _ facts: inout Facts) {
    switch BackupOrigin(backup, seenFrom: world.cluster.identity) {
    case .own: facts.add("cluster", "this one")
    case .other(let source): facts.add("cluster", "another one (\(source.uid))", .warn)
    case .unsaid: facts.add("cluster", "its record does not say", .dim)
    case .untold(let source):
      facts.add("cluster", "\(source.uid); whether it is this one is not known", .warn)
    }
  }

  private static func addRestores(
    _ place: BackupPlace,
    _ world: World,
    _ facts: inout Facts
  ) {
    let restores = (world.restores[place.location]?.value ?? []).filter {
      $0.record?.spec.backupName == place.name
    }
    guard !restores.isEmpty else { return }
    facts.add("restores", HumanText.some(restores.map(\.name), limit: 5))
  }

  private static func addFiles(_ details: BackupDetails, _ facts: inout Facts) {
    facts.heading("Files")
    for file in details.files {
      let size = TextWidth.fit(HumanText.bytes(file.sizeBytes), to: 10)
      facts.add(TextLine([TextSpan(size, .dim), TextSpan(file.name)]))
    }
  }
}
