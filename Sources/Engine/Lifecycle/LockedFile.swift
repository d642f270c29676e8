// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A file with an exclusive lock; the lock goes with the value.
///
/// The locks are Linux's open file description locks (fcntl(2)): unlike flock's they can be asked about without being
/// taken, so that who looks never keeps anybody out.
final class LockedFile: Sendable {
  /// What is known of a file without taking its lock.
  enum State {
    /// There is no such file.
    case missing
    /// Nobody has its lock.
    case free
    /// A process has its lock.
    case held
  }

  /// The most bytes of a file that are read.
  private static let limitBytes = 64 << 10
  /// `F_OFD_GETLK` and `F_OFD_SETLK` of linux/fcntl.h, the same on all processors; Swift's Glibc leaves them out.
  private static let (getLock, setLock): (Int32, Int32) = (36, 37)

  private let descriptor: Int32
  private let path: String

  private init(descriptor: Int32, path: String) {
    self.descriptor = descriptor
    self.path = path
  }

  deinit { close(descriptor) }

  /// Opens a file and locks it; nil when another process holds the lock, or it is not there and is not to be made.
  static func take(_ path: String, creates: Bool = true) throws -> LockedFile? {
    while true {
      let descriptor = open(path, (creates ? O_CREAT : 0) | O_RDWR | O_CLOEXEC, 0o600)
      guard descriptor >= 0 else {
        if !creates, errno == ENOENT { return nil }
        throw failure("open '\(path)'", errno)
      }
      let file = LockedFile(descriptor: descriptor, path: path)
      guard try lock(descriptor, path) else { return nil }
      // Its owner may have removed or replaced the file between the open and the lock.
      if file.isNamed { return file }
      if !creates, access(path, F_OK) != 0 { return nil }
    }
  }

  /// Looks at a file without keeping anybody from it.
  ///
  /// - Returns: Who has it, and what is in it.
  static func ask(_ path: String) throws -> (state: State, contents: [UInt8]) {
    while true {
      let descriptor = open(path, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else {
        if errno == ENOENT { return (.missing, []) }
        throw failure("open '\(path)'", errno)
      }
      let file = LockedFile(descriptor: descriptor, path: path)
      let isFree = try isFree(descriptor, path)
      let contents = file.contents()
      // Its owner may have removed or replaced the file meanwhile.
      if file.isNamed { return (isFree ? .free : .held, contents) }
    }
  }

  /// Whether the file is still the one of its name.
  private var isNamed: Bool {
    var (own, named) = (stat(), stat())
    return fstat(descriptor, &own) == 0 && stat(path, &named) == 0 && own.st_ino == named.st_ino
      && own.st_dev == named.st_dev
  }

  /// Takes the lock, or says that it cannot be had now.
  private static func lock(_ descriptor: Int32, _ path: String) throws -> Bool {
    var request = wholeFile(F_WRLCK)
    while fcntl(descriptor, setLock, &request) != 0 {
      if errno == EINTR { continue }
      if errno == EAGAIN || errno == EACCES { return false }
      throw failure("lock '\(path)'", errno)
    }
    return true
  }

  /// Whether nobody has the lock now.
  private static func isFree(_ descriptor: Int32, _ path: String) throws -> Bool {
    var request = wholeFile(F_RDLCK)
    guard fcntl(descriptor, getLock, &request) == 0 else {
      throw failure("ask for the lock of '\(path)'", errno)
    }
    return request.l_type == Int16(F_UNLCK)
  }

  private static func wholeFile(_ kind: Int32) -> flock {
    flock(l_type: Int16(kind), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
  }

  /// What is in the file, up to 64 KiB.
  func contents() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Self.limitBytes)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  /// Writes the file anew beside itself and puts the new one into its place, so that no half of it is ever seen.
  ///
  /// - Returns: The new file with its lock. On a throw the old one is as it was.
  func replaced(with bytes: [UInt8]) throws -> LockedFile {
    let beside = path + ".new"
    let descriptor = open(beside, O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.failure("write '\(path)'", errno) }
    let file = LockedFile(descriptor: descriptor, path: path)
    guard try Self.lock(descriptor, beside) else {
      throw Self.failure("lock '\(beside)'", EAGAIN)
    }
    guard pwrite(descriptor, bytes, bytes.count, 0) == bytes.count, rename(beside, path) == 0
    else {
      let code = errno
      unlink(beside)
      throw Self.failure("write '\(path)'", code)
    }
    return file
  }

  /// Removes the file while its lock is held, so that nobody finds it without its owner.
  func removeAndRelease() { unlink(path) }

  static func failure(_ action: String, _ code: Int32) -> EngineError {
    // Libc's texts begin with a capital; those of this project do not.
    let reason = String(cString: strerror(code))
    return EngineError(
      .local,
      "cannot \(action): \(reason.prefix(1).lowercased())\(reason.dropFirst())",
      hint: "the journal of running operations lives there; XDG_STATE_HOME names another place"
    )
  }
}
