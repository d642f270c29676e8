// SPDX-License-Identifier: Apache-2.0

public import Primitives
public import Velero

/// What failed in a restore and what is still to do: the file `binnacle-restore-outcome.json.gz`.
///
/// It is what `restore retry` starts from. Members that it does not know are passed over.
public struct RestoreOutcomeFile: Sendable, Hashable {
  /// An object that could not be restored.
  public struct Failed: Sendable, Hashable {
    /// Where it is in the backup.
    public var source: ObjectAddress
    /// Where it was to go.
    public var target: ObjectAddress
    /// Why it could not.
    public var failure: RestoreFailure

    /// Makes a value.
    public init(source: ObjectAddress, target: ObjectAddress, failure: RestoreFailure) {
      self.source = source
      self.target = target
      self.failure = failure
    }

    /// The same as an entry of a run.
    public var entry: RestoreEntry {
      RestoreEntry(source: source, target: target, verdict: .fail(failure))
    }
  }

  /// The objects that failed.
  public var failed: [Failed]
  /// Where the objects are in the backup that were not dealt with, because the restore was stopped before.
  public var pending: [ObjectAddress]
  /// How many objects there are by what was done.
  public var counts: RestoreCounts
  /// The namespaces that were created.
  public var namespaces: [String]
  /// Where the backup was made.
  public var source: ClusterName
  /// Where it was restored.
  public var target: ClusterName
  /// Whether the restore was stopped before its end.
  public var isCancelled: Bool
  /// The time until the last object was restored; kept in whole milliseconds.
  public var restoredIn: Duration

  /// Makes a file of what nothing came of yet.
  public init(source: ClusterName = ClusterName(), target: ClusterName = ClusterName()) {
    failed = []
    pending = []
    counts = RestoreCounts()
    namespaces = []
    self.source = source
    self.target = target
    isCancelled = false
    restoredIn = .zero
  }

  /// Takes what came of a run; entries that did not fail do not count among the failures.
  public init(_ outcome: RestoreOutcome) {
    self.init(source: outcome.source, target: outcome.target)
    failed = outcome.failures.compactMap { entry in
      guard case .fail(let failure) = entry.verdict else { return nil }
      return Failed(source: entry.source, target: entry.target, failure: failure)
    }
    pending = outcome.pending
    counts = outcome.counts
    namespaces = outcome.namespaces
    isCancelled = outcome.isCancelled
    restoredIn = outcome.restoredIn
  }

  /// The file.
  public func encoded() -> [UInt8] { SideFile.encode(json) }

  /// Reads the file.
  ///
  /// - Throws: `VeleroError` `.truncated`, `.corrupt`, `.tooLarge`.
  public static func decode(
    _ bytes: [UInt8],
    name: String = "binnacle-restore-outcome.json.gz"
  ) throws(VeleroError) -> RestoreOutcomeFile {
    try RestoreOutcomeFile(json: try SideFile.decode(bytes, name: name))
  }

  /// The file's JSON.
  public var json: JSONValue {
    let milliseconds = restoredIn.wholeMilliseconds
    let fraction = String(milliseconds % 1000 + 1000).dropFirst()
    return [
      "failed": .array(failed.map(\.json)),
      "pending": .array(pending.map { .string($0.text) }),
      "counts": counts.json,
      "namespaces": .array(namespaces.map { .string($0) }),
      "source": source.json, "target": target.json, "cancelled": .bool(isCancelled),
      "restoredInSeconds": JSONNumber(text: "\(milliseconds / 1000).\(fraction)")
        .map { .number($0) } ?? .null,
    ]
  }

