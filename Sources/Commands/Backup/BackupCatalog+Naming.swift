// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

extension BackupCatalog {
  /// The record of a backup that has to be there.
  ///
  /// - Throws: `CommandFailure` with `notFound`, with a name that is near when there is one; as `record`.
  func existingRecord(_ name: String) async throws -> Backup {
    if let record = ObjectName.isSubdomain(name) ? try await record(name) : nil { return record }
    let names = (try? await names()) ?? []
    let hint: String
    if names.contains(name) {
      hint =
        "there are files under its name but no record: the backup was not finished, or is being written"
    } else if let nearest = Suggestion.nearest(to: name, among: names) {
      hint = "did you mean '\(nearest)'?"
    } else {
      hint = "'binnacle backup get' lists the backups"
    }
    throw CommandFailure.notFound("there is no backup '\(name)' in \(store.name)", hint: hint)
  }
}
