// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension PreflightFacts {
  // Services.

  mutating func noteService(_ service: JSONValue, _ target: ObjectAddress, isNew: Bool) {
    brought.insert(target)
    let spec = service["spec"]
    let ports = spec?["ports"]?.array ?? []
    var wanted = Set(ports.compactMap { $0["nodePort"]?.int64 }.map { Int($0) })
    if let port = spec?["healthCheckNodePort"]?.int64 { wanted.insert(Int(port)) }
    for port in wanted where port > 0 { nodePorts[port, default: FirstFew()].add(target) }
    guard isNew, let namespace = target.namespace else { return }
    var amounts: NamespaceDemand.Amounts = [:]
    switch spec?["type"]?.string {
    case "LoadBalancer":
      amounts["services.loadbalancers"] = Quantity(1)
      let allocates = spec?["allocateLoadBalancerNodePorts"]?.bool ?? true
      amounts["services.nodeports"] = Quantity(
        allocates ? ports.count : ports.count { $0["nodePort"] != nil }
      )
    case "NodePort": amounts["services.nodeports"] = Quantity(ports.count)
    default: break
    }
    demands[namespace]?.add(amounts)
  }

  // Claims.

  mutating func noteClaim(_ claim: JSONValue, _ target: ObjectAddress, isNew: Bool) {
    let spec = claim["spec"]
    let isBound = spec?["volumeName"]?.string?.isEmpty == false
    let name = Self.storageClass(of: claim)
    noteStorageClass(name, of: target, isBound ? .labelled : .stuck)
    if name == nil, !isBound { classless.add(target) }
    guard isNew, let namespace = target.namespace else { return }
    demands[namespace]?.add(claim: Self.amounts(ofClaim: claim))
  }

  /// The class that a claim or the template of one names; nil when it leaves that to the target.
  private static func storageClass(of claim: JSONValue) -> JSONValue? {
    let annotation = "volume.beta.kubernetes.io/storage-class"
    return claim[path: "metadata", "annotations"]?[annotation]
      ?? claim[path: "spec", "storageClassName"]
  }

  private static func amounts(ofClaim claim: JSONValue) -> NamespaceDemand.Amounts {
    let storage =
      claim[path: "spec", "resources", "requests"]?["storage"].flatMap { Quantity($0) } ?? .zero
    var amounts = ["requests.storage": storage, "persistentvolumeclaims": Quantity(1)]
    if let name = storageClass(of: claim)?.string, !name.isEmpty {
      let prefix =
        "\(name).\(StorageClasses.type.replacing("storageclasses", with: "storageclass"))/"
      amounts[prefix + "requests.storage"] = storage
      amounts[prefix + "persistentvolumeclaims"] = Quantity(1)
    }
    return amounts
  }

  // Pods and what makes them.

  /// Notes a pod, or an object with the template of one, known or not; nothing of others.
  mutating func notePods(_ object: JSONValue, _ target: ObjectAddress, isNew: Bool) {
    let type = Cohabitation.canonical(target.type)
    let path = PodSpec.path(in: type) ?? ["spec", "template", "spec"]
    guard let spec = object[in: path], spec["containers"]?.array != nil else { return }
    let isPod = type == "pods"
    notePodReferences(spec, of: target, isPod ? .refused : .stuck)
    if type == "statefulsets.apps" { noteClaimTemplates(object, target, isNew: isNew) }
    guard isNew, let namespace = target.namespace else { return }
    let demand = PodDemand(spec)
    let labels = object[path: "metadata", "labels"]
    if isPod {
      let isOwned =
        Self.ownedLabels.contains { labels?[$0] != nil }
        || object[path: "metadata", "ownerReferences"]?.array?.isEmpty == false
      demands[namespace]?.add(demand, of: target, isOwned: isOwned)
    } else if type == "daemonsets.apps" {
      demands[namespace]?.add(uncounted: target)
    } else if let count = Self.podCount(object, type), count > 0 {
      demands[namespace]?.add(pods: demand, count: count, of: target)
    }
  }

  /// Labels of pods that controllers give them.
  private static let ownedLabels = [
    "pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name",
    "job-name", "batch.kubernetes.io/job-name", "controller-uid",
    "batch.kubernetes.io/controller-uid",
  ]

  /// The most pods of one workload that are reckoned with, so that nonsense does not overflow.
  private static let podLimit: Int64 = 1_000_000

  /// How many pods a workload will have; nil where another one's object decides.
  private static func podCount(_ object: JSONValue, _ type: String) -> Int? {
    let spec = object["spec"]
    func count(_ field: String) -> Int64? { spec?[field]?.int64.map { min(max($0, 0), podLimit) } }
    switch type {
    case "cronjobs.batch": return nil
    case "replicasets.apps" where object[path: "metadata", "labels", "pod-template-hash"] != nil:
      return nil
    case "jobs.batch":
      if spec?["suspend"]?.bool == true { return 0 }
      let parallel = count("parallelism") ?? 1
      return Int(min(parallel, count("completions") ?? parallel))
    default: return Int(count("replicas") ?? 1)
    }
  }

  private mutating func noteClaimTemplates(
    _ set: JSONValue,
    _ target: ObjectAddress,
    isNew: Bool
  ) {
    for template in set[path: "spec", "volumeClaimTemplates"]?.array ?? [] {
      let name = Self.storageClass(of: template)
      noteStorageClass(name, of: target, .stuck)
      if name == nil { classless.add(target) }
      guard isNew, let namespace = target.namespace else { continue }
      demands[namespace]?.add(
        claims: Self.amounts(ofClaim: template),
        count: Self.podCount(set, "statefulsets.apps") ?? 0
      )
    }
  }

  private mutating func notePodReferences(
    _ spec: JSONValue,
    of target: ObjectAddress,
    _ effect: Effect
  ) {
    noteClass("priorityclasses.scheduling.k8s.io", spec["priorityClassName"], of: target, effect)
    noteClass("runtimeclasses.node.k8s.io", spec["runtimeClassName"], of: target, effect)
    let account = spec["serviceAccountName"]?.string ?? spec["serviceAccount"]?.string ?? ""
    // Every namespace gets its account of the name 'default' from the controllers.
    guard !account.isEmpty, account != "default" else { return }
    let address = ObjectAddress(
      type: "serviceaccounts",
      namespace: target.namespace,
      name: account
    )
    references[address, default: [:]][effect, default: FirstFew()].add(target)
  }

  // Others.

  mutating func noteStorageClass(_ name: JSONValue?, of target: ObjectAddress, _ effect: Effect) {
    noteClass(StorageClasses.type, name, of: target, effect)
  }

  mutating func noteClass(
    _ type: String,
    _ name: JSONValue?,
    of target: ObjectAddress,
    _ effect: Effect
  ) {
    guard let name = name?.string, !name.isEmpty else { return }
    let address = ObjectAddress(type: type, name: name)
    references[address, default: [:]][effect, default: FirstFew()].add(target)
  }

  mutating func noteLimits(_ range: JSONValue, _ target: ObjectAddress) {
    guard let namespace = target.namespace else { return }
    limitDefaults[namespace, default: []].formUnion(LimitRange(range).defaults)
  }
}

/// What a limit range gives to containers that state no request or limit.
struct LimitRange: Sendable, Hashable {
  /// By the names of quotas, such as `limits.cpu`.
  private(set) var defaults: Set<String> = []

  /// Reads a limit range.
  ///
  /// Source: Kubernetes API reference, LimitRangeSpec: a limit by default is also a request.
  init(_ object: JSONValue) {
    for limit in object[path: "spec", "limits"]?.array ?? []
    where limit["type"]?.string == "Container" {
      for name in limit["default"]?.object?.keys ?? [] {
        defaults.formUnion(["limits.\(name)", "requests.\(name)"])
      }
      for name in limit["defaultRequest"]?.object?.keys ?? [] {
        defaults.insert("requests.\(name)")
      }
      // A greatest amount is also the limit by default, and so the request.
      for name in limit["max"]?.object?.keys ?? [] {
        defaults.formUnion(["limits.\(name)", "requests.\(name)"])
      }
      for name in limit["min"]?.object?.keys ?? [] { defaults.insert("requests.\(name)") }
    }
  }
}
