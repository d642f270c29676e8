// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// From a filter to a backup.
extension FilterScreen {
  /// Marks the review sheet.
  static let launchTag = "filter.launched"
  /// The most remarks and gaps that the review sheet lists.
  private static let reviewLimit = 5

  /// The command line of the backup as it stands; nil while it is not known.
  var currentLine: String? { line?.backup == reading.backup ? line?.text : nil }

  /// The backup as YAML.
  var yaml: String {
    (try? JSONValue(parsing: reading.backup.encoded()))?.yaml() ?? ""
  }

  /// Why the backup cannot be made now; nil when it can.
  func obstacle(_ world: World) -> String? {
    let locations = world.locations.value ?? []
    guard let location = locations.first(where: { $0.name == form[.location] }) else {
      if locations.isEmpty { return "there is no location to write to" }
      return form[.location].isEmpty
        ? "choose a location" : "there is no location '\(form[.location])': choose one"
    }
    if let problem = location.problem { return "location '\(location.name)': \(problem)" }
    if location.isReadOnly { return "location '\(location.name)' is read-only" }
    if let problem = reading.firstProblem { return problem }
    if let general = reading.general { return general }
    if let failure = live.failure { return "there is no preview: \(failure.message)" }
    guard live.isCurrent, let preview = result?.preview else {
      return "the preview is being worked out"
    }
    if let problem = preview.problems.first { return problem }
    if case .resolving(let count) = preview.exactness {
      return "the preview is being worked out: \(HumanText.counted(count, "answer")) to come"
    }
    guard world.cluster.phase == .connected else { return "the API server does not answer" }
    return currentLine == nil ? "the command line is being worked out" : nil
  }

  /// Opens the review sheet; what it would launch is fixed now.
  mutating func review(_ context: inout UpdateContext) {
    guard obstacle(context.world) == nil, let shown = live.shown, shown.wish == reading.filter,
      let location = context.world.locations.value?.first(where: { $0.name == form[.location] })
    else { return }
    let backup = reading.backup
    let isEmpty = shown.found.preview.isEmpty
    let launch = PlannedLaunch(
      .backup(
        BackupLaunch(
          backup,
          of: context.world.cluster.context?.name,
          to: location.name,
          allowsEmpty: isEmpty
        )
      ),
      .backup,
      backup.name,
      total: shown.found.preview.count.taken
    )
    context.confirm(
      Confirmation(
        title: isEmpty ? "Make an empty backup?" : "Make this backup?",
        lines: reviewLines(shown.found, location, context.world),
        accept: isEmpty ? "Back up nothing" : "Back up",
        isAcceptedByEnter: !isEmpty,
        launches: [launch],
        tag: Self.launchTag
      )
    )
  }

  private func reviewLines(
    _ result: PreviewResult,
    _ location: ConsoleLocation,
    _ world: World
  ) -> [ConfirmationLine] {
    let preview = result.preview
    var lines = [ConfirmationLine("\(reading.backup.name)", .title)]
    if let context = world.cluster.context {
      lines.append(
        ConfirmationLine(
          "of     the cluster '\(context.name)'",
          world.isProduction ? .production : .text
        )
      )
    }
    lines.append(ConfirmationLine("to     '\(location.name)', \(location.place)"))
    lines.append(ConfirmationLine("takes  \(sizes(result))", preview.isEmpty ? .warn : .text))
    if preview.isEmpty {
      lines.append(ConfirmationLine("Nothing that the filter asks for is there.", .warn))
    }
    lines.append(
      ConfirmationLine("kept   \(HumanText.duration(timeToLive)): \(expiryText(world))")
    )
    if !form.carried.isEmpty { lines.append(ConfirmationLine("also   \(form.carried)")) }
    lines += warnings(preview)
    lines.append(ConfirmationLine(""))
    lines.append(ConfirmationLine(currentLine ?? "", .dim))
    return lines
  }

  /// `412 of 18,223 objects in 38 namespaces, of 14 types`.
  func sizes(_ result: PreviewResult) -> String {
    let summary = result.summary
    let namespaces = summary.namespaces.filter { $0.taken > 0 && !$0.name.isEmpty }.count
    let types = summary.types.filter { $0.taken > 0 }.count
    return count(result)
      + " in \(HumanText.counted(namespaces, "namespace")), of \(HumanText.counted(types, "type"))"
  }

  /// `412 of 18,223 objects`.
  func count(_ result: PreviewResult) -> String {
    let summary = result.summary
    let all = HumanText.counted(summary.taken + summary.leftTotal, "object")
    return "\(HumanText.count(summary.taken)) of \(all)"
  }

  private func warnings(_ preview: Preview) -> [ConfirmationLine] {
    var lines: [ConfirmationLine] = []
    let gaps = PreviewGap.lines(preview.gaps)
    if !gaps.isEmpty { lines.append(ConfirmationLine("Not all is known:", .warn)) }
    lines += gaps.map { ConfirmationLine("  \($0)", .warn) }
    for remark in preview.remarks where remark.severity != .note {
      lines.append(ConfirmationLine(remark.message, remark.severity == .error ? .bad : .warn))
    }
    let more = lines.count - Self.reviewLimit
    guard more > 1 else { return lines }
    return lines.prefix(Self.reviewLimit)
      + [ConfirmationLine("and \(more) more; the view Remarks has all", .warn)]
  }

  /// The backup is on its way: the form is ready for the next one.
  mutating func launched(_ context: inout UpdateContext) {
    isEdited = false
    form[.name] = freshName(context.world)
    follow(&context, isTyped: false)
  }
}
