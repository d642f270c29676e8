// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Primitives

/// An operation that the journal keeps apart from others of its kind and name.
public struct JournaledOperation: Sendable, Hashable {
  /// What an operation does.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Writes a backup into the store.
    case backup
    /// Brings objects of a backup of the store into a cluster.
    case restore
  }

  /// What it does.
  public var kind: Kind
  /// The name of the backup or restore.
  public var name: String
  /// The store's identity.
  public var store: String

  /// Makes an operation.
  public init(_ kind: Kind, _ name: String, store: String) {
    self.kind = kind
    self.name = name
    self.store = store
  }

  /// What another process is at that has begun it, for messages.
  var running: String {
    switch kind {
    case .backup: "writing the backup '\(name)' to \(store)"
    case .restore: "at work on the restore '\(name)' of \(store)"
    }
  }

  /// The name of its file in the journal; those of backups are as they always were.
  var fileName: String {
    "\(kind.rawValue)-\(SHA256.hexDigest("\(store)\n\(name)").prefix(24)).json"
  }
}

/// An operation that was begun on this machine and did not come to its end.
public struct InterruptedOperation: Sendable, Hashable {
  /// What was being done.
  public var operation: JournaledOperation
  /// When it began.
  public var started: Timestamp?
}

/// What the journal knows of an operation.
public enum OperationStanding: String, Sendable, Hashable {
  /// A process of this machine is at work on it.
  case running
  /// The process of this machine that began it is gone.
  case interrupted
  /// It is over, or was never begun on this machine.
  case unknown
}

/// Which operations are running on this machine, so that a crash's leftovers are found and no two runs are
/// at one backup or restore.
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

  /// Notes that an operation begins.
  ///
  /// - Parameters:
  ///   - operation: What is done. One that was interrupted may be begun again.
  ///   - now: The time, for the note.
  /// - Returns: The entry, to be ended when the operation is over.
  /// - Throws: `EngineError` `.locked` while another process is at the same, `.local` when the directory cannot be used.
  public func begin(_ operation: JournaledOperation, now: Timestamp) throws -> JournalEntry {
    try Self.makeDirectories(directory)
    guard let file = try LockedFile.take(path(of: operation)) else {
      throw EngineError(
        .locked,
        "another binnacle process is \(operation.running)",
        hint: "wait for it to end, or choose another name"
      )
    }
    let note: JSONValue = [
      "operation": .string(operation.kind.rawValue), "store": .string(operation.store),
      operation.kind.rawValue: .string(operation.name), "started": .string(now.description),
    ]
    do {
      try file.replaceContents(with: note.encoded())
    } catch {
      file.removeAndRelease()
      throw error
    }
    return JournalEntry(file: file)
  }

  /// The operations of processes that are gone, each with its entry, which is held until it is ended or let go.
  ///
  /// - Parameters:
  ///   - kind: Only those of this kind.
  ///   - store: Only those on this store.
  /// - Returns: Each operation and its entry.
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func interrupted(_ kind: JournaledOperation.Kind, store: String) throws
    -> [(InterruptedOperation, JournalEntry)]
  {
    var result: [(InterruptedOperation, JournalEntry)] = []
    for fileName in Self.names(in: directory) where fileName.hasPrefix("\(kind.rawValue)-") {
      guard fileName.hasSuffix(".json"),
        let file = try LockedFile.take("\(directory)/\(fileName)", creates: false)
      else { continue }
      let note = try? JSONValue(parsing: file.contents())
      guard let note, let owner = note["store"]?.string, let name = note[kind.rawValue]?.string
      else {
        // A process died between making the file and writing it: there is nothing to clean up.
        file.removeAndRelease()
        continue
      }
      guard owner == store else { continue }
      let operation = InterruptedOperation(
        operation: JournaledOperation(kind, name, store: owner),
        started: note["started"]?.string.flatMap(Timestamp.init(rfc3339:))
      )
      result.append((operation, JournalEntry(file: file)))
    }
    return result
  }

  /// How an operation stands on this machine.
  ///
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func standing(of operation: JournaledOperation) throws -> OperationStanding {
    let path = path(of: operation)
    guard access(path, F_OK) == 0 else { return .unknown }
    if try LockedFile.take(path, creates: false) != nil { return .interrupted }
    // Its owner may have ended it and removed the file meanwhile.
    return access(path, F_OK) == 0 ? .running : .unknown
  }

  private func path(of operation: JournaledOperation) -> String {
    "\(directory)/\(operation.fileName)"
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
