// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// `backup protect`: keeps a backup without an end.
enum BackupProtect {
  static let command = Command(
    noun: "backup",
    verb: "protect",
    summary: "Keep a backup without an end, until the protection is taken back",
    details: [
      "Takes the expiration out of the backup's record, so that no collection removes it, neither 'binnacle gc' nor Velero's; the "
        + "annotation binnacle.io/protected-expiration keeps it for 'binnacle backup unprotect'. It can still be deleted by hand.",
      "A Velero server that has the backup among its own objects already goes by what they say.",
    ],
    operands: .one("NAME", .backups),
    flags: [GlobalFlags.output.spec],
    run: { try await ExpiryChangeRun.perform(.protect, $0) }
  )
}

/// `backup unprotect`: lets a backup end again.
enum BackupUnprotect {
  static let command = Command(
    noun: "backup",
    verb: "unprotect",
    summary: "Let a protected backup end when it would have without the protection",
    details: [
      "Asks first, since the backup may be overdue by now; 'binnacle backup set-ttl' then sets another end."
    ],
    operands: .one("NAME", .backups),
    flags: [Confirmation.confirm.spec, GlobalFlags.output.spec],
    run: { try await ExpiryChangeRun.perform(.unprotect, $0) }
  )
}
