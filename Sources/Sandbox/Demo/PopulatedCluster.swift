// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// One object of a `PopulatedCluster`, half read so that a store need not parse it.
public struct PopulatedObject: Sendable {
  /// The API version, such as `apps/v1`.
  public let apiVersion: String
  /// The kind.
  public let kind: String
  /// The metadata, with uid and creation time, without resourceVersion.
  public let metadata: JSONValue
  /// The members behind the metadata as JSON, each with a comma in front: `,"spec":{…}`.
  public let tail: [UInt8]

  /// The whole object as JSON on one line.
  public var bytes: [UInt8] {
    var bytes = Array("{\"apiVersion\":\"\(apiVersion)\",\"kind\":\"\(kind)\",\"metadata\":".utf8)
    bytes.append(contentsOf: metadata.encoded())
    bytes.append(contentsOf: tail)
    bytes.append(UInt8(ascii: "}"))
    return bytes
  }
}

/// A cluster of any size, for measurements: the mix of kinds and sizes that real clusters have.
///
/// Of 100 objects in namespaces about 22 are ConfigMaps of 80 bytes to 24 kB, 18 Secrets (4 of them Helm releases),
/// 14 Pods, 12 Deployments, 8 Services, 5 ServiceAccounts, 5 custom resources, 4 StatefulSets, and 3 each of Roles,
/// RoleBindings, claims with their volumes, and Ingresses. The same numbers give the same cluster, and a larger
/// cluster begins as the smaller one does.
public struct PopulatedCluster: Sendable {
  /// How many objects there are in all, namespaces and definitions included.
  public let objectCount: Int
  /// The seed of names' contents, labels and sizes.
  public let seed: UInt64
  /// The namespaces: `team-000`, `team-001`, ….
  public let namespaces: [String]
  /// The number of custom definitions: `widget0s.example.com`, ….
  public let definitionCount: Int

  /// Describes a cluster; nothing is made yet.
  ///
  /// - Parameters:
  ///   - objectCount: More than there are namespaces and definitions.
  ///   - namespaceCount: 1...1000.
  ///   - definitionCount: 0...10.
  ///   - seed: Any number.
  public init(
    objectCount: Int,
    namespaceCount: Int = 12,
    definitionCount: Int = 2,
    seed: UInt64 = 1
  ) {
    precondition((1...1000).contains(namespaceCount), "there are 1...1000 namespaces")
    precondition((0...10).contains(definitionCount), "there are 0...10 definitions")
    precondition(
      objectCount >= namespaceCount + definitionCount,
      "there are at least as many objects as namespaces and definitions"
    )
    self.objectCount = objectCount
    self.seed = seed
    self.definitionCount = definitionCount
    namespaces = (0..<namespaceCount).map { "team-" + String($0, minimumDigits: 3) }
  }

  /// Makes every object and passes it on: definitions, namespaces, then namespace by namespace in the order of
  /// names, so that a store that sorts can append.
  public func forEach<Failure: Error>(
    _ body: (PopulatedObject) throws(Failure) -> Void
  ) throws(Failure) {
    let writer = PopulatedWriter(cluster: self)
    for index in 0..<definitionCount { try body(writer.definition(index)) }
    for index in namespaces.indices { try body(writer.namespace(index)) }
    let plan = plan()
    for namespace in namespaces.indices {
      for index in stride(from: namespace, to: plan.itemCount, by: namespaces.count) {
        for object in writer.objects(index) { try body(object) }
      }
    }
    for index in 0..<plan.fillerCount { try body(writer.filler(plan.itemCount + index)) }
  }

  /// Every object, for small clusters.
  public var objects: [PopulatedObject] {
    var objects: [PopulatedObject] = []
    objects.reserveCapacity(objectCount)
    forEach { objects.append($0) }
    return objects
  }

  /// The generator of the object with this number.
  func random(_ index: Int) -> SplitMix64 {
    SplitMix64(
      state: seed &* 0x9E37_79B9 &+ UInt64(truncatingIfNeeded: index) &* 0xD134_2543_DE82_EF95
    )
  }

  /// What kind of object has this number.
  func kind(_ index: Int) -> PopulatedKind {
    var random = random(index)
    let kind = PopulatedKind.at(percent: Int(random.next() % 100))
    return kind == .custom && definitionCount == 0 ? .ingress : kind
  }

  /// How many numbers give the wanted count; a claim brings its volume, so that one object may be missing.
  private func plan() -> (itemCount: Int, fillerCount: Int) {
    var missing = objectCount - namespaces.count - definitionCount
    var index = 0
    while missing > 0 {
      let needed = kind(index) == .claim ? 2 : 1
      if needed > missing { return (index, missing) }
      missing -= needed
      index += 1
    }
    return (index, 0)
  }
}

/// What a populated cluster holds in its namespaces, with shares in per cent.
enum PopulatedKind: Int, CaseIterable {
  case configMap, secret, release, deployment, statefulSet, pod, service, serviceAccount
  case role, roleBinding, claim, ingress, custom

  var percent: Int {
    switch self {
    case .configMap: 22
    case .secret, .pod: 14
    case .deployment: 12
    case .service: 8
    case .serviceAccount, .custom: 5
    case .release, .statefulSet: 4
    case .role, .roleBinding, .claim, .ingress: 3
    }
  }

  var type: DemoKind {
    switch self {
    case .configMap: .configMap
    case .secret, .release: .secret
    case .deployment: .deployment
    case .statefulSet: .statefulSet
    case .pod: .pod
    case .service: .service
    case .serviceAccount: .serviceAccount
    case .role: .role
    case .roleBinding: .roleBinding
    case .claim: .claim
    case .ingress: .ingress
    case .custom: DemoKind("example.com/v1", "Widget")
    }
  }

  /// The kind at a place of the scale from 0 to 99.
  static func at(percent place: Int) -> PopulatedKind {
    var rest = place
    for kind in allCases {
      if rest < kind.percent { return kind }
      rest -= kind.percent
    }
    return .custom
  }
}
