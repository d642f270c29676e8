// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Follows what objects say about each other from some of them on until nothing more belongs to them.
///
/// Pure and incremental: waves of requests say what has to be read, answers are taken, and the members with their reasons come
/// of it. Members are followed in the order in which they were found, so that each has the shortest chain of reasons.
struct ObjectGraph: Sendable {
  private struct Listing: Hashable, Sendable {
    let type: String
    let namespace: String?
  }

  /// Members beyond this many are not followed; that of a release with thousands of pods is far below.
  static let memberLimit = 200_000

  let types: TypeIndex
  private(set) var members: [ObjectAddress: Member] = [:]
  private(set) var remarks: [SelectionRemark] = []
  private(set) var gaps: [ObjectSet.Gap] = []
  /// Releases of which members are looked for by labels.
  private var labelledReleases: [(namespace: String, name: String)] = []
  private var queue: [ObjectAddress] = []
  private var missing: Set<ObjectAddress> = []
  private var whole: [ObjectAddress: ObjectFacts] = [:]
  /// Objects that were asked for by name, with the reason when they could not be read.
  private var settled: [ObjectAddress: String?] = [:]
  /// Lists that were read; nil where one could not be.
  private var listed: [Listing: [ObjectFacts]?] = [:]
  private var homes: Homes
  private let serviceKinds: [Attached.Kind]

  init(_ types: TypeIndex) {
    self.types = types
    homes = Homes(types)
    serviceKinds = Attached.toServices(types)
  }

  // What belongs.

  /// Adds what was asked for, with all it needs and is made of.
  mutating func ask(_ address: ObjectAddress, _ entry: FilterEntry) {
    add(address, Membership("", .asked(entry)), [.needs, .parts])
    members[address]?.isAsked = true
  }

  /// Adds an object of a Helm release with what it is made of.
  ///
  /// - Parameters:
  ///   - address: The object.
  ///   - relation: What it is to the release.
  ///   - release: Its namespace and its name.
  ///   - isOptional: Whether it may well be gone.
  mutating func add(
    _ address: ObjectAddress,
    _ relation: String,
    release: (namespace: String, name: String),
    isOptional: Bool
  ) {
    let origin = Membership.Origin.release(namespace: release.namespace, name: release.name)
    add(address, Membership(relation, origin), .parts, isOptional: isOptional)
  }

  /// Adds all that is labelled or annotated as part of a Helm release, once the metadata is there.
  mutating func addLabelled(namespace: String, name: String) {
    labelledReleases.append((namespace, name))
  }

  mutating func note(_ remark: SelectionRemark) {
    if !remarks.contains(remark) { remarks.append(remark) }
  }

  private mutating func add(
    _ address: ObjectAddress,
    _ membership: Membership,
    _ reach: Reach,
    isPart: Bool = false,
    isOptional: Bool = false
  ) {
    guard !missing.contains(address), !address.name.isEmpty else { return }
    if let known = members[address] {
      if !isOptional { members[address]?.isOptional = false }
      guard !known.reach.isSuperset(of: reach) else { return }
      members[address]?.reach.formUnion(reach)
    } else {
      guard members.count < Self.memberLimit else { return noteLimit() }
      members[address] = Member(
        membership: membership,
        reach: reach,
        isPart: isPart,
        isOptional: isOptional
      )
    }
    queue.append(address)
  }

  private mutating func noteLimit() {
    note(
      SelectionRemark(
        .error,
        "more than \(Self.memberLimit) objects belong to what was asked for; the rest is left out",
        hint: "back up by namespaces instead"
      )
    )
  }

  // What has to be read.

  /// Follows what can be followed; what has to be read for the rest, nothing at the end.
  mutating func nextWave() -> [GraphRequest] {
    var wanted: [GraphRequest] = addLabelledReleases()
    var blocked: [ObjectAddress] = []
    var place = 0
    while place < queue.count {
      let address = queue[place]
      place += 1
      guard let member = members[address] else { continue }
      let needs = needs(of: address, member)
      if needs.isEmpty {
        follow(address, member)
      } else {
        wanted += needs
        blocked.append(address)
      }
    }
    queue = blocked
    return GraphRequest.merged(wanted)
  }

  private mutating func addLabelledReleases() -> [GraphRequest] {
    var wanted: [GraphRequest] = []
    for (namespace, name) in labelledReleases {
      let own = [GraphRequest.namespace(namespace), .cluster].filter { !homes.holds($0) }
      wanted += own
      guard own.isEmpty else { continue }
      for address in homes.objects(ofRelease: name, namespace) {
        add(address, "labelled as part of", release: (namespace, name), isOptional: true)
      }
    }
    if wanted.isEmpty { labelledReleases = [] }
    return wanted
  }

