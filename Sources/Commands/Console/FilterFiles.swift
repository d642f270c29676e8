// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// The filters that the console keeps: a file of YAML each, which `backup preview -f` reads as well.
struct FilterFiles: Sendable {
  /// Where they are.
  let directory: String

  /// The longest file that is read, in bytes.
  private static let limit = 1 << 20
  private static let suffix = ".yaml"

  private var store: DirectoryStore { DirectoryStore(root: directory) }

  /// What the console is given.
  var library: FilterLibrary {
    FilterLibrary(
      names: { try await names() },
      read: { try await filter($0) },
      write: { try await keep($0, $1) }
    )
  }

  /// The names, of files that others have put there too, as far as they can be names.
  private func names() async throws -> [String] {
    try await store.list().objects.map(\.key).filter { $0.hasSuffix(Self.suffix) }
      .map { String($0.dropLast(Self.suffix.count)) }.filter(ObjectName.isSubdomain)
  }

  private func filter(_ name: String) async throws -> SavedFilter {
    let file = name + Self.suffix
    let bytes = try await store.get(file, limit: Self.limit)
    var reader = ManifestReader(file: file)
    do throws(UsageError) {
      let source = try reader.read(bytes)
      var backup = Backup(name: name, spec: source.spec)
      backup.labels = source.labels
      backup.annotations = source.annotations
      return SavedFilter(name: name, backup: backup, findings: reader.unknown.map(\.message))
    } catch {
      throw Failure(.other, error.message, hint: error.hint)
    }
  }

  private func keep(_ name: String, _ backup: Backup) async throws -> String {
    let object = try JSONValue(parsing: backup.encoded())
    let file = name + Self.suffix
    try await store.put(file, Array(object.yaml().utf8))
    return "\(directory)/\(file)"
  }
}
