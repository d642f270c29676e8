// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives

/// What reading the history of a location came to.
public struct ProbeHistoryReading: Sendable, Hashable {
  /// The history; an empty one when there is none that could be used.
  public var history: ProbeHistory
  /// Why the kept one could not be used; it is replaced by the next probe.
  public var problem: String?

  /// Makes a reading.
  public init(_ history: ProbeHistory = ProbeHistory(), problem: String? = nil) {
    self.history = history
    self.problem = problem
  }
}

/// The kept histories of locations, a file `NAME.json` each.
///
/// A history belongs to a store: when a location's name is given to another one its history starts again. Of two processes
/// that add at once the probe of one may be lost.
public struct ProbeHistoryFiles: Sendable {
  /// The most bytes of a file; those of a full history are about a fifth.
  private static let limitBytes = 1 << 20
  /// The version of the form; others are started again.
  private static let version = 1

  private let store: any ObjectStore

  /// Takes the place of the files, on this machine.
  public init(store: any ObjectStore) { self.store = store }

  /// The history of a location; never throws, since what is known of a location is no reason not to look at it.
  public func read(_ location: StorageLocation) async -> ProbeHistoryReading {
    let key = Self.key(location.name)
    do {
      let json = try JSONValue(parsing: try await store.get(key, limit: Self.limitBytes))
      guard json["version"]?.int64 == Int64(Self.version), let list = json["probes"]?.array else {
        return Self.damaged(key, store, "it is no history of this version")
      }
      guard json["store"]?.string == Self.target(location) else { return ProbeHistoryReading() }
      let probes = list.compactMap(ProbeResult.init(json:))
      guard probes.count == list.count else {
        return Self.damaged(key, store, "a probe in it makes no sense")
      }
      return ProbeHistoryReading(
        ProbeHistory(
          probes: probes,
          lastGood: json["lastGood"].flatMap(ProbeResult.init(json:)),
          lastFailure: json["lastFailure"].flatMap(ProbeResult.init(json:))
        )
      )
    } catch let error as ObjectStoreError {
      guard error.code != .notFound else { return ProbeHistoryReading() }
      return ProbeHistoryReading(problem: error.message)
    } catch {
      return Self.damaged(key, store, "\(error)")
    }
  }

  /// Adds a probe to the kept history of a location.
  ///
  /// - Returns: The history with it.
  /// - Throws: `ObjectStoreError` when it cannot be kept.
  public func add(_ probe: ProbeResult, to location: StorageLocation)
    async throws(ObjectStoreError) -> ProbeHistory
  {
    var history = await read(location).history
    history.add(probe)
    var json: JSONValue = [
      "version": .number(JSONNumber(Self.version)), "location": .string(location.name),
      "store": .string(Self.target(location)), "probes": .array(history.probes.map(\.json)),
    ]
    if let good = history.lastGood { json["lastGood"] = good.json }
    if let failure = history.lastFailure { json["lastFailure"] = failure.json }
    try await store.put(Self.key(location.name), json.encoded(), condition: .any)
    return history
  }

  /// Which store a location means.
  private static func target(_ location: StorageLocation) -> String {
    "\(location.provider):\(location.place)"
  }

  /// The file of a location, whose name may hold anything; one too long for a file is shortened to its digest.
  static func key(_ name: String) -> String {
    var text = ""
    for byte in name.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where !text.isEmpty: text += "."
      default: text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return (text.utf8.count > 200 ? SHA256.hexDigest(name) : text) + ".json"
  }

  private static func damaged(_ key: String, _ store: any ObjectStore, _ reason: String)
    -> ProbeHistoryReading
  {
    ProbeHistoryReading(
      problem: "the history '\(key)' in \(store.name) is damaged and starts again: \(reason)"
    )
  }
}
