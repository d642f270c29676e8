// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives

/// `location validate`: finds out whether locations can be used.
enum LocationValidate {
  static let command = Command(
    noun: "location",
    verb: "validate",
    summary: "Find out whether locations can be used",
    details: [
      "Writes a small object below metadata/, reads it back, lists it and deletes it; in a read-only location lists and reads "
        + "only. What was found is kept, and shown by 'location get' and 'location describe'. Ends with 1 when a location cannot "
        + "be used.",
      "A directory of the configuration has to be there: a disk that is not mounted is a failure.",
    ],
    operands: .any("NAME", .locations),
    flags: [GlobalFlags.output.spec],
    examples: [
      Example(
        explanation: "all locations, for cron",
        commandLine: "binnacle location validate"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    var shown = try await ShownLocation.all(context)
    for index in shown.indices { try await validate(&shown[index].health, context) }
    let format = context.format(GlobalFlags.output)
    let now = context.invocation.clock.now()
    if format == .text {
      for (index, each) in shown.enumerated() {
        try await context.output.write((index == 0 ? "" : "\n") + text(each.health, now))
      }
    } else {
      let values = shown.map { json($0.health, now) }
      let isSingle = context.arguments.words.count == 1 && values.count == 1
      let value = isSingle ? values[0] : ObjectPrinter.list(values)
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return shown.allSatisfy { $0.health.state(at: now) == .available } ? .done : .failed
  }

  /// Probes a location that can be tried, and keeps what was found.
  private static func validate(_ health: inout LocationHealth, _ context: CommandContext)
    async throws
  {
    guard health.location.problem == nil else { return }
    let wiring = Wiring(context)
    let location = health.location
    let probe = LocationProbe(
      location,
      clock: StopwatchClock(context.invocation.stopwatch),
      wallClock: context.invocation.clock
    ) {
      try wiring.locations().store(of: location)
    }
    let result = try await probe.run()
    do {
      health.history = try await wiring.probeHistories().add(result, to: location)
    } catch let error as ObjectStoreError {
      health.history.add(result)
      try await context.warn("what was found is not kept: \(error.message)")
    }
  }

  private static func text(_ health: LocationHealth, _ now: Timestamp) -> String {
    var text = TabbedText()
    let state = health.state(at: now).rawValue.lowercased()
    text.add("Location '\(health.location.name)' is \(state).")
    LocationText.addProbe(of: health, to: &text)
    return text.text
  }

  private static func json(_ health: LocationHealth, _ now: Timestamp) -> JSONValue {
    var value: JSONValue = [
      "name": .string(health.location.name), "phase": .string(health.state(at: now).rawValue),
    ]
    if let reason = health.reason { value["reason"] = .string(reason) }
    if health.location.problem == nil, let latest = health.latest { value["probe"] = latest.json }
    return value
  }
}

/// The parts of a location's description that several commands print.
enum LocationText {
  /// What is said in place of the age of a probe that says to be of the future.
  static let future = "in the future"

  /// Why a location cannot be used, or what is not known of it; nil when there is nothing to say.
  static func remark(_ health: LocationHealth, now: Timestamp) -> String? {
    health.reason
      ?? (health.state(at: now) == .readable ? "writing was not tried when it was looked at" : nil)
  }

  /// Adds why a location cannot be used, and the steps of its latest probe.
  static func addProbe(of health: LocationHealth, to text: inout TabbedText) {
    if let reason = health.reason {
      text.field("Reason", reason)
      if let hint = health.hint { text.field("Hint", hint) }
    }
    guard health.location.problem == nil, let latest = health.latest else { return }
    let failed = latest.failure?.step
    for step in latest.steps {
      let outcome = step.kind == failed ? "failed after" : "ok in"
      text.field(
        step.kind.rawValue.prefix(1).uppercased() + step.kind.rawValue.dropFirst(),
        "\(outcome) \(HumanText.milliseconds(step.duration))",
        level: 1
      )
    }
    for remark in latest.remarks { text.field("Note", remark) }
  }
}

/// A clock that shows what a stopwatch shows, and waits in real time.
struct StopwatchClock: Clock {
  /// A reading of the stopwatch.
  struct Instant: InstantProtocol {
    var reading: Duration

    func advanced(by duration: Duration) -> Instant { Instant(reading: reading + duration) }
    func duration(to other: Instant) -> Duration { other.reading - reading }
    static func < (left: Instant, right: Instant) -> Bool { left.reading < right.reading }
  }

  private let stopwatch: Stopwatch

  init(_ stopwatch: Stopwatch) { self.stopwatch = stopwatch }

  var now: Instant { Instant(reading: stopwatch.reading()) }
  var minimumResolution: Duration { .nanoseconds(1) }

  func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    try await Task.sleep(for: now.duration(to: deadline), tolerance: tolerance)
  }
}
