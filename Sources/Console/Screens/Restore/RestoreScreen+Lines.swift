// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What the tabs of a restore say.
extension RestoreScreen {
  /// The most names that are listed of one kind.
  private static let nameLimit = 50

  /// The lines of the tab that is shown.
  func lines(_ world: World) -> [TextLine] {
    switch tab {
    case .progress: progressLines(world)
    case .failures: failureLines(world)
    case .readiness: []
    case .record: recordLines(world)
    }
  }

  /// What was done about objects, as far as it is known.
  func counts(_ world: World) -> RestoreCounts? {
    if let outcome = track(world)?.outcome { return outcome.counts }
    if let track = track(world), running(world)?.isRunning ?? false { return track.progress.counts }
    return facts.value?.outcome?.counts
  }

  private func progressLines(_ world: World) -> [TextLine] {
    var lines: [TextLine] = []
    if let track = track(world) { lines += waveLines(track, world) }
    if let counts = counts(world), let text = counts.text {
      lines += ["", TextLine([TextSpan("done     ", .dim), TextSpan(text)])]
    }
    let created = track(world)?.outcome?.namespaces ?? facts.value?.outcome?.namespaces ?? []
    if !created.isEmpty {
      lines.append(
        TextLine([
          TextSpan("created  ", .dim),
          TextSpan("namespaces " + HumanText.some(created, limit: Self.nameLimit)),
        ])
      )
    }
    lines += pendingLines(world)
    lines += issueLines(world)
    if lines.isEmpty { lines.append(nothingKnown) }
    return lines
  }

  private func waveLines(_ track: RestoreTrack, _ world: World) -> [TextLine] {
    let glyphs = world.glyphs
    let isOver = track.outcome != nil || track.stage == .records || track.stage == .readiness
    var lines = track.waves.map { wave in
      let isDone = isOver || wave.number != track.progress.wave
      let sign = Character(isDone ? glyphs.check : glyphs.bullet)
      let types =
        wave.types.count == 1
        ? wave.types[0] : "\(wave.types.count) types: \(HumanText.some(wave.types, limit: 3))"
      return TextLine([
        TextSpan("\(sign) ", isDone ? .ok : .running),
        TextSpan("wave \(wave.number)/\(track.progress.waves)  ", .dim),
        TextSpan(HumanText.counted(wave.done, "object")),
        TextSpan("  \(types)", .dim),
      ])
    }
    let later = track.progress.waves - track.progress.wave
    if !isOver, later > 0 {
      lines.append(TextLine("\(Character(glyphs.circle)) \(later) more to come", .dim))
    }
    return lines
  }

  private func pendingLines(_ world: World) -> [TextLine] {
    let pending = track(world)?.outcome?.pending ?? facts.value?.outcome?.pending ?? []
    guard !pending.isEmpty else { return [] }
    var lines: [TextLine] = [
      "",
      TextLine(
        "left undone: \(HumanText.counted(pending.count, "object")); R restores them",
        .warn
      ),
    ]
    lines += pending.prefix(Self.nameLimit).map { TextLine("  \($0.text)") }
    if pending.count > Self.nameLimit {
      lines.append(TextLine("  and \(HumanText.count(pending.count - Self.nameLimit)) more", .dim))
    }
    return lines
  }

  /// What went other than asked and is no object that failed.
  private func issueLines(_ world: World) -> [TextLine] {
    let issues = (running(world)?.issues ?? []).filter {
      $0.severity == .warning || $0.subject.name == nil
    }
    guard !issues.isEmpty else { return [] }
    var lines: [TextLine] = [""]
    for issue in issues.prefix(Self.nameLimit) {
      lines.append(TextLine("\(issue.severity.rawValue): \(issue.message)", issue.severity.style))
      if let cause = issue.cause { lines.append(TextLine("  \(cause)", .dim)) }
    }
    if issues.count > Self.nameLimit {
      lines.append(TextLine("and \(HumanText.count(issues.count - Self.nameLimit)) more", .dim))
    }
    return lines
  }

  /// The objects that failed, by cause.
  func groups(_ world: World) -> [FailureGroup] {
    if let track = track(world) { return track.groups }
    return FailureGroup.groups(of: (facts.value?.outcome?.failed ?? []).map(\.entry))
  }

