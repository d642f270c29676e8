// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

/// One put into a directory store, from its temporary file to the file's final name.
///
/// It has a queue of its own, on which all its file calls block.
actor DirectoryUpload: ObjectWriter {
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  /// How often a directory may vanish under a put before it gives up; each time somebody else emptied it.
  private static let directoryAttempts = 100

  private let executor = QueueExecutor(label: "binnacle.directory.put")
  private let tree: DirectoryTree
  private let key: String
  private let condition: PutCondition
  private let target: String
  private let directory: String
  private var file: TemporaryFile?
  /// The first failure of a write; with it the file never becomes an object.
  private var failure: ObjectStoreError?

  init(tree: DirectoryTree, key: String, condition: PutCondition) {
    self.tree = tree
    self.key = key
    self.condition = condition
    target = tree.path(key)
    directory = DirectoryTree.parent(target)
  }

  deinit {
    if let file { FileSystem.close(file.descriptor) }
  }

  func start() throws(ObjectStoreError) {
    _ = try tree.hasRoot("put '\(key)'")
    do throws(SystemError) {
      try checkTarget()
      for attempt in 1...Self.directoryAttempts {
        do throws(SystemError) {
          try tree.makeDirectories(directory)
          // What a crashed process left is in nobody's way; a failure to remove it must not stop this put.
          _ = try? TemporaryFile.removeStale(in: directory)
          file = try TemporaryFile.create(in: directory)
          return
        } catch {
          guard error.number == ENOENT, attempt < Self.directoryAttempts else { throw error }
        }
      }
    } catch {
      throw failed(error)
    }
  }

  private func checkTarget() throws(SystemError) {
    guard let status = try FileSystem.status(target) else { return }
    if status.kind != .file { throw SystemError(number: EISDIR) }
    if condition == .ifAbsent { throw SystemError(number: EEXIST) }
  }

  func write(_ chunk: [UInt8]) throws(ObjectStoreError) {
    if let failure { throw failure }
    guard let file else {
      throw ObjectStoreError(
        code: .conflict,
        message: "cannot write to '\(key)' in \(tree.name): the put has ended"
      )
    }
    do throws(SystemError) {
      try chunk.withUnsafeBufferPointer { (bytes) throws(SystemError) in
        try FileSystem.write(file.descriptor, UnsafeRawBufferPointer(bytes))
      }
    } catch {
      let failure = failed(error)
      self.failure = failure
      throw failure
    }
  }

  /// Gives the file its name; from then on the object is there, also after a power failure.
  func commit() throws(ObjectStoreError) {
    if let failure { throw failure }
    guard let file else { preconditionFailure("a put that was started is committed once") }
    do throws(SystemError) {
      try FileSystem.synchronize(file.descriptor)
      switch condition {
      case .any: try FileSystem.rename(file.path, target)
      case .ifAbsent:
        try FileSystem.link(file.path, target)
        // The object is there; a second name that stays is removed as a stale file.
        try? FileSystem.unlink(file.path)
      }
      FileSystem.close(file.descriptor)
      self.file = nil
      try tree.synchronizeDirectories(directory)
    } catch {
      throw failed(error)
    }
  }

  /// Removes what was written, as if nothing had been put.
  func abort() {
    guard let file else { return }
    self.file = nil
    // The name goes before the lock, so that no one else ever takes the file for a stale one.
    try? FileSystem.unlink(file.path)
    FileSystem.close(file.descriptor)
    tree.removeEmptyDirectories(directory)
  }

  private func failed(_ error: SystemError) -> ObjectStoreError {
    error.number == EEXIST
      ? .alreadyExists(key, in: tree.name) : ObjectStoreError(error, "put '\(key)'", tree.name)
  }
}
