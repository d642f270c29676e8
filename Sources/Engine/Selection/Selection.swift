// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Velero

/// A filter applied to a cluster: which types are listed, and for every object whether it is taken and why.
///
/// Pure: the preview, the backup and the explanation of one object all ask the same value. It knows the types and
/// the namespaces; objects are brought to it one by one, in any order.
/// Source: velero/03, sections 4 to 8.
public struct Selection: Sendable {
  /// The label that leaves an object, or all of a namespace, out of every backup.
  public static let excludeLabel = VeleroLabel.excludeFromBackup

  /// The filter.
  public let filter: BackupFilter
  /// What the filter says about each type, in the order in which types are collected.
  public let types: [TypeRule]
  /// The namespace filter as it came out.
  public let namespaceFilter: NamespaceFilter
  /// What the user should know before he trusts the filter.
  public let remarks: [SelectionRemark]
  /// What the API server serves.
  let discovery: Discovery
  /// The objects that the filter is restricted to.
  var only: ObjectSet? { filter.only }
  private let places: [String: Int]
  /// The selectors in text form; the one, or the several of which one has to match.
  let selectors: [String]
  /// All of them in words.
  private let selectorText: String

  /// Applies a filter.
  ///
  /// - Parameters:
  ///   - filter: Sound, as `BackupFilter.problems` says.
  ///   - discovery: What the API server serves.
  ///   - namespaces: All namespaces; when they may not be listed, those that the filter names.
  ///   - knowsAllNamespaces: Whether these are all; otherwise nothing is said of names that are none of them.
  public init(
    filter: BackupFilter,
    discovery: Discovery,
    namespaces: [NamespaceFacts],
    knowsAllNamespaces: Bool = true
  ) {
    self.filter = filter
    self.discovery = discovery
    let namespaceFilter = NamespaceFilter(
      including: filter.includedNamespaces,
      excluding: filter.excludedNamespaces,
      namespaces: namespaces
    )
    self.namespaceFilter = namespaceFilter
    selectors = filter.selectors.map { $0.isEmpty ? "the empty selector" : $0.description }
    selectorText = selectors.joined(separator: " or ")
    let rules = TypeRules(
      filter: filter,
      discovery: discovery,
      namespaces: namespaceFilter
    )
    types = Cohabitation.resolve(
      Self.collectionOrder(discovery.preferred).map {
        rules.rule(for: $0).restricted(to: filter.only)
      }
    )
    places = Dictionary(
      types.enumerated().map { ($1.groupResource, $0) },
      uniquingKeysWith: { first, _ in first }
    )
    remarks = SelectionRemark.remarks(
      RemarkGround(
        filter: filter,
        discovery: discovery,
        types: types,
        namespaces: namespaces,
        knowsAllNamespaces: knowsAllNamespaces,
        namespaceFilter: namespaceFilter
      )
    )
  }

  /// The place in `types` of a type, by `plural.group`; nil when it is not served.
  public func type(_ groupResource: String) -> Int? { places[groupResource] }

  /// Why an object that was listed is taken or left out.
  ///
  /// Namespace objects are decided by `verdict(ofNamespace:isBeingDeleted:holdsObjects:)` instead.
  ///
  /// - Parameters:
  ///   - type: The place of its type in `types`.
  ///   - namespace: Its namespace; nil for cluster-scoped objects.
  ///   - name: Its name.
  ///   - isBeingDeleted: Whether `metadata.deletionTimestamp` is set.
  ///   - label: Gives the value of one of its labels, or nil.
  /// - Returns: The verdict with its reason.
  public func verdict(
    ofListed type: Int,
    namespace: String?,
    name: String,
    isBeingDeleted: Bool,
    label: (String) -> String?
  ) -> Verdict {
    // A type that is not listed needs no look at labels.
    if let exclusion = types[type].listing { return .left(exclusion) }
    let membership = membership(ofType: type, namespace: namespace, name: name)
    if let exclusion = membership.exclusion { return .left(exclusion) }
    return verdict(
      ofListed: type,
      standing(of: namespace),
      selectorStanding(label),
      membership,
      isLabelledOut: Self.isLabelledOut(label),
      isBeingDeleted: isBeingDeleted
    )
  }

  /// The same, from what the filter says about its namespace and its labels: all that a verdict takes from them.
  ///
  /// Who judges many objects finds the standings out once for each namespace and each set of labels.
  func verdict(
    ofListed type: Int,
    _ namespace: NamespaceStanding,
    _ selector: SelectorStanding,
    _ membership: MemberStanding = .unasked,
    isLabelledOut: Bool,
    isBeingDeleted: Bool
  ) -> Verdict {
    if let exclusion = types[type].listing ?? membership.exclusion { return .left(exclusion) }
    if case .none = selector { return .left(.labelsDoNotMatch(selectorText)) }
    return check(namespace, isLabelledOut: isLabelledOut, isBeingDeleted: isBeingDeleted) { entry in
      if case .member(let membership) = membership { return .member(membership) }
      return .filter(
        FilterMatch(type: types[type].entry, namespace: entry, selector: selectorText(selector))
      )
    }
  }

