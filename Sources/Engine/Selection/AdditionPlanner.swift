// SPDX-License-Identifier: Apache-2.0

/// What a backup has to read next because objects that it took need it.
enum AdditionRequest: Sendable, Equatable {
  /// Objects by name, each with who needs it; `namespace` is nil for cluster-scoped types.
  case named(type: String, namespace: String?, names: [String: Inclusion])
  /// All cluster role bindings; those count that name a taken service account.
  case bindings
  /// All pods of a namespace; those count that mount one of the claims.
  case podsOfClaims(namespace: String, claims: Set<String>)
  /// All claims of a namespace; those count whose volume group is one of these, each with a claim that is in it.
  case claimsOfVolumeGroups(namespace: String, groups: [String: String])
}

/// Follows the relations of taken objects until nothing is missing.
///
/// Pure and incremental: objects are observed as they are taken; a wave of requests brings more of them; each thing is
/// asked for once. It asks only for what the listing could not bring by itself.
/// Source: velero/03, sections 6 and 8.
struct AdditionPlanner: Sendable {
  private struct Place: Hashable, Sendable {
    var type: String
    var namespace: String?
  }

  private static let volumes = "persistentvolumes"
  private static let claims = "persistentvolumeclaims"
  private static let pods = "pods"
  private static let accounts = "serviceaccounts"
  private static let priorityClasses = "priorityclasses.scheduling.k8s.io"
  private static let definitions = "customresourcedefinitions.apiextensions.k8s.io"
  private static let bindings = "clusterrolebindings.rbac.authorization.k8s.io"
  private static let roles = "clusterroles.rbac.authorization.k8s.io"

  /// The types that have a say in additions: those that others bring along, and those that bring others.
  static let types: Set<String> = [
    volumes, claims, pods, accounts, priorityClasses, definitions, bindings, roles, "namespaces",
  ]

  private let isSelective: Bool
  /// Types that others bring objects of, and whose listing does not bring them all.
  private let open: Set<String>
  /// Whether custom resources bring their definitions: only where the filter does not list definitions itself.
  private let wantsDefinitions: Bool
  /// Names with their reasons, each once; `known` keeps them so.
  private var wanted: [Place: [(String, Inclusion)]] = [:]
  private var known: [Place: Set<String>] = [:]
  private var claimsToMatch: [String: Set<String>] = [:]
  private var groupsToMatch: [String: [String: String]] = [:]
  private var knownGroups: [String: Set<String>] = [:]
  private var sawAccounts = false
  private var seenTypes: Set<String> = []
  /// The types of which objects were asked for.
  private(set) var askedTypes: Set<String> = []

  init(selection: Selection) {
    isSelective = selection.filter.isSelective
    wantsDefinitions =
      selection.type(Self.definitions).map { place in
        selection.types[place].acceptsAdditions && selection.types[place].listing != nil
      } ?? false
    open = Set(
      selection.types.filter { rule in
        // With a selector, the listing of a type brings only what matches it; so do lists of some objects.
        rule.acceptsAdditions && (rule.listing != nil || selection.filter.isSelective)
      }.map(\.groupResource)
    )
  }

  /// Whether any object of a type can call for others; its relations are worth reading then.
  func hasInterest(in type: String) -> Bool {
    switch type {
    case Self.claims: open.contains(Self.volumes) || isSelective
    case Self.pods: open.contains(Self.priorityClasses) || isSelective
    default: false
    }
  }

  /// Whether an object with these relations can be passed over, because one with the same relations was observed, in whatever namespace.
  func bringsNothingNew(_ relations: Relations) -> Bool {
    relations.volume == nil && relations.volumeGroup == nil
      && (relations.claims.isEmpty || !open.contains(Self.claims))
  }

  /// Takes note of an object that the backup took.
  ///
  /// Its name is asked for only when it brings something new.
  mutating func observe(
    type: String,
    namespace: String?,
    name: @autoclosure () -> String,
    relations: Relations
  ) {
    var this: String { namespace.map { "\($0)/\(name())" } ?? name() }
    if let volume = relations.volume {
      want(Self.volumes, nil, volume, .volumeOfClaim(this))
    }
    if let namespace {
      for claim in relations.claims { want(Self.claims, namespace, claim, .claimOfPod(this)) }
      if isSelective, type == Self.claims {
        observeClaim(namespace: namespace, name: name(), relations: relations)
      }
    }
    if let priorityClass = relations.priorityClass {
      want(Self.priorityClasses, nil, priorityClass, .priorityClassOfPod(this))
    }
  }

