// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// Shows a change of a backup's end, asks where something would be lost, and makes it.
enum ExpiryChangeRun {
  /// Carries a change out on the backup that is the command's first word.
  ///
  /// - Parameters:
  ///   - change: What is changed.
  ///   - context: The command, with an output and a confirm flag.
  ///   - check: Stops what must not be.
  /// - Returns: `.done`, also when somebody was asked and did not say yes.
  /// - Throws: What `check` throws; `CommandFailure` for a backup that does not exist or a location that is read-only.
  static func perform(
    _ change: ExpiryChange,
    _ context: CommandContext,
    check: (ExpiryForecast) throws -> Void = { _ in }
  ) async throws -> ExitCode {
    let wiring = Wiring(context)
    let location = try wiring.location()
    let name = context.arguments.words[0]
    guard !location.isReadOnly else {
      throw CommandFailure(
        exitCode: .denied,
        code: "readOnly",
        message:
          "cannot change when backups in the location '\(location.name)' end: it is read-only",
        hint: "its 'accessMode' in the configuration is ReadOnly"
      )
    }
    let record = try await wiring.catalog().existingRecord(name)
    let forecast = try ExpiryForecast(record, change, at: context.invocation.clock.now())
    try check(forecast)
    var isMade = false
    if !forecast.isIdle, try await isWanted(forecast, context) {
      try await wiring.expiryEditor().apply(forecast)
      isMade = true
    }
    try await report(forecast, isMade: isMade, context)
    return .done
  }

  /// Asks when the backup would end sooner than it does.
  private static func isWanted(_ forecast: ExpiryForecast, _ context: CommandContext)
    async throws -> Bool
  {
    guard forecast.isShortening else { return true }
    let now = forecast.now
    return try await Confirmation.isGiven(
      "Backup '\(forecast.name)' ends \(end(forecast.formerEnd, now)). "
        + "Let it end \(end(forecast.newEnd, now))?",
      context
    )
  }

  private static func report(
    _ forecast: ExpiryForecast,
    isMade: Bool,
    _ context: CommandContext
  ) async throws {
    let format = context.format(GlobalFlags.output)
    let now = forecast.now
    if format == .text {
      let former = end(forecast.formerEnd, now)
      let text =
        isMade
        ? "Backup '\(forecast.name)' now ends \(end(forecast.newEnd, now)) instead of \(former)."
        : "Nothing was changed: the backup '\(forecast.name)' ends \(former)."
      return try await context.output.line(text)
    }
    func moments(_ former: String?, _ new: String?) -> JSONValue {
      ["former": former.map { .string($0) } ?? .null, "new": new.map { .string($0) } ?? .null]
    }
    let value: JSONValue = [
      "name": .string(forecast.name), "changed": .bool(isMade),
      "expiration": moments(
        forecast.formerEnd.map(\.description),
        forecast.newEnd.map(\.description)
      ),
      "ttl": moments("\(forecast.before.spec.ttl)", "\(forecast.after.spec.ttl)"),
    ]
    try await context.output.write(ObjectPrinter.text(value, as: format))
  }

  private static func end(_ moment: Timestamp?, _ now: Timestamp) -> String {
    guard let moment else { return "never" }
    let distance =
      moment > now
      ? "in \(HumanText.age(moment - now))" : "\(HumanText.age(now - moment)) ago"
    return "\(moment.goText) (\(distance))"
  }
}
