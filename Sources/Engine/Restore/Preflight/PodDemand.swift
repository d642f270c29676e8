// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a pod asks for, as quotas count it.
///
/// Source: Kubernetes documentation, "Resource sharing within containers" and "Resource Quotas"; the defaults of the API
/// server, by which a limit without a request is also the request.
struct PodDemand: Sendable, Hashable {
  /// What quotas want every container to state when they limit it.
  private static let stated = ["cpu", "memory"]

  /// Amounts by the names of quotas: `pods`, `requests.cpu`, `limits.memory`.
  private(set) var amounts: [String: Quantity] = ["pods": Quantity(1)]
  /// Of the requests and limits of cores and memory those that some container does not state.
  private(set) var unstated: Set<String> = []

  /// Reads a pod's `spec`.
  init(_ spec: JSONValue) {
    let containers = spec["containers"]?.array ?? []
    let early = spec["initContainers"]?.array ?? []
    for part in Part.allCases {
      var sum = Self.sum(containers, early, part)
      // What the pod states as a whole counts in place of its containers' sum.
      for (name, amount) in Self.list(spec, part) { sum[name] = amount }
      for (name, amount) in (spec["overhead"]?.object?.members ?? []).map({ ($0.key, $0.value) }) {
        guard let amount = Quantity(amount), part == .requests || sum[name] != nil else { continue }
        sum[name] = (sum[name] ?? .zero) + amount
      }
      for (name, amount) in sum { amounts["\(part.rawValue).\(name)"] = amount }
      let whole = Self.list(spec, part)
      for name in Self.stated where whole[name] == nil {
        let isStated = (containers + early).allSatisfy { Self.list($0, part)[name] != nil }
        if !isStated { unstated.insert("\(part.rawValue).\(name)") }
      }
    }
  }

  private enum Part: String, CaseIterable {
    case requests
    case limits
  }

  /// Containers run together, init containers one after the other, but those that go on running beside all that follow.
  private static func sum(_ containers: [JSONValue], _ early: [JSONValue], _ part: Part)
    -> [String: Quantity]
  {
    var sum: [String: Quantity] = [:]
    var beside: [String: Quantity] = [:]
    var peak: [String: Quantity] = [:]
    for container in containers { sum.merge(list(container, part), uniquingKeysWith: +) }
    for container in early {
      let moment = beside.merging(list(container, part), uniquingKeysWith: +)
      if container["restartPolicy"]?.string == "Always" {
        sum.merge(list(container, part), uniquingKeysWith: +)
        beside = moment
      }
      peak.merge(moment, uniquingKeysWith: max)
    }
    return sum.merging(peak, uniquingKeysWith: max)
  }

  private static func list(_ holder: JSONValue, _ part: Part) -> [String: Quantity] {
    let limits = holder[path: "resources", "limits"]?.quantities ?? [:]
    guard part == .requests else { return limits }
    let requests = holder[path: "resources", "requests"]?.quantities ?? [:]
    return limits.merging(requests) { $1 }
  }
}

extension JSONValue {
  /// The quantities of a resource list; members that are none are left out.
  var quantities: [String: Quantity] {
    (object?.dictionary ?? [:]).compactMapValues { Quantity($0) }
  }
}

/// Names of what quotas limit.
///
/// Source: Kubernetes documentation, "Resource Quotas".
enum QuotaName {
  /// Of several names for the same thing one: `requests.cpu` for `cpu`, `pods` for `count/pods`.
  ///
  /// Quotas that count pods by the second name count those that have ended too, of which restores bring none.
  static func canonical(_ name: String) -> String {
    let own = ["pods", "persistentvolumeclaims"]
    if let type = own.first(where: { name == "count/\($0)" }) { return type }
    let isBare =
      ["cpu", "memory", "ephemeral-storage"].contains(name) || name.hasPrefix("hugepages-")
    return isBare ? "requests.\(name)" : name
  }

  /// Whether it is counted over pods.
  static func isOfPods(_ canonical: String) -> Bool {
    if canonical == "pods" { return true }
    return (canonical.hasPrefix("requests.") || canonical.hasPrefix("limits."))
      && canonical != "requests.storage"
  }

  /// Whether it is counted over claims.
  static func isOfClaims(_ canonical: String) -> Bool {
    ["requests.storage", "persistentvolumeclaims"].contains(canonical)
      || canonical.contains(".storageclass.storage.k8s.io/")
  }

  /// The type whose objects are counted under a name, but pods and claims; nil for names of amounts.
  static func countedType(_ canonical: String) -> String? {
    if canonical.hasPrefix("count/") { return String(canonical.dropFirst("count/".count)) }
    return classic.contains(canonical) ? canonical : nil
  }

  /// An amount in words.
  static func text(_ amount: Quantity, of canonical: String) -> String {
    let isBytes =
      canonical.hasSuffix("memory") || canonical.hasSuffix("storage")
      || canonical.contains("hugepages-")
    return isBytes ? amount.bytesText : amount.description
  }

  private static let classic: Set<String> = [
    "services", "replicationcontrollers", "resourcequotas", "secrets", "configmaps",
  ]
}
