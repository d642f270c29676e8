// SPDX-License-Identifier: Apache-2.0

public import Primitives
internal import Synchronization

/// A store in the memory of this process, for tests.
///
/// Copies of a value share the objects.
public struct MemoryStore: ObjectStore {
  /// What messages call the store.
  public let name: String
  private let clock: WallClock
  private let contents = Contents()

  /// Makes an empty store.
  ///
  /// - Parameters:
  ///   - name: What messages call it.
  ///   - clock: Where the objects' times come from.
  public init(name: String = "memory", clock: WallClock = .system) {
    self.name = name
    self.clock = clock
  }

  /// Writes one object out of chunks that `body` hands over; see `ObjectStore`.
  public func put(
    _ key: String,
    condition: PutCondition,
    body: (any ObjectWriter) async throws -> Void
  ) async throws {
    try ObjectKey.check(key)
    if condition == .ifAbsent, contents[key] != nil {
      throw ObjectStoreError.alreadyExists(key, in: name)
    }
    let writer = Writer()
    try await body(writer)
    guard !Task.isCancelled else { throw ObjectStoreError.cancelled("put '\(key)' into \(name)") }
    let object = Object(bytes: writer.bytes.withLock { $0 }, modified: clock.now())
    guard contents.put(key, object, condition) else {
      throw ObjectStoreError.alreadyExists(key, in: name)
    }
  }

  /// Opens an object, or a part of it, for reading; see `ObjectStore`.
  public func read(_ key: String, range: ObjectRange) async throws(ObjectStoreError) -> ObjectBody {
    try ObjectKey.check(key)
    guard let bytes = contents[key]?.bytes else { throw .notFound(key, in: name) }
    let size = Int64(bytes.count)
    guard let places = range.resolved(sizeBytes: size) else {
      throw .invalidRange(key, range, sizeBytes: size)
    }
    let position = Mutex(Int(places.lowerBound))
    let end = Int(places.upperBound)
    return ObjectBody(key: key, objectSizeBytes: size, range: places) {
      position.withLock { start in
        guard start < end else { return nil }
        let chunk = bytes[start..<min(end, start + Self.chunkSizeBytes)]
        start = chunk.endIndex
        return Array(chunk)
      }
    }
  }

  /// What is known of an object without reading it; see `ObjectStore`.
  public func head(_ key: String) async throws(ObjectStoreError) -> ObjectInfo? {
    try ObjectKey.check(key)
    return contents[key].map { $0.info(key) }
  }

  /// One page of the keys that start with a prefix, in order; see `ObjectStore`.
  public func listPage(_ request: ListRequest) async throws(ObjectStoreError) -> ListPage {
    try ObjectKey.checkPrefix(request.prefix)
    let objects = contents.all.filter { $0.key.utf8.starts(with: request.prefix.utf8) }
    var page = ListPage()
    var last: String?
    for (key, object) in objects.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) })
    {
      let entry = request.rolledUp(key)
      let isSeen = request.after.map { !$0.utf8.lexicographicallyPrecedes(entry.utf8) } ?? false
      if isSeen || entry == last { continue }
      guard page.objects.count + page.prefixes.count < request.limit else {
        page.next = last
        return page
      }
      last = entry
      if entry == key { page.objects.append(object.info(key)) } else { page.prefixes.append(entry) }
    }
    return page
  }

  /// Removes an object; see `ObjectStore`.
  public func delete(_ key: String) async throws(ObjectStoreError) {
    try ObjectKey.check(key)
    contents.remove(key)
  }

  private static let chunkSizeBytes = 64 * 1024

  private struct Object: Sendable {
    var bytes: [UInt8]
    var modified: Timestamp

    func info(_ key: String) -> ObjectInfo {
      ObjectInfo(key: key, sizeBytes: Int64(bytes.count), modified: modified)
    }
  }

  private final class Contents: Sendable {
    private let objects = Mutex<[String: Object]>([:])

    var all: [String: Object] { objects.withLock { $0 } }

    subscript(key: String) -> Object? { objects.withLock { $0[key] } }

    /// Returns whether the condition held.
    func put(_ key: String, _ object: Object, _ condition: PutCondition) -> Bool {
      objects.withLock {
        if condition == .ifAbsent, $0[key] != nil { return false }
        $0[key] = object
        return true
      }
    }

    func remove(_ key: String) { objects.withLock { $0[key] = nil } }
  }

  private final class Writer: ObjectWriter {
    let bytes = Mutex<[UInt8]>([])

    func write(_ chunk: [UInt8]) async throws(ObjectStoreError) {
      bytes.withLock { $0 += chunk }
    }
  }
}

extension ListRequest {
  /// The common prefix that stands for a key in this listing, or the key itself.
  func rolledUp(_ key: String) -> String {
    guard delimiter == .slash else { return key }
    let rest = key.utf8.dropFirst(prefix.utf8.count)
    guard let slash = rest.firstIndex(of: UInt8(ascii: "/")) else { return key }
    return String(key[...slash])
  }
}

extension ObjectStoreError {
  static func invalidRange(
    _ key: String,
    _ range: ObjectRange,
    sizeBytes: Int64
  ) -> ObjectStoreError {
    ObjectStoreError(
      code: .invalidRange,
      message: "cannot read \(range) of '\(key)': it has \(sizeBytes) bytes"
    )
  }
}
