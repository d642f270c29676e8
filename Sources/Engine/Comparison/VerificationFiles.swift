// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
public import Primitives
public import Velero

/// What the last verification of a backup came to.
public struct VerificationResult: Sendable, Hashable {
  /// The backup's name.
  public var backup: String
  /// When the backup began, so that another one of the name is not taken for it.
  public var started: Timestamp?
  /// When it was verified.
  public var time: Timestamp
  /// Whether it was found whole.
  public var isSound: Bool
  /// What was found, one line.
  public var text: String

  /// Makes a result.
  public init(_ record: Backup, at time: Timestamp, isSound: Bool, text: String) {
    backup = record.name
    started = record.status.startTimestamp
    self.time = time
    self.isSound = isSound
    self.text = text
  }

  /// Whether it is about this backup.
  public func concerns(_ record: Backup) -> Bool {
    backup == record.name && started == record.status.startTimestamp
  }
}

/// The kept results of verifications on this machine, a file for each store.
///
/// A file that is damaged counts as none, and is replaced by the next result. Of two processes that add at once the result of one
/// may be lost.
public struct VerificationFiles: Sendable {
  /// The most results that are kept of a store; the oldest go first.
  public static let limit = 10_000
  /// The most bytes of a file that are read.
  private static let limitBytes = 8 << 20

  private let store: any ObjectStore

  /// Takes the place of the files.
  public init(store: any ObjectStore) { self.store = store }

  /// The results for the backups of a store, by the backups' names.
  public func results(of backups: any ObjectStore) async -> [String: VerificationResult] {
    guard let bytes = try? await store.get(Self.key(backups), limit: Self.limitBytes),
      let json = try? JSONValue(parsing: bytes)
    else { return [:] }
    let results = (json["results"]?.array ?? []).compactMap(VerificationResult.init(json:))
    return Dictionary(results.map { ($0.backup, $0) }) { _, later in later }
  }

  /// Keeps a result, instead of the one before.
  ///
  /// - Throws: `ObjectStoreError` when it cannot be kept.
  public func add(_ result: VerificationResult, of backups: any ObjectStore)
    async throws(ObjectStoreError)
  {
    var results = await results(of: backups)
    results[result.backup] = result
    let kept = results.values.sorted { ($0.time, $0.backup) < ($1.time, $1.backup) }
      .suffix(Self.limit)
    let json: JSONValue = [
      "store": .string(backups.identity), "results": .array(kept.map(\.json)),
    ]
    try await store.put(Self.key(backups), json.encoded(), condition: .any)
  }

  private static func key(_ backups: any ObjectStore) -> String {
    "verifications/\(SHA256.hexDigest(backups.identity).prefix(32)).json"
  }
}

extension VerificationResult {
  fileprivate init?(json: JSONValue) {
    guard let backup = json["backup"]?.string, let isSound = json["sound"]?.bool,
      let time = json["time"]?.string.flatMap({ Timestamp(rfc3339: $0) })
    else { return nil }
    self.backup = backup
    self.time = time
    self.isSound = isSound
    started = json["started"]?.string.flatMap { Timestamp(rfc3339: $0) }
    text = json["text"]?.string ?? ""
  }

  fileprivate var json: JSONValue {
    var json: JSONValue = [
      "backup": .string(backup), "time": .string(time.description), "sound": .bool(isSound),
      "text": .string(text),
    ]
    json["started"] = started.map { .string($0.description) }
    return json
  }
}
