// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives

/// A file that is being written on this machine, on a queue of its own because writing may block.
///
/// Nobody but its owner may read it (mode 0600).
actor LocalFile {
  /// What becomes of a file that is there already.
  enum Replacement: Sendable, Hashable {
    /// It stays, and the new file is an error.
    case refuse
    /// It is replaced as a whole when the new file is complete.
    case replace
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  private let queue = QueueExecutor(label: "binnacle.file")
  private let path: String
  private let writtenPath: String
  private var descriptor: Int32

  /// Makes the file.
  ///
  /// - Parameters:
  ///   - path: Where it will be.
  ///   - replacement: What becomes of a file that is there.
  /// - Throws: `CommandFailure` when there is one, or the file cannot be made.
  init(path: String, replacement: Replacement) throws {
    self.path = path
    switch replacement {
    case .refuse:
      writtenPath = path
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    case .replace:
      var template = Array("\(path).XXXXXX".utf8CString)
      descriptor = mkstemp(&template)
      writtenPath = String(
        decoding: template.dropLast().map(UInt8.init(bitPattern:)),
        as: UTF8.self
      )
    }
    let code = errno
    guard descriptor < 0 else { return }
    if code == EEXIST {
      throw CommandFailure.failed(
        "cannot write '\(path)': it exists already",
        code: "alreadyExists",
        hint: "name another file with --output, or replace it with --force"
      )
    }
    throw Self.failure("cannot make '\(path)'", code)
  }

  deinit {
    if descriptor >= 0 {
      close(descriptor)
      unlink(writtenPath)
    }
  }

  /// Adds bytes at the end.
  func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      let code = errno
      if count > 0 { rest = rest.dropFirst(count) }
      if count < 0, code != EINTR { throw Self.failure("cannot write '\(path)'", code) }
    }
  }

  /// Makes the file complete and durable; without this it goes away.
  func finish() throws {
    guard fsync(descriptor) == 0 else { throw Self.failure("cannot write '\(path)'", errno) }
    if writtenPath != path, rename(writtenPath, path) != 0 {
      throw Self.failure("cannot replace '\(path)'", errno)
    }
    close(descriptor)
    descriptor = -1
  }

  /// Reads a whole file, such as a script that was written by hand.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - limitBytes: The most bytes that are taken.
  /// - Returns: The bytes.
  /// - Throws: `CommandFailure` when it is missing, cannot be read or is larger.
  static func contents(_ path: String, limitBytes: Int = 1 << 20) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    let code = errno
    guard descriptor >= 0 else {
      if code == ENOENT { throw CommandFailure.notFound("there is no file '\(path)'") }
      throw failure("cannot read '\(path)'", code)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: limitBytes + 1)
    var length = 0
    while length <= limitBytes {
      let count = bytes[length...].withUnsafeMutableBytes {
        read(descriptor, $0.baseAddress, $0.count)
      }
      let code = errno
      if count == 0 { return Array(bytes[..<length]) }
      if count > 0 { length += count }
      if count < 0, code != EINTR { throw failure("cannot read '\(path)'", code) }
    }
    throw CommandFailure.failed("cannot read '\(path)': it has more than \(limitBytes) bytes")
  }

  private static func failure(_ action: String, _ code: Int32) -> CommandFailure {
    let denied = code == EACCES || code == EPERM || code == EROFS
    return CommandFailure(
      exitCode: denied ? .denied : .failed,
      code: denied ? "denied" : code == ENOSPC || code == EDQUOT ? "noSpace" : "local",
      message: "\(action): \(String(cString: strerror(code)))",
      hint: code == ENOSPC ? "make room on the disk, or write to another" : nil
    )
  }
}