  private func needs(of address: ObjectAddress, _ member: Member) -> [GraphRequest] {
    var needs: [GraphRequest] = []
    if member.reach.contains(.parts), let namespace = address.namespace,
      !homes.holds(.namespace(namespace))
    {
      needs.append(.namespace(namespace))
    }
    let isKnown = whole[address] != nil || settled[address] != nil
    if !isKnown, wantsWhole(address, member) || !homes.covers(address) && isChecked(address) {
      needs.append(
        .objects(type: address.type, namespace: address.namespace, names: [address.name])
      )
    }
    guard needs.isEmpty, member.reach.contains(.needs), !isMissing(address) else { return needs }
    return attachedKinds(address, member).compactMap { unread($0, for: address) }
  }

  /// Whether more than the metadata of an object is worth reading.
  private func wantsWhole(_ address: ObjectAddress, _ member: Member) -> Bool {
    if member.isAsked { return true }
    let type = Cohabitation.canonical(address.type)
    // The claims of a set are known by its templates.
    if member.reach.contains(.parts), type == "statefulsets.apps" { return true }
    guard member.reach.contains(.needs) else { return false }
    if ObjectTypes.workloads.contains(type) { return !member.isPart }
    return ObjectTypes.telling.contains(type) || NetworkReading.isRoute(type)
  }

  /// Whether it matters that an object exists: namespaces do when something is in them, and definitions as a rule.
  private func isChecked(_ address: ObjectAddress) -> Bool {
    address.type != ObjectTypes.namespaces && address.type != ObjectTypes.definitions
  }

  private func attachedKinds(_ address: ObjectAddress, _ member: Member) -> [Attached.Kind] {
    let facts = whole[address]
    var kinds: [Attached.Kind] = []
    if facts?.podLabels != nil { kinds += Attached.toPods }
    if address.type != "pods", facts?.podLabels != nil || member.isAsked {
      kinds += Attached.toWorkloads
    }
    switch address.type {
    case "services": kinds += serviceKinds
    case "serviceaccounts": kinds += Attached.toAccounts
    default: break
    }
    return kinds.filter { types.type($0.type) != nil }
  }

  /// The list that what is attached to an object is looked for in; where all namespaces may not be listed, its own.
  private func listing(_ kind: Attached.Kind, for address: ObjectAddress) -> Listing {
    let type = types.type(kind.type)
    let all = Listing(type: type?.groupResource ?? kind.type, namespace: nil)
    guard type?.isNamespaced == true else { return all }
    let own = Listing(type: all.type, namespace: address.namespace)
    guard kind.isOfAllNamespaces else { return own }
    if case .some(.none) = listed[all] { return own }
    return all
  }

  private func unread(_ kind: Attached.Kind, for address: ObjectAddress) -> GraphRequest? {
    let listing = listing(kind, for: address)
    return listed[listing] == nil
      ? .list(type: listing.type, namespace: listing.namespace) : nil
  }

  // Answers.

  /// Takes the metadata of the cluster as it is known now.
  mutating func take(_ inventory: InventorySnapshot, answering request: GraphRequest) {
    homes.take(inventory, answering: request)
    if case .namespace(let namespace) = request { gaps += homes.gaps(inNamespace: namespace) }
    if case .cluster = request { gaps += homes.clusterGaps }
  }

  /// Takes whole objects as the answer to a request.
  mutating func take(_ facts: [ObjectFacts], answering request: GraphRequest) {
    for own in facts { whole[own.address] = own }
    switch request {
    case .list(let type, let namespace):
      listed[Listing(type: type, namespace: namespace)] = .some(
        facts.sorted { $0.address.path < $1.address.path }
      )
    case .objects(let type, let namespace, let names):
      for name in names {
        settled[ObjectAddress(type: type, namespace: namespace, name: name)] = .some(nil)
      }
    case .namespace, .cluster: break
    }
  }

  /// Takes note that a request could not be answered.
  mutating func fail(_ request: GraphRequest, reason: String) {
    switch request {
    case .list(let type, let namespace):
      listed[Listing(type: type, namespace: namespace)] = .some(nil)
      // Those of the member's own namespace are asked for next, and they are what counts.
      let isOfAll = namespace == nil && types.type(type)?.isNamespaced == true
      gaps.append(
        ObjectSet.Gap([type], namespace: namespace, reason: reason, isLikely: !isOfAll)
      )
    case .objects(let type, let namespace, let names):
      for name in names {
        settled[ObjectAddress(type: type, namespace: namespace, name: name)] = .some(reason)
      }
      gaps.append(ObjectSet.Gap([type], namespace: namespace, reason: reason, isLikely: true))
    case .namespace, .cluster: break
    }
  }

  // Following.

  /// Whether an object is known not to exist.
  private func isMissing(_ address: ObjectAddress) -> Bool {
    if whole[address] != nil { return false }
    if let reason = settled[address] { return reason == nil }
    return homes.lacks(address)
  }

