// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Primitives

/// An operation that was begun on this machine and did not come to its end.
public struct InterruptedOperation: Sendable, Hashable {
  /// The store's identity.
  public var store: String
  /// The backup that was being written.
  public var backup: String
  /// When it began.
  public var started: Timestamp?
}

/// Which operations are running on this machine, so that a crash's leftovers are found and no two runs write one backup.
///
/// One file an operation, locked with `flock` as long as its process lives: a file whose lock can be taken belongs to
/// a process that is gone. Directory: `$XDG_STATE_HOME/binnacle/operations`. It protects one machine; across machines the store's
/// conditional writes decide.
public actor OperationJournal {
  private let executor = QueueExecutor(label: "binnacle.journal")
  private let directory: String

  /// The journal's own queue: taking locks and writing files block.
  public nonisolated var unownedExecutor: UnownedSerialExecutor {
    executor.asUnownedSerialExecutor()
  }

  /// Makes a journal.
  ///
  /// - Parameter directory: Where its files are; made when the first operation begins.
  public init(directory: String) { self.directory = directory }

  /// Notes that a backup is about to be written.
  ///
  /// - Parameters:
  ///   - backup: The backup's name.
  ///   - store: The store's identity.
  ///   - now: The time, for the note.
  /// - Returns: The entry, to be ended when the operation is over.
  /// - Throws: `EngineError` `.locked` while another process writes the same backup, `.local` when the directory cannot be used.
  public func begin(backup: String, store: String, now: Timestamp) throws -> JournalEntry {
    try Self.makeDirectories(directory)
    let digest = SHA256.hexDigest("\(store)\n\(backup)").prefix(24)
    let path = "\(directory)/backup-\(digest).json"
    guard let file = try LockedFile.take(path) else {
      throw EngineError(
        .locked,
        "another binnacle process is writing the backup '\(backup)' to \(store)",
        hint: "wait for it to end, or choose another name"
      )
    }
    let note: JSONValue = [
      "operation": "backup", "store": .string(store), "backup": .string(backup),
      "started": .string(now.description),
    ]
    do {
      try file.replaceContents(with: note.encoded())
    } catch {
      file.removeAndRelease()
      throw error
    }
    return JournalEntry(file: file)
  }

  /// The operations of processes that are gone, each with its entry, which is held until it is ended.
  ///
  /// - Parameter store: Only those on this store.
  /// - Returns: Each operation and its entry.
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func interrupted(store: String) throws -> [(InterruptedOperation, JournalEntry)] {
    var result: [(InterruptedOperation, JournalEntry)] = []
    for name in Self.names(in: directory) where name.hasSuffix(".json") {
      guard let file = try LockedFile.take("\(directory)/\(name)", creates: false) else { continue }
      let note = try? JSONValue(parsing: file.contents())
      guard let note, let owner = note["store"]?.string, let backup = note["backup"]?.string else {
        // A process died between making the file and writing it: there is nothing to clean up.
        file.removeAndRelease()
        continue
      }
      guard owner == store else { continue }
      let started = note["started"]?.string.flatMap(Timestamp.init(rfc3339:))
      result.append(
        (
          InterruptedOperation(store: owner, backup: backup, started: started),
          JournalEntry(file: file)
        )
      )
    }
    return result
  }

  private static func makeDirectories(_ path: String) throws {
    var made = ""
    for part in path.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o700) != 0, errno != EEXIST else { continue }
      throw LockedFile.failure("make the directory '\(made)'", errno)
    }
  }

  private static func names(in directory: String) -> [String] {
    guard let handle = opendir(directory) else { return [] }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix(while: { $0 != 0 }), as: UTF8.self)
        }
      )
    }
    return names.sorted()
  }
}

/// A running operation's entry in the journal.
public struct JournalEntry: Sendable {
  private let file: LockedFile

  init(file: LockedFile) { self.file = file }

  /// Takes the entry out of the journal: the operation is over and has left nothing behind.
  public func end() { file.removeAndRelease() }
}

/// A file with an exclusive lock; the lock goes with the value.
final class LockedFile: Sendable {
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
      guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
        if errno == EINTR { continue }
        if errno == EWOULDBLOCK { return nil }
        throw failure("lock '\(path)'", errno)
      }
      // Its owner may have removed the file between the open and the lock.
      var (own, named) = (stat(), stat())
      if fstat(descriptor, &own) == 0, stat(path, &named) == 0, own.st_ino == named.st_ino {
        return file
      }
      if !creates { return nil }
    }
  }

  /// What is in the file, up to 64 KiB.
  func contents() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    return Array(bytes.prefix(max(0, count)))
  }

  /// Writes the file anew.
  func replaceContents(with bytes: [UInt8]) throws {
    guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count
    else { throw Self.failure("write '\(path)'", errno) }
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