  private func failureLines(_ world: World) -> [TextLine] {
    let groups = groups(world)
    guard !groups.isEmpty else {
      if running(world)?.isRunning ?? false { return [TextLine("nothing failed so far", .dim)] }
      if let counts = counts(world), counts[.fail] == 0 {
        return [TextLine("\(Character(world.glyphs.check)) nothing failed", .ok)]
      }
      if let errors = facts.value?.results?.errors.count ?? facts.value?.record?.status.errors {
        return [
          TextLine(
            "\(HumanText.counted(errors, "error")); the log (l) says which",
            errors > 0 ? .bad : .text
          )
        ]
      }
      return [nothingKnown]
    }
    return groups.flatMap { group in
      var names = group.examples.map { $0.target.text }
      if group.count > names.count {
        names.append("\(HumanText.count(group.count - names.count)) more")
      }
      var lines = [
        TextLine([
          TextSpan("\(Character(world.glyphs.cross)) ", .bad),
          TextSpan(HumanText.counted(group.count, "object"), .bad),
          TextSpan("  \(group.title)", .title),
        ]),
        TextLine("  " + names.joined(separator: ", ")), TextLine("  said: \(group.message)", .dim),
      ]
      if let hint = group.hint { lines.append(TextLine("  hint: \(hint)", .accent)) }
      return lines
    }
  }

  private func recordLines(_ world: World) -> [TextLine] {
    guard let found = facts.value else { return [nothingKnown] }
    guard let record = found.record else {
      return [
        TextLine("This restore was made by Velero, which keeps its record in the cluster.", .warn),
        TextLine("Only its log and its results are in the location.", .dim),
      ]
    }
    func line(_ label: String, _ value: String) -> TextLine? {
      value.isEmpty
        ? nil : TextLine([TextSpan(label.padded(to: 18), .dim), TextSpan(value)])
    }
    let (spec, status) = (record.spec, record.status)
    func list(_ label: String, _ values: [String]) -> TextLine? {
      line(label, values.joined(separator: ", "))
    }
    let maps = found.options?.maps ?? RestoreMaps()
    let policy = found.options?.recreates ?? false ? "recreate" : spec.existingResourcePolicy
    let own = RestoreFilter.neverRestored
    var lines = [
      line("Phase", status.phase.text), line("Failure", status.failureReason),
      line("Backup", spec.backupName), line("Schedule", spec.scheduleName),
      line("Started", world.moment(status.startTimestamp)),
      line("Completed", world.moment(status.completionTimestamp)),
      line("From", found.outcome?.source.shownIdentity ?? ""),
      line("Into", found.outcome?.target.shown ?? ""),
      list("Namespaces", spec.includedNamespaces == ["*"] ? ["all"] : spec.includedNamespaces),
      list("Not namespaces", spec.excludedNamespaces),
      list(
        "Into namespaces",
        spec.namespaceMapping.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
      ),
      list("Resources", spec.includedResources),
      list("Not resources", spec.excludedResources.filter { !own.contains($0) }),
      list("Objects", found.options?.objects ?? []), line("If it differs", policy),
      list(
        "Storage classes",
        maps.storageClasses.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      ),
      list("Images", maps.images.map { "\($0.old)=\($0.new)" }),
      line("Kept", found.isLocal ? "on this machine, since the store took no writes" : ""),
    ].compactMap { $0 }
    lines += status.validationErrors.map { TextLine($0, .bad) }
    return lines
  }

  /// Why there is nothing to say.
  private var nothingKnown: TextLine {
    if let failure = facts.failure {
      return TextLine("\(failure.message)\(failure.hint.map { "; \($0)" } ?? "")", .bad)
    }
    return facts.isLoading
      ? TextLine("reading the restore's files", .running) : TextLine("nothing is known of it", .dim)
  }
}

extension World {
  /// A moment in local time, and how long ago it was; empty for none.
  func moment(_ time: Timestamp?) -> String {
    guard let time else { return "" }
    return "\(local(time)) (\(ago(time)))"
  }
}

extension String {
  /// With blanks behind it, up to a number of characters.
  func padded(to count: Int) -> String {
    self + String(repeating: " ", count: Swift.max(1, count - self.count))
  }
}