  private mutating func follow(_ address: ObjectAddress, _ member: Member) {
    guard !isMissing(address) else { return drop(address, member) }
    let kind = types.words(address.type)
    func by(_ relation: String) -> Membership { Membership(relation, .object(address, kind: kind)) }
    if member.reach.contains(.needs) {
      for link in whole[address]?.links ?? [] { follow(link, member, by(link.relation)) }
      followOwners(of: address, by("owner of"))
      for attached in attachedKinds(address, member) { follow(attached, of: address, kind) }
    }
    if member.reach.contains(.parts) { followParts(of: address, member, by) }
    if !BuiltInGroups.contains(types.type(address.type)?.group ?? ""),
      types.type(ObjectTypes.definitions) != nil
    {
      add(
        ObjectAddress(type: ObjectTypes.definitions, name: address.type),
        by("definition of"),
        [],
        isOptional: true
      )
    }
    if let namespace = address.namespace {
      add(
        ObjectAddress(type: ObjectTypes.namespaces, name: namespace),
        by("namespace of"),
        [],
        isOptional: true
      )
    }
  }

  /// Leaves out what is not there, and says so unless nobody minds.
  private mutating func drop(_ address: ObjectAddress, _ member: Member) {
    members[address] = nil
    missing.insert(address)
    guard !member.isOptional else { return }
    note(
      SelectionRemark(
        .warning,
        "there is no \(address): \(member.membership)",
        hint: "the reference dangles in the cluster already; a restore will not mend it"
      )
    )
  }

  private mutating func follow(_ link: ObjectLink, _ member: Member, _ membership: Membership) {
    guard let type = types.type(link.type) else { return }
    add(
      ObjectAddress(type: type.groupResource, namespace: link.namespace, name: link.name),
      membership,
      .needs,
      // What a pod misses its template misses too, and pods that have ended do without.
      isOptional: link.isOptional || member.isPart
    )
  }

  private mutating func followOwners(of address: ObjectAddress, _ membership: Membership) {
    for owner in whole[address]?.owners ?? homes.owners(of: address) where owner.kind != "Node" {
      let group = GroupName.of(apiVersion: owner.apiVersion)
      guard let type = types.type(kind: owner.kind, group: group) else {
        note(
          SelectionRemark(
            .warning,
            "the owner of \(address), the \(owner.kind) '\(owner.name)', is of a type that the API server "
              + "does not serve: \(owner.apiVersion)",
            hint: "'kubectl api-resources' shows the types"
          )
        )
        continue
      }
      let owner = ObjectAddress(
        type: type.groupResource,
        namespace: type.isNamespaced ? address.namespace : nil,
        name: owner.name
      )
      add(owner, membership, .needs, isOptional: true)
    }
  }

  private mutating func followParts(
    of address: ObjectAddress,
    _ member: Member,
    _ by: (String) -> Membership
  ) {
    for child in homes.children(of: whole[address]?.uid ?? homes.uid(of: address)) {
      add(
        child,
        by("\(types.words(child.type)) owned by"),
        member.reach,
        isPart: true,
        isOptional: true
      )
    }
    guard let facts = whole[address], !facts.claimTemplates.isEmpty else { return }
    for claim in homes.claims(of: facts) {
      add(claim, by("claim made for"), member.reach.intersection(.needs), isOptional: true)
    }
  }

  private mutating func follow(
    _ kind: Attached.Kind,
    of address: ObjectAddress,
    _ words: String
  ) {
    guard let facts = listed[listing(kind, for: address)]?.flatMap(\.self) else { return }
    let isTemplate = address.type != "pods" && Attached.toPods.contains(kind)
    let relation = kind.relation + (isTemplate ? " the pods of" : "")
    for own in facts where own.backReferences.contains(where: { attaches($0, own, to: address) }) {
      add(own.address, Membership(relation, .object(address, kind: words)), .needs)
    }
  }

  private func attaches(_ reference: BackReference, _ own: ObjectFacts, to address: ObjectAddress)
    -> Bool
  {
    switch reference {
    case .pods(let matcher, let namespaces):
      guard let labels = whole[address]?.podLabels, let namespace = address.namespace else {
        return false
      }
      return namespaces?.contains(namespace) ?? true && matcher.matches(labels)
    case .services(let matcher, let namespaces):
      guard address.type == "services", let namespace = address.namespace else { return false }
      let labels = whole[address]?.labels ?? homes.labels(of: address)
      return namespaces?.contains(namespace) ?? true && matcher.matches(labels)
    case .workload(let kind, let group, let name):
      guard let type = types.type(kind: kind, group: group) else { return false }
      return own.address.namespace == address.namespace && name == address.name
        && type.groupResource == address.type
    case .service(let namespace, let name):
      return address == ObjectAddress(type: "services", namespace: namespace, name: name)
    case .account(let namespace, let name):
      return address.type == "serviceaccounts" && address.namespace == namespace
        && name ?? address.name == address.name
    }
  }
}
