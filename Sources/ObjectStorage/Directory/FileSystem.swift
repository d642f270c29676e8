// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

/// The number of a failed system call.
struct SystemError: Error, Hashable {
  let number: Int32
}

/// What `stat` says of a file, as far as a store needs it.
struct FileStatus {
  enum Kind { case file, directory, other }

  /// Which file it is, whatever its path.
  struct Identity: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  let kind: Kind
  let identity: Identity
  let sizeBytes: Int64
  let linkCount: Int
  let modified: Timestamp

  init(_ status: stat) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: kind = .file
    case S_IFDIR: kind = .directory
    default: kind = .other
    }
    identity = Identity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino))
    sizeBytes = Int64(status.st_size)
    linkCount = Int(status.st_nlink)
    modified = Timestamp(
      seconds: Int64(status.st_mtim.tv_sec),
      nanoseconds: Int32(status.st_mtim.tv_nsec)
    )
  }
}

/// The system calls of the directory store; each names one call, and those that a signal interrupts are repeated.
enum FileSystem {
  /// Repeats a call while a signal interrupts it; -1 is the failure.
  static func call<Value: SignedInteger>(_ body: () -> Value) throws(SystemError) -> Value {
    while true {
      let value = body()
      let number = errno
      if value != -1 { return value }
      if number != EINTR { throw SystemError(number: number) }
    }
  }

  /// What is at a path, symbolic links followed; nil when there is nothing.
  static func status(_ path: String) throws(SystemError) -> FileStatus? {
    var status = stat()
    do {
      _ = try call { stat(path, &status) }
      return FileStatus(status)
    } catch {
      if error.number == ENOENT || error.number == ENOTDIR { return nil }
      throw error
    }
  }

  static func status(_ descriptor: Int32) throws(SystemError) -> FileStatus {
    var status = stat()
    _ = try call { fstat(descriptor, &status) }
    return FileStatus(status)
  }

  /// The absolute path with symbolic links followed, as far as it exists; what does not exist yet is kept as it is.
  static func canonicalPath(_ path: String) -> String {
    if let resolved = realpath(path.isEmpty ? "/" : path, nil) {
      defer { free(resolved) }
      return String(cString: resolved)
    }
    let name = path[
      path.index(
        path.lastIndex(of: "/") ?? path.startIndex,
        offsetBy: path.contains("/") ? 1 : 0
      )...
    ]
    let parent = path.contains("/") ? String(path.dropLast(name.utf8.count + 1)) : "."
    let above = canonicalPath(parent)
    return above == "/" ? "/\(name)" : "\(above)/\(name)"
  }

  static func open(_ path: String, _ flags: Int32) throws(SystemError) -> Int32 {
    try call { Glibc.open(path, flags | O_CLOEXEC, 0o600) }
  }

  static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = try call { Glibc.write(descriptor, rest.baseAddress, rest.count) }
      rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
    }
  }

  /// Reads at most `count` bytes at a place; none at the file's end.
  static func read(
    _ descriptor: Int32,
    at offset: Int64,
    count: Int
  ) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      do throws(SystemError) {
        initializedCount = try call { pread(descriptor, buffer.baseAddress, count, Int(offset)) }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Makes the bytes of a file, or the names in a directory, survive a power failure.
  static func synchronize(_ descriptor: Int32) throws(SystemError) {
    do {
      _ = try call { fsync(descriptor) }
    } catch {
      // Some file systems know no fsync of a directory; there is nothing more to be done on them.
      guard error.number == EINVAL || error.number == ENOTSUP else { throw error }
    }
  }

  static func synchronizeDirectory(_ path: String) throws(SystemError) {
    let descriptor = try open(path, O_RDONLY | O_DIRECTORY)
    defer { close(descriptor) }
    try synchronize(descriptor)
  }

  static func rename(_ source: String, _ target: String) throws(SystemError) {
    _ = try call { Glibc.rename(source, target) }
  }

  static func link(_ source: String, _ target: String) throws(SystemError) {
    _ = try call { Glibc.link(source, target) }
  }

  static func unlink(_ path: String) throws(SystemError) {
    _ = try call { Glibc.unlink(path) }
  }

  static func removeDirectory(_ path: String) throws(SystemError) {
    _ = try call { rmdir(path) }
  }

  /// Makes a directory that only its owner may enter; one that is there stays as it is.
  static func makeDirectory(_ path: String) throws(SystemError) {
    do {
      _ = try call { mkdir(path, 0o700) }
    } catch {
      guard error.number == EEXIST else { throw error }
    }
  }

  /// Closes a descriptor; what could go wrong was found by the synchronization before.
  static func close(_ descriptor: Int32) {
    _ = Glibc.close(descriptor)
  }

  /// The result of asking for a file's lock.
  enum Lock { case taken, heldByAnother, unsupported }

  /// Asks for the exclusive lock of an open file, without waiting.
  static func lock(_ descriptor: Int32) throws(SystemError) -> Lock {
    do {
      _ = try call { flock(descriptor, LOCK_EX | LOCK_NB) }
      return .taken
    } catch {
      switch error.number {
      case EWOULDBLOCK: return .heldByAnother
      case ENOLCK, ENOSYS, ENOTSUP: return .unsupported
      default: throw error
      }
    }
  }

  /// A name in a directory.
  struct Entry {
    let name: String
    /// Whether it is a directory, where the file system says so without being asked for each name.
    let isDirectory: Bool?
  }

  /// The names in a directory, in no order, without `.` and `..` and without those that are no UTF-8.
  static func entries(_ path: String) throws(SystemError) -> [Entry] {
    guard let directory = opendir(path) else { throw SystemError(number: errno) }
    defer { closedir(directory) }
    var entries: [Entry] = []
    while true {
      errno = 0
      guard let entry = readdir(directory) else {
        let number = errno
        if number != 0 { throw SystemError(number: number) }
        return entries
      }
      guard let name = name(entry), name != ".", name != ".." else { continue }
      entries.append(Entry(name: name, isDirectory: isDirectory(entry)))
    }
  }

  private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String? {
    withUnsafePointer(to: &entry.pointee.d_name) { tuple in
      tuple.withMemoryRebound(to: CChar.self, capacity: 256) { String(validatingCString: $0) }
    }
  }

  private static func isDirectory(_ entry: UnsafeMutablePointer<dirent>) -> Bool? {
    switch Int(entry.pointee.d_type) {
    case Int(DT_DIR): true
    case Int(DT_REG): false
    default: nil
    }
  }
}
