// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The paths of a directory store, and the directories between its root and its files.
struct DirectoryTree: Sendable {
  /// Without a `/` at its end, except for the file system's root, which is empty.
  let root: String
  let createsRoot: Bool
  let name: String

  init(root: String, createsRoot: Bool) {
    var path = root[...]
    while path.last == "/" { path = path.dropLast() }
    self.root = path.isEmpty && root.isEmpty ? "." : String(path)
    self.createsRoot = createsRoot
    name = "directory '\(root)'"
  }

  func path(_ key: String) -> String { "\(root)/\(key)" }

  /// The directory that a path is in.
  static func parent(_ path: String) -> String {
    String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
  }

  /// Refuses keys that would be taken for something of the store's own.
  func check(_ key: String) throws(ObjectStoreError) {
    try ObjectKey.check(key)
    for segment in key.split(separator: "/") {
      if TemporaryFile.isName(segment) {
        throw ObjectStoreError(
          code: .invalidKey,
          message: "cannot use '\(key)' as a key: '.binnacle-*.tmp' is kept for unfinished files"
        )
      }
      if segment.utf8.count > 255 {
        throw ObjectStoreError(
          code: .invalidKey,
          message: "cannot use '\(key)' as a key in \(name): a segment has "
            + "\(segment.utf8.count) bytes; file systems take 255",
          hint: "use a shorter name"
        )
      }
    }
  }

  /// Whether the root is there.
  ///
  /// Throws when it is no directory, and when it is missing although this store does not make it.
  func hasRoot(_ action: String) throws(ObjectStoreError) -> Bool {
    do throws(SystemError) {
      switch try FileSystem.status(root.isEmpty ? "/" : root)?.kind {
      case .directory: return true
      case .some: throw SystemError(number: ENOTDIR)
      case nil: break
      }
    } catch {
      throw ObjectStoreError(error, action, name)
    }
    guard createsRoot else {
      throw ObjectStoreError(
        code: .unavailable,
        message: "cannot \(action) in \(name): the directory does not exist",
        hint: "make the directory, or mount the disk that holds it"
      )
    }
    return false
  }

  /// Makes a directory with all those above it.
  func makeDirectories(_ path: String) throws(SystemError) {
    if path.isEmpty { return }
    do {
      try FileSystem.makeDirectory(path)
    } catch {
      guard error.number == ENOENT, path.contains("/") else { throw error }
      try makeDirectories(Self.parent(path))
      try FileSystem.makeDirectory(path)
    }
  }

  /// Makes the names survive that lead from the root to a directory's files.
  func synchronizeDirectories(_ path: String) throws(SystemError) {
    var path = path
    while true {
      try FileSystem.synchronizeDirectory(path.isEmpty ? "/" : path)
      guard path.utf8.count > root.utf8.count else { break }
      path = Self.parent(path)
    }
    // The root's own name, too, when it lies in a directory that may be read.
    if root.contains("/") { try? FileSystem.synchronizeDirectory(Self.parent(root) + "/") }
  }

  /// Removes a directory and those above it, below the root, as long as they hold nothing but stale files.
  ///
  /// Nothing is lost to others: only an empty directory can be removed, and a put whose directory is gone makes it
  /// again. Failures mean that the directory stays, which harms nobody.
  func removeEmptyDirectories(_ path: String) {
    var path = path
    while path.utf8.count > root.utf8.count {
      guard removeDirectory(path) else { return }
      path = Self.parent(path)
    }
  }

  private func removeDirectory(_ path: String) -> Bool {
    do throws(SystemError) {
      try FileSystem.removeDirectory(path)
      return true
    } catch {
      guard error.number == ENOTEMPTY || error.number == EEXIST,
        let removed = try? TemporaryFile.removeStale(in: path), removed > 0
      else { return error.number == ENOENT }
    }
    return (try? FileSystem.removeDirectory(path)) != nil
  }
}
