// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Velero

/// `backup contents`: every object in the archive.
enum BackupContents {
  static let command = Command(
    noun: "backup",
    verb: "contents",
    summary: "List every object in the archive of a backup",
    details: [
      "The list is read from the archive itself, which is checked on the way: a cut or damaged archive is an "
        + "error. Where an index of the archive was kept, it is read from that, and 'backup verify' checks. JSON and "
        + "YAML come in the archive's order while it is read, the table is sorted.",
      "Objects of a version that the cluster does not prefer have it behind their resource.",
    ],
    operands: .one("NAME", .backups),
    flags: [GlobalFlags.output.spec],
    examples: [
      Example(
        explanation: "how many objects of each resource",
        commandLine:
          "binnacle backup contents nightly | tail -n +2 | cut -d' ' -f1 | sort | uniq -c"
      )
    ],
    run: run
  )

  /// An object in the archive.
  private struct Item {
    var resource: String
    var version: String?
    var namespace: String?
    var name: String
    var sizeBytes: Int64

    init?(_ entry: TarEntry) {
      guard let path = ArchivePath(parsing: entry.path) else { return nil }
      self.init(path, sizeBytes: entry.sizeBytes)
    }

    init?(_ path: ArchivePath, sizeBytes: Int64) {
      switch path.version {
      case .unversioned: version = nil
      // The same bytes once more, for readers that look for versions.
      case .preferred: return nil
      case .other(let other): version = other
      }
      resource = path.resource
      namespace = path.namespace
      name = path.name
      self.sizeBytes = sizeBytes
    }

    var json: JSONValue {
      var value: JSONValue = ["resource": .string(resource)]
      if let version { value["version"] = .string(version) }
      if let namespace { value["namespace"] = .string(namespace) }
      value["name"] = .string(name)
      value["bytes"] = .number(JSONNumber(sizeBytes))
      return value
    }

    var sortKey: [String] { [resource, version ?? "", namespace ?? "", name] }
  }

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let wiring = Wiring(context)
    let catalog = try wiring.catalog()
    let name = context.arguments.words[0]
    _ = try await catalog.existingRecord(name)
    let format = context.format(GlobalFlags.output)
    guard format == .text else {
      var stream = ListStream(output: context.output, format: format)
      try await forEachItem(of: name, wiring) { try await stream.append($0.json) }
      try await stream.finish()
      return .done
    }
    var items: [Item] = []
    try await forEachItem(of: name, wiring) { items.append($0) }
    items.sort { $0.sortKey.lexicographicallyPrecedes($1.sortKey) }
    let columns = [
      Column<Item>("Resource") { $0.resource + ($0.version.map { " (\($0))" } ?? "") },
      Column("Namespace") { $0.namespace ?? "" }, Column("Name") { $0.name },
      Column("Bytes") { "\($0.sizeBytes)" },
    ]
    try await context.output.write(TextTable.text(items, columns: columns))
    return .done
  }

  private static func forEachItem(
    of name: String,
    _ wiring: Wiring,
    _ body: (Item) async throws -> Void
  ) async throws {
    let catalog = try wiring.catalog()
    let key = catalog.layout.key(.contents, ofBackup: name)
    do {
      if let index = try await wiring.archiveIndexes().existing(of: name) {
        try await forEachItem(of: index, body)
      } else {
        try await forEachItem(ofArchive: key, in: catalog.store, body)
      }
    } catch let error as ObjectStoreError where error.code == .notFound {
      throw CommandFailure.notFound(
        "the backup '\(name)' has no archive '\(key)'",
        hint: "a backup that failed early has none; 'binnacle backup describe \(name)' says more"
      )
    }
  }

  private static func forEachItem(
    of index: ArchiveIndex,
    _ body: (Item) async throws -> Void
  ) async throws {
    for number in 0..<index.copyCount {
      let copy = index.copy(number)
      if let item = Item(index.path(ofCopy: number), sizeBytes: Int64(copy.sizeBytes)) {
        try await body(item)
      }
    }
  }

  private static func forEachItem(
    ofArchive key: String,
    in store: any ObjectStore,
    _ body: (Item) async throws -> Void
  ) async throws {
    let reader = ArchiveReader()
    for try await chunk in try await store.read(key) {
      var items: [Item] = []
      try reader.consume(chunk, wantsBody: { _ in false }) { entry, _ in
        if let item = Item(entry) { items.append(item) }
      }
      for item in items { try await body(item) }
    }
    try reader.finish()
  }
}
