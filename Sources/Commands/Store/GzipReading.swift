// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
internal import Primitives

extension ObjectStore {
  /// Reads a gzip object and passes on what was compressed, block after block.
  ///
  /// Memory is bounded by the store's chunks and what one of them inflates to.
  ///
  /// - Parameters:
  ///   - key: Where the object is.
  ///   - body: Takes the blocks in order.
  /// - Throws: What reading and `body` throw; `CommandFailure` for an object that is no sound gzip stream.
  func readInflated(_ key: String, _ body: ([UInt8]) async throws -> Void) async throws {
    let inflater = GzipInflater()
    do {
      for try await chunk in try await read(key) {
        // A chunk of zeros may inflate a thousandfold; slices keep what is held small.
        for start in stride(from: 0, to: chunk.count, by: Self.sliceSize) {
          try Task.checkCancellation()
          var block: [UInt8] = []
          let slice = chunk[start..<min(start + Self.sliceSize, chunk.count)]
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
      throw CommandFailure.failed(
        "cannot read '\(key)' in \(name): \(error)",
        code: "corrupt",
        hint: "the object was cut off or changed; copy it again from where it came from"
      )
    }
  }

  /// How many compressed bytes are inflated at a time.
  private static var sliceSize: Int { 16 * 1024 }
}
