// SPDX-License-Identifier: Apache-2.0

/// Why an object is one of a set: what it is to whom.
public struct Membership: Sendable, Hashable, CustomStringConvertible {
  /// Who brought an object into a set.
  public enum Origin: Sendable, Hashable {
    /// The filter's own entry: the object is what was asked for.
    case asked(FilterEntry)
    /// Another object; `kind` is its kind in words.
    case object(ObjectAddress, kind: String)
    /// A Helm release.
    case release(namespace: String, name: String)
  }

  /// What the object is to the one that brought it, such as `secret mounted by`; empty for what was asked for.
  public var relation: String
  /// Who brought it.
  public var origin: Origin

  /// Makes a membership.
  public init(_ relation: String, _ origin: Origin) {
    self.relation = relation
    self.origin = origin
  }

  /// Whether the object is what was asked for itself.
  var isAsked: Bool {
    if case .asked = origin { true } else { false }
  }

  /// The object that brought this one; nil for what was asked for, and for what a release named.
  var object: ObjectAddress? {
    if case .object(let object, _) = origin { object } else { nil }
  }

  /// `secret mounted by the deployment 'shop/api'`.
  public var description: String {
    switch origin {
    case .asked(let entry): "matches \(entry)"
    case .object(let object, let kind): "\(relation) the \(kind) '\(object.path)'"
    case .release(let namespace, let name): "\(relation) the Helm release '\(namespace)/\(name)'"
    }
  }
}

/// Objects by name, each with the reason that it is one of them: what belongs to workloads and Helm releases.
///
/// A set says what was there when it was found. Types that show the same objects under two groups count as one.
public struct ObjectSet: Sendable, Hashable {
  /// Something that could not be read, so that objects may be missing from a set.
  public struct Gap: Sendable, Hashable {
    /// `plural.group` of the types.
    public var types: [String]
    /// In which namespace; nil for all of them and for cluster-scoped types.
    public var namespace: String?
    /// Why, in words.
    public var reason: String
    /// Whether objects of these types belong to workloads as a rule, so that some are missed most likely.
    public var isLikely: Bool

    /// Makes a gap.
    public init(_ types: [String], namespace: String? = nil, reason: String, isLikely: Bool) {
      self.types = types
      self.namespace = namespace
      self.reason = reason
      self.isLikely = isLikely
    }
  }

  private struct Place: Hashable {
    let type: String
    let namespace: String?
  }

  /// What the set was found for.
  public let roots: [BackupRoot]
  /// The roots in words: `the deployment 'shop/api'`.
  public let title: String
  /// What the user should know: references that lead nowhere, a manifest that cannot be read.
  public let remarks: [SelectionRemark]
  /// What could not be read.
  public let gaps: [Gap]
  /// How many objects there are.
  public let count: Int
  private let members: [Place: [String: Membership]]
  private let types: Set<String>

  /// Makes a set.
  ///
  /// - Parameters:
  ///   - roots: What it was found for.
  ///   - title: The roots in words.
  ///   - members: The objects.
  ///   - remarks: What the user should know.
  ///   - gaps: What could not be read.
  public init(
    roots: [BackupRoot],
    title: String,
    members: [ObjectAddress: Membership],
    remarks: [SelectionRemark] = [],
    gaps: [Gap] = []
  ) {
    self.roots = roots
    self.title = title
    self.remarks = remarks
    self.gaps = gaps
    var byPlace: [Place: [String: Membership]] = [:]
    for (address, membership) in members {
      let place = Place(type: Cohabitation.canonical(address.type), namespace: address.namespace)
      byPlace[place, default: [:]][address.name] = membership
    }
    self.members = byPlace
    types = Set(byPlace.keys.map(\.type))
    count = byPlace.values.reduce(0) { $0 + $1.count }
  }

  /// Why an object is one of the set.
  ///
  /// - Parameters:
  ///   - type: `plural.group` of its type.
  ///   - namespace: Its namespace; nil for cluster-scoped objects.
  ///   - name: Its name.
  /// - Returns: nil when it is not.
  public func membership(type: String, namespace: String?, name: String) -> Membership? {
    members[Place(type: Cohabitation.canonical(type), namespace: namespace)]?[name]
  }

  /// Whether any object of a type is one of the set.
  public func hasMembers(ofType type: String) -> Bool {
    types.contains(Cohabitation.canonical(type))
  }

  /// Whether any object of a type that lives in a namespace is one of the set.
  public func hasMembers(ofType type: String, inNamespace namespace: String) -> Bool {
    members[Place(type: Cohabitation.canonical(type), namespace: namespace)] != nil
  }

  /// The names of the objects of a type by namespace, sorted, those of cluster-scoped types under nil.
  func names(ofType type: String) -> [(namespace: String?, names: [String])] {
    let type = Cohabitation.canonical(type)
    guard types.contains(type) else { return [] }
    return members.filter { $0.key.type == type }
      .map { (namespace: $0.key.namespace, names: $0.value.keys.sorted()) }
      .sorted { ($0.namespace ?? "") < ($1.namespace ?? "") }
  }

  /// The namespaces that its objects live in.
  public var namespaces: Set<String> { Set(members.keys.compactMap(\.namespace)) }

  /// All objects, under the first of a type's names, sorted.
  public var addresses: [ObjectAddress] {
    members.flatMap { place, names in
      names.keys.map { ObjectAddress(type: place.type, namespace: place.namespace, name: $0) }
    }.sorted { ($0.type, $0.path) < ($1.type, $1.path) }
  }
}
