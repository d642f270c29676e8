// SPDX-License-Identifier: Apache-2.0

/// What the objects of a restore take of a namespace's quotas.
struct NamespaceDemand: Sendable, Hashable {
  /// By the names of quotas.
  typealias Amounts = [String: Quantity]

  /// Of all objects that are created but pods and claims.
  private var others: Amounts = [:]
  /// Of claims that are created.
  private var claims: Amounts = [:]
  /// Of the claims that the controllers of workloads would make, most of which are created already.
  private var templateClaims: Amounts = [:]
  /// Of pods that are created and that no controller would make.
  private var freePods: Amounts = [:]
  /// Of pods that are created and that a controller takes for its own.
  private var ownedPods: Amounts = [:]
  /// Of the pods that the controllers of workloads want to have, created ones among them.
  private var templatePods: Amounts = [:]
  /// The pods that state no request or limit, by its name.
  private(set) var unstatedPods: [String: FirstFew<ObjectAddress>] = [:]
  /// The same of workloads.
  private(set) var unstatedTemplates: [String: FirstFew<ObjectAddress>] = [:]
  /// Workloads of which it is not known how many pods they will have.
  private(set) var uncounted = FirstFew<ObjectAddress>()

  mutating func add(_ amounts: Amounts) { others.merge(amounts, uniquingKeysWith: +) }

  mutating func add(claim amounts: Amounts) { claims.merge(amounts, uniquingKeysWith: +) }

  mutating func add(claims amounts: Amounts, count: Int) {
    templateClaims.merge(amounts.mapValues { $0 * count }, uniquingKeysWith: +)
  }

  mutating func add(_ pod: PodDemand, of address: ObjectAddress, isOwned: Bool) {
    if isOwned {
      ownedPods.merge(pod.amounts, uniquingKeysWith: +)
    } else {
      freePods.merge(pod.amounts, uniquingKeysWith: +)
    }
    for name in pod.unstated { unstatedPods[name, default: FirstFew()].add(address) }
  }

  mutating func add(pods pod: PodDemand, count: Int, of address: ObjectAddress) {
    templatePods.merge(pod.amounts.mapValues { $0 * count }, uniquingKeysWith: +)
    for name in pod.unstated { unstatedTemplates[name, default: FirstFew()].add(address) }
  }

  mutating func add(uncounted address: ObjectAddress) { uncounted.add(address) }

  /// What the objects take that the restore creates.
  func immediate(_ canonical: String) -> Quantity {
    [others, claims, freePods, ownedPods].reduce(.zero) { $0 + ($1[canonical] ?? .zero) }
  }

  /// What it is when the controllers have made what their workloads ask for.
  ///
  /// Pods and claims that are restored and would be made too are counted once.
  func eventual(_ canonical: String) -> Quantity {
    func amount(_ amounts: Amounts) -> Quantity { amounts[canonical] ?? .zero }
    return amount(others) + amount(freePods) + max(amount(ownedPods), amount(templatePods))
      + max(amount(claims), amount(templateClaims))
  }
}
