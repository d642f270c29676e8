// SPDX-License-Identifier: Apache-2.0

extension CommandTable {
  /// The commands of Binnacle.
  static let standard = CommandTable(
    nouns: [
      Noun(name: "backup", plural: "backups", summary: "Make, read and remove backups"),
      Noun(
        name: "restore",
        plural: "restores",
        summary: "Restore, and read and remove the records"
      ),
      Noun(
        name: "location",
        plural: "locations",
        summary: "See where backups are kept, and whether that works"
      ),
      Noun(name: "context", plural: "contexts", summary: "See which clusters can be reached"),
    ],
    commands: [
      ConsoleOpen.command,
      BackupCreate.command,
      BackupPreview.command,
      BackupGet.command,
      BackupDescribe.command,
      BackupLogs.command,
      BackupContents.command,
      BackupVerify.command,
      BackupDownload.command,
      BackupSetTTL.command,
      BackupProtect.command,
      BackupUnprotect.command,
      BackupDelete.command,
      RestoreCreate.command,
      RestorePreviewShow.command,
      RestoreGet.command,
      RestoreDescribe.command,
      RestoreLogs.command,
      RestoreRetry.command,
      RestoreDelete.command,
      LocationGet.command,
      LocationDescribe.command,
      LocationValidate.command,
      ContextGet.command,
      CoverageShow.command,
      GarbageCollect.command,
      SandboxServe.command,
      VersionShow.command,
      CompletionScript.command,
      CompletionAnswer.command,
    ]
  )
}
