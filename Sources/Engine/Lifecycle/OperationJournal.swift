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
/// One file an operation, locked as long as its process lives: a file whose lock can be taken belongs to
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
  ///   - backup: The backup that it reads without writing it, so that nobody takes it away meanwhile; nil for none.
  ///   - now: The time, for the note.
  /// - Returns: The entry, to be ended when the operation is over.
  /// - Throws: `EngineError` `.locked` while another process is at the same, `.local` when the directory cannot be used.
  public func begin(
    _ operation: JournaledOperation,
    reading backup: String? = nil,
    now: Timestamp
  ) throws -> JournalEntry {
    try Self.makeDirectories(directory)
    guard let file = try LockedFile.take(path(of: operation)) else {
      throw EngineError(
        .locked,
        "another binnacle process is \(operation.running)",
        hint: "wait for it to end, or choose another name"
      )
    }
    var note: JSONValue = [
      "operation": .string(operation.kind.rawValue), "store": .string(operation.store),
      operation.kind.rawValue: .string(operation.name), "started": .string(now.description),
    ]
    if let backup { note[Self.readKey] = .string(backup) }
    let wasInterrupted = !file.contents().isEmpty
    do {
      let written = try file.replaced(with: note.encoded())
      return JournalEntry(file: written, wasInterrupted: wasInterrupted)
    } catch {
      // What another process has left is not to be forgotten because there is no room for a new note.
      if !wasInterrupted { file.removeAndRelease() }
      throw error
    }
  }

  /// Takes over the operations of processes that are gone; each is held until it is ended or let go.
  ///
  /// - Parameters:
  ///   - kind: Only those of this kind.
  ///   - store: Only those on this store.
  /// - Returns: Each operation and its entry.
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func takeInterrupted(_ kind: JournaledOperation.Kind, store: String) throws
    -> [(InterruptedOperation, JournalEntry)]
  {
    var result: [(InterruptedOperation, JournalEntry)] = []
    for fileName in fileNames(of: kind) {
      guard let file = try LockedFile.take("\(directory)/\(fileName)", creates: false)
      else { continue }
      guard let note = Note(file.contents(), kind) else {
        // A process died between making the file and writing it: there is nothing to clean up.
        file.removeAndRelease()
        continue
      }
      guard note.store == store else { continue }
      result.append((note.interrupted(kind), JournalEntry(file: file, wasInterrupted: true)))
    }
    return result
  }

  /// The operations of processes that are gone; nobody is kept from going on with one.
  ///
  /// - Parameters:
  ///   - kind: Only those of this kind.
  ///   - store: Only those on this store.
  /// - Returns: What was being done.
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func interrupted(_ kind: JournaledOperation.Kind, store: String) throws
    -> [InterruptedOperation]
  {
    try fileNames(of: kind).compactMap { fileName in
      let (state, contents) = try LockedFile.ask("\(directory)/\(fileName)")
      guard state == .free, let note = Note(contents, kind), note.store == store else {
        return nil
      }
      return note.interrupted(kind)
    }
  }

  /// The names of the restores that are running on this machine and read a backup, as far as their notes say.
  ///
  /// A restore notes it before it looks at the backup, and so also before it has a record.
  ///
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func restores(reading backup: String, store: String) throws -> [String] {
    try fileNames(of: .restore).compactMap { fileName in
      let (state, contents) = try LockedFile.ask("\(directory)/\(fileName)")
      guard state == .held, let note = Note(contents, .restore), note.store == store,
        note.backup == backup
      else { return nil }
      return note.name
    }
  }

  /// How an operation stands on this machine.
  ///
  /// - Throws: `EngineError` `.local` when the directory cannot be used.
  public func standing(of operation: JournaledOperation) throws -> OperationStanding {
    switch try LockedFile.ask(path(of: operation)).state {
    case .missing: .unknown
    case .free: .interrupted
    case .held: .running
    }
  }

  /// The field of a note with the backup that is read.
  private static let readKey = "reads"

  /// What is in a file of the journal.
  private struct Note {
    let name: String
    let store: String
    let started: Timestamp?
    let backup: String?

    init?(_ bytes: [UInt8], _ kind: JournaledOperation.Kind) {
      guard let json = try? JSONValue(parsing: bytes), let store = json["store"]?.string,
        let name = json[kind.rawValue]?.string
      else { return nil }
      (self.name, self.store) = (name, store)
      started = json["started"]?.string.flatMap(Timestamp.init(rfc3339:))
      backup = json[readKey]?.string
    }

    func interrupted(_ kind: JournaledOperation.Kind) -> InterruptedOperation {
      InterruptedOperation(
        operation: JournaledOperation(kind, name, store: store),
        started: started
      )
    }
  }

  private func fileNames(of kind: JournaledOperation.Kind) -> [String] {
    Self.names(in: directory).filter {
      $0.hasPrefix("\(kind.rawValue)-") && $0.hasSuffix(".json")
    }
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
  /// Whether a process that is gone had begun the same and not ended it.
  public let wasInterrupted: Bool

  init(file: LockedFile, wasInterrupted: Bool) {
    self.file = file
    self.wasInterrupted = wasInterrupted
  }

  /// Takes the entry out of the journal: the operation is over and has left nothing behind.
  public func end() { file.removeAndRelease() }

  /// Ends an entry that was begun here only; what was interrupted before stays so when the entry is let go.
  public func giveBack() { if !wasInterrupted { end() } }
}