  private mutating func observeClaim(namespace: String, name: String, relations: Relations) {
    if relations.volume != nil, open.contains(Self.pods) {
      claimsToMatch[namespace, default: []].insert(name)
      askedTypes.insert(Self.pods)
    }
    // Only bound claims look for others of their group.
    if relations.volume != nil, let group = relations.volumeGroup, !group.isEmpty,
      open.contains(Self.claims), knownGroups[namespace, default: []].insert(group).inserted
    {
      groupsToMatch[namespace, default: [:]][group] = "\(namespace)/\(name)"
      askedTypes.insert(Self.claims)
    }
  }

  /// Takes note that at least one object of a type was taken.
  mutating func observe(type: String) {
    guard seenTypes.insert(type).inserted else { return }
    if type == Self.accounts, !open.isDisjoint(with: [Self.bindings, Self.roles]) {
      sawAccounts = true
      askedTypes.insert(Self.bindings)
    }
    if wantsDefinitions, BuiltInGroups.mayHaveDefinition(type) {
      want(Self.definitions, nil, type, .definitionOfCustomResource(type))
    }
  }

  /// Takes note of a cluster role that a taken binding gives.
  mutating func observe(binding: String, role: String?) {
    if let role { want(Self.roles, nil, role, .roleOfBinding(binding)) }
  }

  private mutating func want(
    _ type: String,
    _ namespace: String?,
    _ name: String,
    _ reason: @autoclosure () -> Inclusion
  ) {
    guard open.contains(type), !name.isEmpty else { return }
    let place = Place(type: type, namespace: namespace)
    guard known[place, default: []].insert(name).inserted else { return }
    wanted[place, default: []].append((name, reason()))
    askedTypes.insert(type)
  }

  /// The requests that have come up since the last wave, in an order that does not depend on chance; empty at the end.
  mutating func nextWave() -> [AdditionRequest] {
    var wave = wanted.map { place, names in
      AdditionRequest.named(
        type: place.type,
        namespace: place.namespace,
        names: Dictionary(uniqueKeysWithValues: names)
      )
    }
    wave += claimsToMatch.map { .podsOfClaims(namespace: $0, claims: $1) }
    wave += groupsToMatch.map { .claimsOfVolumeGroups(namespace: $0, groups: $1) }
    if sawAccounts { wave.append(.bindings) }
    wanted = [:]
    claimsToMatch = [:]
    groupsToMatch = [:]
    sawAccounts = false
    return wave.sorted { $0.order < $1.order }
  }
}

extension AdditionRequest {
  fileprivate var order: String {
    switch self {
    case .named(let type, let namespace, _): "1 \(type) \(namespace ?? "")"
    case .podsOfClaims(let namespace, _): "2 \(namespace)"
    case .claimsOfVolumeGroups(let namespace, _): "3 \(namespace)"
    case .bindings: "4"
    }
  }
}

/// The API groups that Kubernetes itself serves, which have no definitions as custom resources have.
enum BuiltInGroups {
  private static let names: Set<String> = [
    "", "admissionregistration.k8s.io", "apiextensions.k8s.io", "apiregistration.k8s.io", "apps",
    "authentication.k8s.io", "authorization.k8s.io", "autoscaling", "batch",
    "certificates.k8s.io", "coordination.k8s.io", "discovery.k8s.io", "events.k8s.io",
    "extensions", "flowcontrol.apiserver.k8s.io", "internal.apiserver.k8s.io",
    "networking.k8s.io", "node.k8s.io", "policy", "rbac.authorization.k8s.io", "resource.k8s.io",
    "scheduling.k8s.io", "storage.k8s.io", "storagemigration.k8s.io",
  ]

  /// Whether the API server itself serves a group.
  static func contains(_ group: String) -> Bool { names.contains(group) }

  /// Whether a type, written `plural.group`, may be a custom resource.
  static func mayHaveDefinition(_ groupResource: String) -> Bool {
    guard let dot = groupResource.firstIndex(of: ".") else { return false }
    return !contains(String(groupResource[groupResource.index(after: dot)...]))
  }
}
