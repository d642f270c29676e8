// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// Carries a backup out.
enum BackupRun {
  static func perform(_ backup: Backup, _ wiring: Wiring, _ context: CommandContext) async throws
    -> ExitCode
  {
    throw CommandFailure.failed("cannot back up '\(backup.name)': this build has no engine")
  }
}
