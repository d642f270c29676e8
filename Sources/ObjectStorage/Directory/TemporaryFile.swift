// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

/// A file that becomes an object when it is complete.
///
/// It lies next to its target, so that renaming it is atomic, and is called `.binnacle-` + 16 hexadecimal digits +
/// `.tmp`. Its writer holds the file's lock (flock) as long as it lives, so that a file whose lock can be had
/// was left by a process that is gone.
struct TemporaryFile {
  let path: String
  let descriptor: Int32

  static func isName(_ name: some StringProtocol) -> Bool {
    name.hasPrefix(".binnacle-") && name.hasSuffix(".tmp")
  }

  /// Makes a file that is locked and empty.
  static func create(in directory: String) throws(SystemError) -> TemporaryFile {
    while true {
      let digits = String(UInt64.random(in: 1 << 60...UInt64.max), radix: 16)
      let path = "\(directory)/.binnacle-\(digits).tmp"
      let descriptor: Int32
      do {
        descriptor = try FileSystem.open(path, O_WRONLY | O_CREAT | O_EXCL)
      } catch {
        if error.number == EEXIST { continue }
        throw error
      }
      // Between the two calls somebody may have taken the file for a stale one; then it has no name any more.
      if try isOurs(descriptor) { return TemporaryFile(path: path, descriptor: descriptor) }
      FileSystem.close(descriptor)
    }
  }

  private static func isOurs(_ descriptor: Int32) throws(SystemError) -> Bool {
    do {
      if try FileSystem.lock(descriptor) == .heldByAnother { return false }
      return try FileSystem.status(descriptor).linkCount > 0
    } catch {
      FileSystem.close(descriptor)
      throw error
    }
  }

  /// Removes the temporary files of a directory that no process writes any more.
  ///
  /// - Returns: How many were removed.
  @discardableResult
  static func removeStale(in directory: String) throws(SystemError) -> Int {
    var count = 0
    for entry in try FileSystem.entries(directory) where isName(entry.name) {
      if try removeIfStale("\(directory)/\(entry.name)") { count += 1 }
    }
    return count
  }

  private static func removeIfStale(_ path: String) throws(SystemError) -> Bool {
    do {
      let descriptor = try FileSystem.open(path, O_WRONLY | O_NOFOLLOW | O_NONBLOCK)
      defer { FileSystem.close(descriptor) }
      // Whoever holds the lock is the only one that may rename or remove the file.
      guard try FileSystem.lock(descriptor) == .taken,
        try FileSystem.status(descriptor).linkCount > 0,
        try FileSystem.status(path)?.identity == FileSystem.status(descriptor).identity
      else { return false }
      try FileSystem.unlink(path)
      return true
    } catch {
      // It was renamed or removed meanwhile, or is none of ours.
      if [ENOENT, ELOOP, EISDIR, EACCES, EPERM, ENXIO].contains(error.number) { return false }
      throw error
    }
  }
}
