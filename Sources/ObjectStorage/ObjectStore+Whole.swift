// SPDX-License-Identifier: Apache-2.0

extension ObjectStore {
  /// Writes one object whose bytes are all there.
  ///
  /// - Parameters:
  ///   - key: Where the object goes.
  ///   - bytes: The object.
  ///   - condition: What must be true of the key.
  /// - Throws: As the streamed put; on a throw the key holds what it held before.
  public func put(
    _ key: String,
    _ bytes: [UInt8],
    condition: PutCondition = .any
  ) async throws(ObjectStoreError) {
    do {
      try await put(key, condition: condition) { try await $0.write(bytes) }
    } catch let error as ObjectStoreError {
      throw error
    } catch {
      throw ObjectStoreError(
        code: error is CancellationError ? .cancelled : .unavailable,
        message: "cannot put '\(key)' into \(name): \(error)",
        cause: error
      )
    }
  }

  /// Reads one object, or a part of it, into memory.
  ///
  /// - Parameters:
  ///   - key: Where the object is.
  ///   - range: Which bytes.
  ///   - limit: The most bytes that are taken.
  /// - Returns: The bytes.
  /// - Throws: As `read`, and `.tooLarge` when more than `limit` would come.
  public func get(
    _ key: String,
    range: ObjectRange = .all,
    limit: Int
  ) async throws(ObjectStoreError) -> [UInt8] {
    try await read(key, range: range).collect(upTo: limit)
  }

  /// Opens a whole object for reading.
  public func read(_ key: String) async throws(ObjectStoreError) -> ObjectBody {
    try await read(key, range: .all)
  }

  /// Whether there is an object under a key.
  public func exists(_ key: String) async throws(ObjectStoreError) -> Bool {
    try await head(key) != nil
  }

  /// How many bytes an object has.
  ///
  /// - Parameter key: Where the object is.
  /// - Returns: Its size in bytes.
  /// - Throws: `.notFound`; as `head`.
  public func size(_ key: String) async throws(ObjectStoreError) -> Int64 {
    guard let info = try await head(key) else { throw .notFound(key, in: name) }
    return info.sizeBytes
  }

  /// All keys that start with a prefix at once, for listings that fit in memory.
  ///
  /// - Parameters:
  ///   - prefix: What the keys start with; empty for all.
  ///   - delimiter: Whether keys are rolled up by directory.
  ///   - limit: The most entries, keys and common prefixes together.
  /// - Returns: One page that holds them all.
  /// - Throws: As `listPage`, and `.tooLarge` when there are more than `limit`.
  public func list(
    prefix: String = "",
    delimiter: ListDelimiter = .none,
    limit: Int = 1_000_000
  ) async throws(ObjectStoreError) -> ListPage {
    var all = ListPage()
    var request = ListRequest(prefix: prefix, delimiter: delimiter)
    repeat {
      let page = try await listPage(request)
      all.objects += page.objects
      all.prefixes += page.prefixes
      guard all.objects.count + all.prefixes.count <= limit else {
        throw ObjectStoreError(
          code: .tooLarge,
          message: "cannot list '\(prefix)' in \(name) whole: it has more than \(limit) entries"
        )
      }
      request.after = page.next
    } while request.after != nil
    return all
  }
}
