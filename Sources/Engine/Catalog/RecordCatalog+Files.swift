// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives
internal import Velero

extension RecordCatalog {
  /// A JSON file of an entry; nil when it is missing.
  ///
  /// - Parameters:
  ///   - file: One of the gzipped JSON files.
  ///   - name: The entry.
  ///   - limitBytes: The most inflated bytes that are taken.
  /// - Returns: The document.
  /// - Throws: `EngineError` `.corrupt` when it is damaged or larger; `ObjectStoreError` when it cannot be read.
  public func json(
    _ file: File,
    of name: String,
    limitBytes: Int = CatalogLimits.jsonBytes
  ) async throws -> JSONValue? {
    let key = self.key(file, of: name)
    var bytes: [UInt8] = []
    do {
      try await readInflated(file, of: name) { block in
        guard bytes.count + block.count <= limitBytes else {
          throw EngineError(.corrupt, "cannot read '\(key)': it has more than \(limitBytes) bytes")
        }
        bytes += block
      }
      return try JSONValue(parsing: bytes)
    } catch let error as ObjectStoreError where error.code == .notFound {
      return nil
    } catch let error as JSONError {
      throw damaged(key, "\(error)")
    }
  }

  /// Reads a gzipped file of an entry and passes on what was compressed, block after block.
  ///
  /// Memory is bounded by the store's chunks and what one of them inflates to.
  ///
  /// - Parameters:
  ///   - file: One of the gzipped files.
  ///   - name: The entry.
  ///   - body: Takes the blocks in order.
  /// - Throws: `ObjectStoreError`, `.notFound` among them; `EngineError` `.corrupt` for a file that is no sound gzip
  ///   stream; what `body` throws.
  public func readInflated(
    _ file: File,
    of name: String,
    _ body: ([UInt8]) async throws -> Void
  ) async throws {
    let key = self.key(file, of: name)
    let inflater = GzipInflater()
    do {
      for try await chunk in try await store.read(key) {
        // A chunk of zeros may inflate a thousandfold; slices keep what is held small.
        for start in stride(from: 0, to: chunk.count, by: inflatedSliceBytes) {
          try Task.checkCancellation()
          var block: [UInt8] = []
          let slice = chunk[start..<min(start + inflatedSliceBytes, chunk.count)]
          try slice.withUnsafeBytes { bytes in
            try inflater.consume(bytes) { (output) throws(GzipError) in
              block.append(contentsOf: output)
            }
          }
          if !block.isEmpty { try await body(block) }
        }
      }
      try inflater.finish()
    } catch let error as GzipError {
      throw EngineError(
        .corrupt,
        "cannot read '\(key)' in \(store.name): \(error)",
        hint: "the object was cut off or changed; copy it again from where it came from"
      )
    }
  }
}

/// How many compressed bytes are inflated at a time.
private let inflatedSliceBytes = 16 * 1024
