// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives
internal import Synchronization

/// A store in a directory: every key is the path of a file below it.
///
/// - Objects appear by renaming a complete file, so no reader sees half of one, and they survive a power
///   failure from the moment a put has returned. A put that a crash ends leaves a file `.binnacle-*.tmp` next
///   to its target, which is never listed or read, and which the next put into that directory removes.
/// - Files have mode 0600 and directories 0700, since backups hold Secrets. A directory whose last file is
///   deleted goes with it.
/// - Symbolic links are followed. Names that are no UTF-8 are left out of listings.
/// - A key cannot be an object and a directory at once: a put of `a/b` where `a` is a file, or of `a` where
///   `a/b` is, throws `.conflict`.
/// - Several processes may use one directory at a time. On a file system without locks (flock) the files of
///   crashed processes stay until they are removed by hand.
///
/// File calls block threads of their own, never one of Swift's pool.
public struct DirectoryStore: ObjectStore {
  /// What messages call the store: `directory '<path>'`.
  public var name: String { tree.name }

  /// `directory '<path>'` with the absolute path, symbolic links followed.
  ///
  /// The path is resolved when this is asked for the first time, which takes as long as the file system does; whoever must not
  /// wait asks on a queue of his own.
  public var identity: String { "directory '\(canonicalRoot.value)'" }

  private let canonicalRoot: CanonicalPath
  private let tree: DirectoryTree
  private let worker: DirectoryWorker

  /// Names a directory; nothing is read or written yet.
  ///
  /// - Parameters:
  ///   - root: The directory's path; a relative one is taken from where the process is at each call.
  ///   - createsRoot: Whether a missing directory is an empty store, made by the first put; otherwise it is an
  ///     error, as is right for a disk that may not be mounted.
  public init(root: String, createsRoot: Bool = true) {
    tree = DirectoryTree(root: root, createsRoot: createsRoot)
    worker = DirectoryWorker(tree: tree)
    canonicalRoot = CanonicalPath(tree.root)
  }

  /// Writes one object out of chunks that `body` hands over; see `ObjectStore`.
  ///
  /// When it throws because a directory could not be made durable, the object may be there.
  public func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    try tree.check(key)
    let upload = DirectoryUpload(tree: tree, key: key, condition: condition)
    do {
      try await upload.start()
      try await body(upload)
      guard !Task.isCancelled else { throw ObjectStoreError.cancelled("put '\(key)' into \(name)") }
      try await upload.commit()
    } catch {
      await upload.abort()
      throw error
    }
  }

  /// Opens an object, or a part of it, for reading; see `ObjectStore`.
  public func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try tree.check(key)
    let reader = DirectoryReader(tree: tree, key: key)
    let (size, places) = try await reader.open(range)
    return ObjectBody(key: key, objectSizeBytes: size, range: places) {
      () async throws(ObjectStoreError) in try await reader.next()
    }
  }

  /// What is known of an object without reading it; see `ObjectStore`.
  public func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try tree.check(key)
    return try await worker.head(key)
  }

  /// One page of the keys that start with a prefix, in order; see `ObjectStore`.
  public func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try ObjectKey.checkPrefix(request.prefix)
    guard !Task.isCancelled else { throw .cancelled("list '\(request.prefix)' in \(name)") }
    return try await worker.list(request)
  }

  /// Removes an object, and the directories that it leaves empty; see `ObjectStore`.
  public func delete(_ key: String) async throws(ObjectStoreError) {
    try tree.check(key)
    try await worker.delete(key)
  }

  /// Removes the files that crashed processes left unfinished below a prefix; see `ObjectStore`.
  public func removeAbandoned(prefix: String) async throws(ObjectStoreError) {
    try ObjectKey.checkPrefix(prefix)
    try await worker.removeAbandoned(prefix)
  }
}

/// The absolute path of a directory, symbolic links followed; resolved once.
private final class CanonicalPath: Sendable {
  private let path: String
  private let resolved = Mutex<String?>(nil)

  init(_ path: String) { self.path = path }

  var value: String {
    resolved.withLock { resolved in
      let value = resolved ?? FileSystem.canonicalPath(path)
      resolved = value
      return value
    }
  }
}

/// The calls of a directory store that are done in one go, on a queue of their own.
private actor DirectoryWorker {
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  private let executor = QueueExecutor(label: "binnacle.directory")
  private let tree: DirectoryTree

  init(tree: DirectoryTree) { self.tree = tree }

  func head(_ key: String) throws(ObjectStoreError) -> ObjectInfo? {
    guard try tree.hasRoot("look up '\(key)'") else { return nil }
    do throws(SystemError) {
      guard let status = try FileSystem.status(tree.path(key)), status.kind == .file else {
        return nil
      }
      return ObjectInfo(key: key, sizeBytes: status.sizeBytes, modified: status.modified)
    } catch {
      throw ObjectStoreError(error, "look up '\(key)'", tree.name)
    }
  }

  func list(_ request: ListRequest) throws(ObjectStoreError) -> ListPage {
    let action = "list '\(request.prefix)'"
    guard try tree.hasRoot(action) else { return ListPage() }
    do throws(SystemError) {
      var listing = DirectoryListing(tree: tree, request: request)
      return try listing.run()
    } catch {
      throw ObjectStoreError(error, action, tree.name)
    }
  }

  func delete(_ key: String) throws(ObjectStoreError) {
    guard try tree.hasRoot("delete '\(key)'") else { return }
    let path = tree.path(key)
    let directory = DirectoryTree.parent(path)
    do throws(SystemError) {
      guard try FileSystem.status(path)?.kind != .directory else { return }
      try FileSystem.unlink(path)
      try FileSystem.synchronizeDirectory(directory.isEmpty ? "/" : directory)
    } catch {
      guard error.number == ENOENT || error.number == ENOTDIR else {
        throw ObjectStoreError(error, "delete '\(key)'", tree.name)
      }
    }
    tree.removeEmptyDirectories(directory)
  }

  func removeAbandoned(_ prefix: String) throws(ObjectStoreError) {
    let action = "remove the unfinished files of '\(prefix)'"
    guard try tree.hasRoot(action) else { return }
    var path = tree.path(prefix)[...]
    while path.last == "/" { path = path.dropLast() }
    do throws(SystemError) {
      guard try FileSystem.status(path.isEmpty ? "/" : String(path))?.kind == .directory else {
        return
      }
      try removeStale(in: String(path))
    } catch {
      throw ObjectStoreError(error, action, tree.name)
    }
  }

  /// Symbolic links are not followed here: what they lead to has its own store, or none.
  private func removeStale(in directory: String) throws(SystemError) {
    let entries: [FileSystem.Entry]
    do {
      try TemporaryFile.removeStale(in: directory.isEmpty ? "/" : directory)
      entries = try FileSystem.entries(directory.isEmpty ? "/" : directory)
    } catch {
      // Somebody else has emptied it.
      if error.number == ENOENT { return }
      throw error
    }
    for entry in entries where entry.isDirectory == true {
      try removeStale(in: "\(directory)/\(entry.name)")
    }
    tree.removeEmptyDirectories(directory)
  }
}
