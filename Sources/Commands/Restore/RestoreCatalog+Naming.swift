// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

extension RestoreCatalog {
  /// A restore that has to be there.
  ///
  /// - Throws: `CommandFailure` with `notFound`, with a name that is near when there is one; as `restore`.
  func existing(_ name: String) async throws -> StoredRestore {
    if let found = ObjectName.isSubdomain(name) ? try await restore(name) : nil { return found }
    let names = (try? await names()) ?? []
    let nearest = Suggestion.nearest(to: name, among: names)
    throw CommandFailure.notFound(
      "there is no restore '\(name)' in \(shared.store.name)",
      hint: nearest.map { "did you mean '\($0)'?" } ?? "'binnacle restore get' lists the restores"
    )
  }
}