  /// Why an object that others need is taken or left out; the label selector does not count for it.
  ///
  /// - Parameters:
  ///   - type: The place of its type in `types`.
  ///   - namespace: Its namespace; nil for cluster-scoped objects.
  ///   - isBeingDeleted: Whether `metadata.deletionTimestamp` is set.
  ///   - reason: Who needs it.
  ///   - label: Gives the value of one of its labels, or nil.
  /// - Returns: The verdict with its reason.
  public func verdict(
    ofAddition type: Int,
    namespace: String?,
    isBeingDeleted: Bool,
    reason: Inclusion,
    label: (String) -> String?
  ) -> Verdict {
    guard types[type].acceptsAdditions else {
      return .left(types[type].listing ?? .typeNotIncluded(in: .includedResources))
    }
    return check(
      standing(of: namespace),
      isLabelledOut: Self.isLabelledOut(label),
      isBeingDeleted: isBeingDeleted
    ) { _ in reason }
  }

  /// Why a Namespace object is taken or left out.
  ///
  /// - Parameters:
  ///   - namespace: What is known of it.
  ///   - isBeingDeleted: Whether `metadata.deletionTimestamp` is set.
  ///   - holdsObjects: Whether at least one namespaced object was listed in it.
  /// - Returns: The verdict with its reason.
  public func verdict(
    ofNamespace namespace: NamespaceFacts,
    isBeingDeleted: Bool,
    holdsObjects: Bool
  ) -> Verdict {
    guard let type = type("namespaces") else {
      return .left(.typeNotIncluded(in: .includedResources))
    }
    if let exclusion = types[type].listing { return .left(exclusion) }
    if namespace.isLabelledOut { return .left(.labelledOut) }
    guard let reason = namespaceReason(namespace, holdsObjects) else {
      let other = only.map { Exclusion.notPartOf($0.title) } ?? .namespaceNotNeeded
      return .left(namespaceFilter.exclusion(of: namespace.name) ?? other)
    }
    return isBeingDeleted ? .left(.beingDeleted) : .taken(reason)
  }

  private func namespaceReason(_ namespace: NamespaceFacts, _ holdsObjects: Bool) -> Inclusion? {
    if let only {
      let own = only.membership(type: "namespaces", namespace: nil, name: namespace.name)
      // The namespace filter counts for members too.
      if let own, case .taken = namespaceFilter.standing(of: namespace.name) {
        return .member(own)
      }
    } else if namespace.isActive {
      let selector = selectorStanding { namespace.labels[$0] }
      if case .matches = selector {
        return .namespaceMatchesSelector(selectorText(selector) ?? "")
      }
      if case .taken(let entry) = namespaceFilter.standing(of: namespace.name),
        !(namespaceFilter.includesEverything && filter.hasSelector)
      {
        return .namespaceIncluded(by: entry)
      }
    }
    return holdsObjects ? .namespaceOfObjects : nil
  }

  private func check(
    _ namespace: NamespaceStanding,
    isLabelledOut: Bool,
    isBeingDeleted: Bool,
    _ reason: (FilterEntry?) -> Inclusion
  ) -> Verdict {
    let entry: FilterEntry?
    switch namespace {
    // First of all, since Velero lists nothing in other namespaces.
    case .left(let exclusion): return .left(exclusion)
    case .taken(let by): entry = by
    case .none: entry = nil
    }
    if isLabelledOut { return .left(.labelledOut) }
    return isBeingDeleted ? .left(.beingDeleted) : .taken(reason(entry))
  }

  /// Velero's order: the server's, but in the core group pods, claims and volumes first, and `extensions` last.
  static func collectionOrder(_ resources: [APIResource]) -> [APIResource] {
    let first = ["pods", "persistentvolumeclaims", "persistentvolumes"]
    func rank(_ resource: APIResource) -> Int {
      if resource.group == "extensions" { return 5 }
      guard resource.group.isEmpty else { return 4 }
      return first.firstIndex(of: resource.name) ?? 3
    }
    // The sort is not stable by contract, so the place breaks ties.
    return resources.enumerated()
      .sorted { (rank($0.element), $0.offset) < (rank($1.element), $1.offset) }
      .map(\.element)
  }
}

/// Types that show the same objects under two groups; the first one served is read.
///
/// Source: velero/03, section 5.
enum Cohabitation {
  static let groups: [String: Set<String>] = [
    "deployments": ["extensions", "apps"],
    "daemonsets": ["extensions", "apps"],
    "replicasets": ["extensions", "apps"],
    "networkpolicies": ["extensions", "networking.k8s.io"],
    "events": ["", "events.k8s.io"],
  ]

  /// Of types that show the same objects, the name that stands for all of them; of others their own.
  static func canonical(_ groupResource: String) -> String {
    canonicalNames[groupResource] ?? groupResource
  }

  private static let canonicalNames = [
    "deployments.extensions": "deployments.apps", "daemonsets.extensions": "daemonsets.apps",
    "replicasets.extensions": "replicasets.apps",
    "networkpolicies.extensions": "networkpolicies.networking.k8s.io",
    "events.events.k8s.io": "events",
  ]

  /// Marks every type but the first of those that cohabit, of the listed ones.
  static func resolve(_ rules: [TypeRule]) -> [TypeRule] {
    var seen: [String: String] = [:]
    return rules.map { rule in
      guard rule.listing == nil, let groups = groups[rule.resource.name],
        groups.contains(rule.resource.group)
      else { return rule }
      if let other = seen[rule.resource.name] {
        return TypeRule(rule.resource, listing: .sameAs(other), acceptsAdditions: false)
      }
      seen[rule.resource.name] = rule.groupResource
      return rule
    }
  }
}
