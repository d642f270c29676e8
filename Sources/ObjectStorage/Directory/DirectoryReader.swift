// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

/// One open file of a directory store; replacing or removing the object does not disturb it.
///
/// It has a queue of its own, on which all its file calls block.
actor DirectoryReader {
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private static let chunkSizeBytes = 256 * 1024

  private let executor = QueueExecutor(label: "binnacle.directory.read")
  private let tree: DirectoryTree
  private let key: String
  private var descriptor: Int32 = -1
  private var position: Int64 = 0
  private var end: Int64 = 0

  init(tree: DirectoryTree, key: String) {
    self.tree = tree
    self.key = key
  }

  deinit {
    if descriptor >= 0 { FileSystem.close(descriptor) }
  }

  /// Opens the file; returns its size and the places that will be read.
  func open(_ range: ObjectRange) throws(ObjectStoreError) -> (size: Int64, places: Range<Int64>) {
    guard try tree.hasRoot("read '\(key)'") else { throw .notFound(key, in: tree.name) }
    let size: Int64
    do throws(SystemError) {
      // Not waiting for a writer, should the path be a pipe's.
      descriptor = try FileSystem.open(tree.path(key), O_RDONLY | O_NONBLOCK)
      let status = try FileSystem.status(descriptor)
      guard status.kind == .file else { throw SystemError(number: ENOENT) }
      size = status.sizeBytes
    } catch {
      if error.number == ENOENT || error.number == ENOTDIR { throw .notFound(key, in: tree.name) }
      throw ObjectStoreError(error, "read '\(key)'", tree.name)
    }
    guard let places = range.resolved(sizeBytes: size) else {
      throw .invalidRange(key, range, sizeBytes: size)
    }
    position = places.lowerBound
    end = places.upperBound
    return (size, places)
  }

  func next() throws(ObjectStoreError) -> [UInt8]? {
    guard position < end else { return nil }
    let bytes: [UInt8]
    do throws(SystemError) {
      let count = Int(min(end - position, Int64(Self.chunkSizeBytes)))
      bytes = try FileSystem.read(descriptor, at: position, count: count)
    } catch {
      throw ObjectStoreError(error, "read '\(key)'", tree.name)
    }
    guard !bytes.isEmpty else {
      throw ObjectStoreError(
        code: .corrupt,
        message: "cannot read '\(key)' in \(tree.name): the file became shorter than \(end) bytes "
          + "meanwhile",
        hint: "something other than binnacle writes into the store"
      )
    }
    position += Int64(bytes.count)
    return bytes
  }
}