  /// Takes the file's JSON.
  ///
  /// - Throws: `VeleroError` `.corrupt`, naming the member that is not what it has to be.
  public init(json: JSONValue) throws(VeleroError) {
    guard json.object != nil else { throw Self.wrong("it is no object") }
    self.init(source: ClusterName(json: json["source"]), target: ClusterName(json: json["target"]))
    for value in try Self.list("failed", in: json) { failed.append(try Failed(json: value)) }
    for value in try Self.list("pending", in: json) {
      pending.append(try Self.address(value, "pending"))
    }
    for value in try Self.list("namespaces", in: json) {
      guard let name = value.string else { throw Self.wrong("'namespaces' holds what is no text") }
      namespaces.append(name)
    }
    counts = try RestoreCounts(json: json["counts"])
    isCancelled = json["cancelled"]?.bool ?? false
    if case .number(let number) = json["restoredInSeconds"], let seconds = number.double,
      seconds >= 0, seconds < 1e9
    {
      restoredIn = .milliseconds(Int64((seconds * 1000).rounded()))
    }
  }

  fileprivate static func list(
    _ key: String,
    in json: JSONValue
  ) throws(VeleroError) -> [JSONValue] {
    guard let value = json[key], !value.isNull else { return [] }
    guard let list = value.array else { throw wrong("'\(key)' is no list") }
    return list
  }

  fileprivate static func address(
    _ value: JSONValue?,
    _ key: String
  ) throws(VeleroError) -> ObjectAddress {
    if let address = value?.string.flatMap(ObjectAddress.init(parsing:)) { return address }
    throw wrong("'\(key)' has \(value?.text() ?? "nothing") where an object is named")
  }

  fileprivate static func wrong(_ reason: String) -> VeleroError {
    VeleroError(code: .corrupt, message: "cannot read what came of the restore: \(reason)")
  }
}

extension RestoreOutcomeFile.Failed {
  fileprivate init(json: JSONValue) throws(VeleroError) {
    guard let cause = json["cause"]?.string, let message = json["message"]?.string else {
      throw RestoreOutcomeFile.wrong("'failed' has an object without cause and message")
    }
    self.init(
      source: try RestoreOutcomeFile.address(json["source"], "failed"),
      target: try RestoreOutcomeFile.address(json["target"] ?? json["source"], "failed"),
      // A cause of a newer version is none of ours.
      failure: RestoreFailure(
        FailureCause(rawValue: cause) ?? .other,
        message,
        hint: json["hint"]?.string
      )
    )
  }

  fileprivate var json: JSONValue {
    var json: JSONValue = [
      "source": .string(source.text), "target": .string(target.text),
      "cause": .string(failure.cause.rawValue), "message": .string(failure.message),
    ]
    json["hint"] = failure.hint.map { .string($0) }
    return json
  }
}

extension RestoreCounts {
  /// The counts by the actions' names; those of none are left out.
  public var json: JSONValue {
    var json: JSONValue = [:]
    for action in RestoreAction.allCases where self[action] > 0 {
      json[action.rawValue] = .number(JSONNumber(self[action]))
    }
    return json
  }

  fileprivate init(json: JSONValue?) throws(VeleroError) {
    self.init()
    for member in json?.object?.members ?? [] {
      guard let count = member.value.int64, count >= 0, count <= Int32.max else {
        throw RestoreOutcomeFile.wrong("'counts' has no number for '\(member.key)'")
      }
      if let action = RestoreAction(rawValue: member.key) { self[action] = Int(count) }
    }
  }
}

extension ClusterName {
  /// The members that are known.
  public var json: JSONValue {
    var json: JSONValue = [:]
    json["context"] = context.map { .string($0) }
    json["server"] = server.map { .string($0) }
    json["uid"] = identity.map { .string($0.uid) }
    return json
  }

  fileprivate init(json: JSONValue?) {
    self.init(
      context: json?["context"]?.string,
      server: json?["server"]?.string,
      identity: ClusterIdentity(uid: json?["uid"]?.string)
    )
  }
}

extension Duration {
  /// Whole milliseconds, to the nearest; never negative.
  var wholeMilliseconds: Int64 {
    let parts = components
    return max(0, parts.seconds * 1000 + (parts.attoseconds / 100_000_000_000_000 + 5) / 10)
  }
}
