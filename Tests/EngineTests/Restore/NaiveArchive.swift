// SPDX-License-Identifier: Apache-2.0

import Engine
import ObjectStorage
import Primitives
import Testing
import Velero

/// What an index is compared with: all entries at once, each parsed in full.
struct NaiveArchive {
  /// What is said of an entry.
  struct Entry: Equatable {
    var path: String
    var kind: String
    var apiVersion: String
    var labels: [String: String]
    var json: [UInt8]
  }

  private(set) var entries: [Entry] = []

  init(_ archive: [UInt8]) throws {
    let reader = ArchiveReader()
    try reader.consume(archive) { entry, body in
      guard let path = ArchivePath(parsing: entry.path), entry.kind == .file else { return }
      let value = try JSONValue(parsing: body)
      let labels = value[path: "metadata", "labels"]?.object?.members ?? []
      entries.append(
        Entry(
          path: path.text,
          kind: value["kind"]?.string ?? "",
          apiVersion: value["apiVersion"]?.string ?? "",
          labels: Dictionary(labels.map { ($0.key, $0.value.string ?? "") }) { $1 },
          json: Array(body)
        )
      )
    }
    try reader.finish()
  }

  /// The same by way of an index and a store.
  static func indexed(_ archive: [UInt8], _ index: ArchiveIndex) async throws -> [Entry] {
    let store = MemoryStore()
    try await store.put("a", archive)
    var entries: [Entry] = []
    try await ArchiveItemReader(store: store, key: "a", index: index).read(
      copies: 0..<index.copyCount
    ) { number, json in
      let path = index.path(ofCopy: number)
      let item = try #require(
        index.number(resource: path.resource, namespace: path.namespace, name: path.name)
      )
      let copy = try #require(index[item].copy(path.version))
      #expect(copy.number == number && copy.sizeBytes == json.count)
      entries.append(
        Entry(
          path: path.text,
          kind: index[item].kind,
          apiVersion: copy.apiVersion,
          labels: index[item].labels,
          json: json
        )
      )
    }
    return entries
  }
}

/// The index of an archive that comes in chunks of a size.
func archiveIndex(
  _ archive: [UInt8],
  chunk: Int = 1000,
  limits: ArchiveLimits = ArchiveLimits()
) throws -> ArchiveIndex {
  let builder = ArchiveIndexBuilder(limits: limits)
  for start in stride(from: 0, to: archive.count, by: chunk) {
    try builder.consume(Array(archive[start..<min(start + chunk, archive.count)]))
  }
  return try builder.finish()
}
