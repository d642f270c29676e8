// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// The last look before a restore is launched.
extension RestorePlanScreen {
  /// Whether what is shown can be launched, and why not.
  func launchability(_ world: World) -> Availability {
    if let problem = form.problem { return .disabled(problem) }
    if planning.attempt != nil { return .disabled("the plan is being made") }
    if let failure = planning.failure { return .disabled("there is no plan: \(failure.message)") }
    guard let plan = planning.plan else { return .disabled("there is no plan yet") }
    guard plan.generation == world.cluster.generation else {
      return .disabled("the plan is of another cluster; P plans again")
    }
    guard isCurrent(world) else {
      return .disabled("the form has changed since the plan was made; P plans again")
    }
    guard case .connected = world.cluster.phase else {
      return .disabled("the cluster does not answer")
    }
    return .when(plan.preview.counts.total > 0, "nothing would be restored")
  }

  /// Opens the question; what it launches is fixed by it.
  func review(_ context: inout UpdateContext) {
    let world = context.world
    guard let request, let plan = planning.plan, launchability(world).isEnabled else { return }
    let launch = RestoreLaunch.run(
      request,
      location: seed.place.location,
      generation: plan.generation
    )
    context.confirm(
      Confirmation(
        title: "Restore '\(request.restore.name)'?",
        lines: reviewLines(plan, world),
        accept: "Restore",
        arm: world.isProduction ? world.contextName : nil,
        launches: [
          PlannedLaunch(
            .restore(launch),
            .restore,
            request.restore.name,
            total: plan.preview.counts.total
          )
        ],
        tag: Self.launchTag
      )
    )
  }

  private func reviewLines(_ plan: RestorePlanning.Plan, _ world: World) -> [ConfirmationLine] {
    let preview = plan.preview
    var lines = [
      ConfirmationLine("from  backup '\(preview.backup.name)' of '\(seed.place.location)'"),
      ConfirmationLine("into  \(preview.target.shown)", world.isProduction ? .production : .title),
      ConfirmationLine("what  \(form.summary)"),
    ]
    if let warning = clusterWarning(preview) { lines.append(ConfirmationLine(warning, .warn)) }
    lines.append(ConfirmationLine(""))
    for action in Self.chips where preview.counts[action] > 0 {
      let count = HumanText.counted(preview.counts[action], "object")
      lines.append(
        ConfirmationLine("\(action.sign(world.glyphs)) \(count) \(action.foreseen)", action.role)
      )
    }
    if !preview.namespaces.isEmpty {
      let names = HumanText.some(preview.namespaces, limit: 5)
      lines.append(ConfirmationLine("+ namespaces: \(names)", .added))
    }
    // What is deleted or overwritten is named; the rest of them is counted.
    for action in [RestoreAction.recreate, .update] {
      let named = preview.entries.filter { $0.verdict.action == action }
      for entry in named.prefix(Self.namedLimit) {
        let sign = action.sign(world.glyphs)
        lines.append(ConfirmationLine("  \(sign) \(entry.target.text)", action.role))
      }
      if named.count > Self.namedLimit {
        let rest = HumanText.count(named.count - Self.namedLimit)
        lines.append(
          ConfirmationLine("  \(action.sign(world.glyphs)) and \(rest) more", action.role)
        )
      }
    }
    let errors = preview.findings.filter { $0.severity == .error }
    lines += errors.map { ConfirmationLine("error: \($0.message)", .bad) }
    if !preview.isCheckedByServer {
      lines.append(ConfirmationLine("the server was not asked whether it takes the objects", .warn))
    }
    return lines
  }

  /// Objects that are deleted first or changed are named, up to so many of each.
  private static let namedLimit = 10

  /// What is to be said about where the backup was made and where it goes; nil where both are the same cluster.
  func clusterWarning(_ preview: RestorePreview) -> String? {
    let route = RestoreRoute(
      backup: preview.backup.name,
      source: preview.source,
      target: preview.target
    )
    if route.isIntoSource { return nil }
    guard preview.source.identity != nil, preview.target.identity != nil else {
      return "it cannot be told whether this is the cluster that the backup was made of"
    }
    return "this is another cluster than the one that the backup was made of"
  }
}

extension RestoreAction {
  /// What would become of objects, in a sentence.
  fileprivate var foreseen: String {
    switch self {
    case .create: "would be created"
    case .update: "would be changed"
    case .recreate: "would be deleted and created anew"
    case .skipIdentical: "the same already"
    case .skipDifferent: "would be left, though they differ"
    case .leave: "left out"
    case .fail: "would fail"
    }
  }
}
