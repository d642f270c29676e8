// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// `backup set-ttl`: changes how long a backup is kept.
enum BackupSetTTL {
  static let allowPast = Flag.truth(
    "allow-past",
    "Also when the backup would be overdue at once"
  )

  static let command = Command(
    noun: "backup",
    verb: "set-ttl",
    summary: "Change how long a backup is kept",
    details: [
      "The time to live counts from the beginning of the backup, as Velero counts it; written as 720h, or in days or weeks as 30d "
        + "or 6w. The end that it has and the one it would have are shown, and a backup that would end sooner is asked for.",
      "A Velero server that has the backup among its own objects already goes by what they say.",
    ],
    operands: Operands(placeholder: "NAME TTL", count: 2...2, completion: .backups),
    flags: [allowPast.spec, Confirmation.confirm.spec, GlobalFlags.output.spec],
    examples: [
      Example(
        explanation: "keep a backup for 90 days from its beginning on",
        commandLine: "binnacle backup set-ttl nightly-20260102030405 90d"
      )
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let text = context.arguments.words[1]
    guard let length = GoDuration(shorthand: text) else {
      throw UsageError(
        "'\(text)' is no time to live",
        hint: "write it as 720h, 30d or 6w, up to \(GoDuration.shorthandLimitDays)d"
      )
    }
    return try await ExpiryChangeRun.perform(.timeToLive(length), context) { forecast in
      guard forecast.isPast, context[allowPast] != true else { return }
      throw CommandFailure(
        exitCode: .usage,
        code: "past",
        message: "the backup '\(forecast.name)' would be overdue at once: its end would be "
          + (forecast.newEnd?.goText ?? "now"),
        hint: "add --allow-past if it shall go with the next 'binnacle gc'"
      )
    }
  }
}
