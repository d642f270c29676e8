// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Compares the objects of an archive with those of a cluster, whichever come first from which type.
///
/// Of an archived object only a digest is held, so that memory grows with the number of objects and not with
/// their size: about 200 bytes each.
public struct ArchiveComparison: Sendable {
  /// Which object.
  public struct Key: Sendable, Hashable {
    /// The resource with its group.
    public var resource: String
    /// The version in the archive where the cluster did not prefer it; nil otherwise.
    public var version: String?
    /// The namespace; nil for the cluster's own.
    public var namespace: String?
    /// The name.
    public var name: String

    /// Names an object.
    public init(resource: String, version: String? = nil, namespace: String?, name: String) {
      self.resource = resource
      self.version = version
      self.namespace = namespace
      self.name = name
    }
  }

  /// How an archived object and the cluster's stand to each other.
  public enum Verdict: String, Sendable, CaseIterable {
    /// They are equal as JSON.
    case equal
    /// The cluster's has been changed since; it has another resource version.
    case changed
    /// The cluster has none of the name any more, or another object that has it now.
    case gone
    /// They claim to be the same version of the same object, and are not equal.
    case different
    /// The cluster did not show its objects of the type.
    case unchecked

    /// What is said of such objects.
    public var text: String {
      switch self {
      case .equal: "equal to the cluster's"
      case .changed: "changed since"
      case .gone: "gone since"
      case .different: "different from the same version in the cluster"
      case .unchecked: "not compared"
      }
    }
  }

  private struct Fingerprint {
    var digest: [UInt8]
    var resourceVersion: String
    var uid: String
  }

  private var archived: [Key: Fingerprint] = [:]
  /// The objects of each type, so that a type's end does not walk all of them.
  private var keys: [ObjectType: [Key]] = [:]
  /// What came of each object so far; objects without an entry are gone when all of their type have come.
  public private(set) var verdicts: [Key: Verdict] = [:]

  /// An archive without objects, and a cluster without any.
  public init() {}

  /// How many objects the archive has.
  public var count: Int { archived.count }

  /// The types of the archive, each with its namespaces (nil for the cluster's own objects).
  var types: [ObjectType: Set<String?>] {
    keys.mapValues { Set($0.map(\.namespace)) }
  }

  /// A type of the archive.
  struct ObjectType: Sendable, Hashable {
    /// The resource with its group.
    var resource: String
    /// The version where the cluster did not prefer it; nil otherwise.
    var version: String?
  }

  /// Takes an object of the archive.
  ///
  /// - Throws: `JSONError` when it is none.
  mutating func addArchived(_ key: Key, _ bytes: UnsafeRawBufferPointer) throws(JSONError) {
    let fingerprint = Self.fingerprint(try JSONValue(parsing: bytes), key.resource)
    guard archived.updateValue(fingerprint, forKey: key) == nil else { return }
    keys[ObjectType(resource: key.resource, version: key.version), default: []].append(key)
  }

  /// How many objects there are of each verdict.
  public var counts: [Verdict: Int] {
    verdicts.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  /// Takes an object of the cluster, as often as it comes.
  mutating func addLive(_ object: JSONValue, of type: ObjectType) {
    let metadata = object["metadata"]
    let key = Key(
      resource: type.resource,
      version: type.version,
      namespace: metadata?["namespace"]?.string,
      name: metadata?["name"]?.string ?? ""
    )
    guard let former = archived[key] else { return }
    let live = Self.fingerprint(object, type.resource)
    if live.uid != former.uid {
      verdicts[key] = .gone
    } else if live.resourceVersion != former.resourceVersion {
      verdicts[key] = .changed
    } else {
      verdicts[key] = live.digest == former.digest ? .equal : .different
    }
  }

  /// Says that all objects of a type have come, or that they cannot.
  mutating func finish(_ type: ObjectType, isChecked: Bool) {
    for key in keys[type] ?? [] {
      if verdicts[key] == nil || !isChecked { verdicts[key] = isChecked ? .gone : .unchecked }
    }
  }

  private static func fingerprint(_ object: JSONValue, _ resource: String) -> Fingerprint {
    let object = resource == "persistentvolumeclaims" ? comparable(claim: object) : object
    return Fingerprint(
      digest: SHA256.digest(object.encoded(JSONFormat(sortedKeys: true))),
      resourceVersion: object[path: "metadata", "resourceVersion"]?.string ?? "",
      uid: object[path: "metadata", "uid"]?.string ?? ""
    )
  }

  /// A claim without what Velero's rules take off bound claims on their way into an archive.
  static func comparable(claim: JSONValue) -> JSONValue {
    var claim = claim
    guard claim[path: "status", "phase"] == "Bound" else { return claim }
    for field in ["dataSource", "dataSourceRef", "selector"] { claim["spec"]?[field] = nil }
    let labels = claim[path: "metadata", "labels"]?.object?.members ?? []
    let kept = labels.filter { !$0.key.contains("velero.io/") }
    claim["metadata"]?["labels"] = kept.isEmpty ? nil : .object(JSONObject(kept))
    return claim
  }
}
