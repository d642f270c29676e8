// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Objects under keys: a bucket, a directory, a piece of memory.
///
/// Objects appear whole or not at all and are never changed in place; a reader that has started on one version
/// of an object never sees bytes of another. All methods may be called from many tasks at once. Keys follow
/// `ObjectKey`; order means the order of their UTF-8 bytes. Where a method throws typed errors,
/// cancellation of the task is the code `.cancelled`.
public protocol ObjectStore: Sendable {
  /// What messages call the store, such as `directory '/srv/store'`.
  var name: String { get }

  /// Which store it is, the same for every way to name it and in every process; journals and locks know it by this.
  var identity: String { get }

  /// Writes one object out of chunks that `body` hands over.
  ///
  /// The object becomes visible at once when `body` has returned. When `body` throws, when the task is cancelled
  /// before that, or when this method throws, nothing of it is visible: the key holds what it held before.
  ///
  /// - Parameters:
  ///   - key: Where the object goes.
  ///   - condition: What must be true of the key.
  ///   - body: Called once; its writer is of no use after it has returned.
  /// - Throws: What `body` throws, unchanged; `ObjectStoreError` for all else: `.alreadyExists`, `.conflict`,
  ///   `.denied`, `.readOnly`, `.noSpace`, `.tooLarge`, `.invalidKey`, `.unavailable`, `.cancelled`.
  func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws

  /// Opens an object, or a part of it, for reading.
  ///
  /// - Parameters:
  ///   - key: Where the object is.
  ///   - range: Which bytes; an end behind the object's end is moved to it.
  /// - Returns: The bytes in chunks, of the version that was there at the call.
  /// - Throws: `.notFound`, `.invalidRange`, `.denied`, `.invalidKey`, `.unavailable`, `.cancelled`.
  func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody

  /// What is known of an object without reading it, or nil when there is none.
  ///
  /// - Parameter key: Where the object would be.
  /// - Returns: Its size and time.
  /// - Throws: `.denied`, `.invalidKey`, `.unavailable`, `.cancelled`.
  func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo?

  /// One page of the keys that start with a prefix, in order.
  ///
  /// An object that is there during the whole time that all pages take is listed exactly once.
  ///
  /// - Parameter request: What to list, and where to go on.
  /// - Returns: At most `request.limit` entries.
  /// - Throws: `.denied`, `.invalidKey`, `.unavailable`, `.cancelled`.
  func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage

  /// Removes an object; that there is none is no error.
  ///
  /// - Parameter key: Where the object is.
  /// - Throws: `.denied`, `.readOnly`, `.conflict`, `.invalidKey`, `.unavailable`, `.cancelled`.
  func delete(_ key: String) async throws(ObjectStoreError)

  /// Removes what puts have left that never came to their end because their process died.
  ///
  /// Objects, and puts that are still going on, stay as they are.
  ///
  /// - Parameter prefix: What the keys of the puts start with; empty, or with a `/` at its end.
  /// - Throws: `.denied`, `.readOnly`, `.invalidKey`, `.unavailable`, `.cancelled`.
  func removeAbandoned(prefix: String) async throws(ObjectStoreError)
}

extension ObjectStore {
  /// The name, for stores that have only one.
  public var identity: String { name }

  /// Nothing, for stores in which an unfinished put leaves nothing.
  public func removeAbandoned(prefix: String) async throws(ObjectStoreError) {}
}

/// Takes the bytes of one object in order.
///
/// One task at a time may call it.
public protocol ObjectWriter: Sendable {
  /// Takes the next bytes; returns when there is room for more, which is the back-pressure.
  ///
  /// - Parameter chunk: Any number of bytes, also none.
  /// - Throws: Why the object cannot be written; the put then fails, whatever the caller does with the error.
  func write(_ chunk: [UInt8]) async throws(ObjectStoreError)
}

/// What must be true of a key for a put to happen.
public enum PutCondition: Sendable, Hashable {
  /// Nothing; an object that is there is replaced.
  case any
  /// No object is there; otherwise the put throws `.alreadyExists`. Of several such puts at once only one happens.
  case ifAbsent
}

/// Which bytes of an object are read.
public enum ObjectRange: Sendable, Hashable {
  /// All of them.
  case all
  /// Those at these places, counted from 0.
  case bytes(Range<Int64>)
  /// The last so many, or all of a shorter object.
  case suffix(Int64)

  /// The places this means in an object of a size; nil when it starts behind the end, which also an empty
  /// object's first byte does.
  public func resolved(sizeBytes: Int64) -> Range<Int64>? {
    switch self {
    case .all: 0..<sizeBytes
    case .bytes(let range):
      range.lowerBound >= 0 && (range.lowerBound < sizeBytes || range.isEmpty)
        ? min(range.lowerBound, sizeBytes)..<min(range.upperBound, sizeBytes) : nil
    case .suffix(let count): max(0, sizeBytes - max(0, count))..<sizeBytes
    }
  }
}

/// What a store knows of an object without reading it.
public struct ObjectInfo: Sendable, Hashable {
  /// Where it is.
  public var key: String
  /// How many bytes it has.
  public var sizeBytes: Int64
  /// When it was written, where the store knows.
  public var modified: Timestamp?

  /// Makes a value.
  public init(key: String, sizeBytes: Int64, modified: Timestamp? = nil) {
    self.key = key
    self.sizeBytes = sizeBytes
    self.modified = modified
  }
}

/// Whether keys are listed one by one or by directory.
public enum ListDelimiter: Sendable, Hashable {
  /// Every key.
  case none
  /// Keys with a `/` behind the prefix are rolled up into common prefixes, which end with that `/`.
  case slash
}

/// What to list, and where to go on.
public struct ListRequest: Sendable, Hashable {
  /// The most entries a page may ask for.
  public static let limits = 1...10_000

  /// What the keys start with; empty for all.
  public var prefix: String
  /// Whether keys are rolled up by directory.
  public var delimiter: ListDelimiter
  /// Only keys and common prefixes behind this one in order.
  public var after: String?
  /// The most keys and common prefixes of the page, 1...10,000.
  public var limit: Int

  /// Makes a request.
  public init(
    prefix: String = "",
    delimiter: ListDelimiter = .none,
    after: String? = nil,
    limit: Int = 1000
  ) {
    precondition(Self.limits.contains(limit), "a page has 1...10,000 entries")
    self.prefix = prefix
    self.delimiter = delimiter
    self.after = after
    self.limit = limit
  }
}

/// A page of a listing.
public struct ListPage: Sendable, Hashable {
  /// The objects, in order.
  public var objects: [ObjectInfo]
  /// The common prefixes, in order, each once.
  public var prefixes: [String]
  /// What the next request's `after` is; nil on the last page.
  public var next: String?

  /// Makes a page.
  public init(objects: [ObjectInfo] = [], prefixes: [String] = [], next: String? = nil) {
    self.objects = objects
    self.prefixes = prefixes
    self.next = next
  }
}
