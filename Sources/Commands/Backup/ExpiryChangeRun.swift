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
    var end = End.idle
    if !forecast.isIdle {
      end = .refused
      if try await isWanted(forecast, context) {
        try await wiring.expiryEditor().apply(forecast)
        end = .made
      }
    }
    try await report(forecast, end, context)
    return .done
  }

  /// What became of a change.
  private enum End {
    /// It was made.
    case made
    /// It was so already.
    case idle
    /// Somebody was asked and did not say yes.
    case refused
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
    _ end: End,
    _ context: CommandContext
  ) async throws {
    let format = context.format(GlobalFlags.output)
    if format == .text { return try await context.output.line(text(forecast, end)) }
    func moments(_ former: String?, _ new: String?) -> JSONValue {
      ["former": former.map { .string($0) } ?? .null, "new": new.map { .string($0) } ?? .null]
    }
    let value: JSONValue = [
      "name": .string(forecast.name), "changed": .bool(end == .made),
      "expiration": moments(
        forecast.formerEnd.map(\.description),
        forecast.newEnd.map(\.description)
      ),
      "ttl": moments("\(forecast.before.spec.ttl)", "\(forecast.after.spec.ttl)"),
    ]
    try await context.output.write(ObjectPrinter.text(value, as: format))
  }

  /// What was done, in a sentence.
  private static func text(_ forecast: ExpiryForecast, _ end: End) -> String {
    let name = "'\(forecast.name)'"
    let former = Self.end(forecast.formerEnd, forecast.now)
    let new = Self.end(forecast.newEnd, forecast.now)
    switch (end, forecast.change) {
    case (.made, .timeToLive): return "Backup \(name) now ends \(new) instead of \(former)."
    case (.made, .protect):
      let rest =
        forecast.formerEnd == nil ? "it had no end before" : "without that it would end \(former)"
      return "Backup \(name) is protected now, and ends never; \(rest)."
    case (.made, .unprotect):
      let rest = forecast.newEnd == nil ? "has no end, as before that" : "ends \(new)"
      return "Backup \(name) is not protected any more, and \(rest)."
    case (.idle, .timeToLive):
      return "Nothing was changed: the backup \(name) ends \(former) already."
    case (.idle, .protect):
      return "Nothing was changed: the backup \(name) is protected already."
    case (.idle, .unprotect): return "Nothing was changed: the backup \(name) is not protected."
    case (.refused, .unprotect): return "Nothing was changed: the backup \(name) stays protected."
    case (.refused, _): return "Nothing was changed: the backup \(name) still ends \(former)."
    }
  }

  private static func end(_ moment: Timestamp?, _ now: Timestamp) -> String {
    guard let moment else { return "never" }
    let distance =
      moment > now
      ? "in \(HumanText.age(moment - now))" : "\(HumanText.age(now - moment)) ago"
    return "\(moment.goText) (\(distance))"
  }
}
