// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `location describe`: all that is known of locations.
enum LocationDescribe {
  static let command = Command(
    noun: "location",
    verb: "describe",
    summary: "Describe locations: health, room taken, clusters and what ends when",
    details: [
      "Reads the records of all backups of each location. The health is what the latest 'location validate' found. Ends with 3 when "
        + "something in a location cannot be read."
    ],
    operands: .any("NAME", .locations),
    flags: [GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let shown = try await ShownLocation.all(context)
    let format = context.format(GlobalFlags.output)
    let now = context.invocation.clock.now()
    var values: [JSONValue] = []
    var end = ExitCode.done
    for (index, each) in shown.enumerated() {
      let description = try await LocationDescription.read(each, context)
      if case .problem = description.contents { end = .doneWithIssues }
      if format == .text {
        try await context.output.write((index == 0 ? "" : "\n\n") + description.text(now: now))
      } else {
        values.append(description.json(Wiring(context).serverNamespace, now: now))
      }
      if case .plan(let plan, _) = description.contents {
        if !plan.isCertain { end = .doneWithIssues }
        if try await context.tell(plan.problems) != .done { end = .doneWithIssues }
      }
    }
    if format != .text {
      let isSingle = context.arguments.words.count == 1 && values.count == 1
      let value = isSingle ? values[0] : ObjectPrinter.list(values)
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return end
  }
}

/// What is known of a location.
struct LocationDescription: Sendable {
  /// What is in it.
  enum Contents: Sendable {
    /// Its backups, and when they end.
    case plan(CollectionPlan, LocationContents)
    /// It cannot be read: why, and what can be done.
    case problem(String, hint: String?)
  }

  /// The location with its health.
  var shown: ShownLocation
  /// What is in it.
  var contents: Contents

  /// How far ahead the end of backups is told.
  static let outlook = GoDuration(seconds: 7 * 86_400)

  /// Reads a location; one that cannot be read is described all the same.
  static func read(_ shown: ShownLocation, _ context: CommandContext) async throws
    -> LocationDescription
  {
    let wiring = Wiring(context)
    do {
      let collection = try wiring.collection(of: shown.location)
      let contents = try await collection.contents()
      let plan = try await collection.plan(contents)
      return LocationDescription(shown: shown, contents: .plan(plan, contents))
    } catch let error as EngineError {
      let contents = Contents.problem(error.message, hint: error.hint)
      return LocationDescription(shown: shown, contents: contents)
    } catch let error as ObjectStoreError where error.code != .cancelled {
      let contents = Contents.problem(error.message, hint: error.hint)
      return LocationDescription(shown: shown, contents: contents)
    }
  }

  /// The description for people.
  func text(now: Timestamp) -> String {
    let (location, health) = (shown.location, shown.health)
    var text = TabbedText()
    text.field("Name", location.name)
    text.field("Provider", location.provider)
    text.field("Place", location.place)
    text.field("Access Mode", location.accessMode.rawValue)
    text.field("Default", shown.isDefault ? "true" : "false")
    text.add()
    text.field("Phase", health.state(at: now).rawValue)
    let age = health.age(at: now).map { "\(HumanText.age($0)) ago" } ?? LocationText.future
    text.field(
      "Last Validated",
      health.latest.map { "\($0.started.goText) (\(age))" } ?? "never"
    )
    if health.reason == nil, let remark = LocationText.remark(health, now: now) {
      text.field("Note", remark)
    }
    LocationText.addProbe(of: health, to: &text)
    addHistory(&text)
    text.add()
    switch contents {
    case .problem(let reason, let hint):
      text.field("Backups", "unknown: \(reason)")
      if let hint { text.field("Hint", hint) }
    case .plan(let plan, let contents): add(plan.expiry, contents, now, &text)
    }
    return text.text
  }

  private func addHistory(_ text: inout TabbedText) {
    if let good = shown.health.lastGood { text.field("Last Good", good.started.goText) }
    if let failure = shown.health.history.lastFailure {
      let step = failure.failure?.step.map { " at '\($0.rawValue)'" } ?? ""
      text.field("Last Error", "\(failure.started.goText)\(step)")
    }
    let times = shown.health.latencies.suffix(Self.shownLatencies).map { latency in
      latency.duration.map(HumanText.milliseconds) ?? "failed"
    }
    if !times.isEmpty { text.field("Latencies", times.joined(separator: ", ")) }
  }

  /// How many of the latest probes are printed.
  private static let shownLatencies = 10

  private func add(
    _ plan: ExpiryPlan,
    _ contents: LocationContents,
    _ now: Timestamp,
    _ text: inout TabbedText
  ) {
    let size = HumanText.bytes(contents.sizeBytes)
    text.field("Backups", "\(HumanText.count(contents.backups.count)), \(size)")
    for share in contents.shares {
      let cluster = share.cluster.map { "cluster \($0.uid)" } ?? "unknown cluster"
      let latest = share.latest.map { ", latest \(HumanText.age(now - $0)) ago" } ?? ""
      text.add(
        "\t\(cluster):\t\(HumanText.counted(share.backups, "backup")), "
          + HumanText.bytes(share.sizeBytes) + latest
      )
    }
    for backup in contents.backups.sorted(by: { $0.sizeBytes > $1.sizeBytes }).prefix(5) {
      text.add("\t\(backup.name):\t\(HumanText.bytes(backup.sizeBytes))")
    }
    let unfinished = contents.unrecorded
    text.field("Unfinished", unfinished.isEmpty ? "none" : HumanText.some(unfinished, limit: 5))
    if !unfinished.isEmpty {
      text.add(
        "\t'binnacle backup delete NAME' on the machine that was at it removes what was cut off"
      )
    }
    text.field("Ending Within 7 Days", Self.names(plan.ending(within: Self.outlook)))
    text.field("Overdue", Self.names(plan.entries.filter(\.expiry.isOver)))
    for entry in plan.held { text.add("\t\(entry.name):\tkept: \(entry.hold?.reason ?? "")") }
    text.field("Without An End", Self.names(plan.endless))
  }

  private static func names(_ entries: [ExpiryEntry]) -> String {
    guard !entries.isEmpty else { return "none" }
    let names = HumanText.some(entries.map(\.name), limit: 5)
    return entries.count == 1 ? names : "\(HumanText.count(entries.count)): \(names)"
  }

  /// The description for programs.
  func json(_ namespace: String, now: Timestamp) -> JSONValue {
    var value: JSONValue = ["location": shown.json(namespace, now: now)]
    value["history"] = .array(shown.health.history.probes.map(\.json))
    if let good = shown.health.lastGood { value["lastGood"] = good.json }
    if let failure = shown.health.history.lastFailure { value["lastFailure"] = failure.json }
    switch contents {
    case .problem(let reason, let hint):
      value["problem"] = .string(reason)
      if let hint { value["hint"] = .string(hint) }
    case .plan(let plan, let contents):
      value["bytes"] = .number(JSONNumber(contents.sizeBytes))
      value["clusters"] = .array(
        contents.shares.map { share in
          [
            "uid": share.cluster.map { .string($0.uid) } ?? .null,
            "backups": .number(JSONNumber(share.backups)),
            "bytes": .number(JSONNumber(share.sizeBytes)),
          ]
        }
      )
      value["backups"] = .array(plan.expiry.entries.map { $0.json(now: now) })
      value["unfinished"] = .array(contents.unrecorded.map { .string($0) })
    }
    return value
  }
}
