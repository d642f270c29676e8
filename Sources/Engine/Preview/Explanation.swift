// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Why an object is in a backup, or is not: the rule, and the chain of objects that leads to it.
public struct Explanation: Sendable, Hashable, CustomStringConvertible {
  /// Whether the object is taken.
  public enum Answer: Sendable, Hashable {
    /// It is in.
    case isIn
    /// It is out.
    case isOut
    /// That cannot be said, or not yet.
    case unknown
    /// There is no such object.
    case missing
  }

  /// An object of the chain, and what brought it in.
  public struct Link: Sendable, Hashable {
    /// The object.
    public let object: ObjectAddress
    /// Its own verdict.
    public let verdict: Verdict
  }

  /// Whether the object is taken.
  public let answer: Answer
  /// One line without the answer: `claim of the pod 'shop/db-0', which matches tier=db`.
  public let reason: String
  /// From the object itself to the one that the filter takes; empty where the object is none of the inventory's.
  public let chain: [Link]

  /// `in: claim of the pod 'shop/db-0', which matches tier=db`.
  public var description: String {
    switch answer {
    case .isIn: "in: \(reason)"
    case .isOut: "out: \(reason)"
    case .unknown: "unknown: \(reason)"
    case .missing: "not there: \(reason)"
    }
  }
}

extension Preview {
  /// A chain is not followed further than this; those of real clusters have two or three links.
  private static let chainLimit = 64

  /// Why an object is taken or left out; any object, whether or not it exists.
  ///
  /// - Parameter object: Its type may be written as in filters: `pods`, `po`, `deployments.apps`.
  /// - Returns: The explanation.
  public func explanation(of object: ObjectAddress) -> Explanation {
    guard let type = place(of: object.type) else {
      return Explanation(.missing, "the API server does not serve '\(object.type)'")
    }
    var object = object
    object.type = types[type].rule.groupResource
    guard problems.isEmpty else { return Explanation(.unknown, problems.joined(separator: "; ")) }
    guard let verdict = verdict(of: object, type) else { return explanationOfAbsence(object, type) }
    let chain = chain(from: object, verdict)
    return Explanation(
      answer: verdict.isTaken ? .isIn : .isOut,
      reason: Self.reason(chain),
      chain: chain
    )
  }

  private func place(of type: String) -> Int? {
    if let exact = selection.type(type) { return exact }
    return selection.discovery.resource(named: type).flatMap { selection.type($0.groupResource) }
  }

  /// The verdict of an object that is known; nil for others.
  private func verdict(of object: ObjectAddress, _ type: Int) -> Verdict? {
    if let place = types[type].place,
      let row = inventory.row(ofType: place, namespace: object.namespace, name: object.name)
    {
      // The rows of types that show the same objects are judged under one of them.
      return verdict(ofType: type, row: row.index) ?? types[type].rule.listing.map { .left($0) }
    }
    return extras.first { $0.address == object }?.verdict
  }

  private func explanationOfAbsence(_ object: ObjectAddress, _ type: Int) -> Explanation {
    let rule = types[type].rule
    if rule.resource.isNamespaced, object.namespace == nil {
      return Explanation(
        .missing,
        "\(rule.groupResource) live in namespaces: write 'namespace/name'"
      )
    }
    if !rule.resource.isNamespaced, object.namespace != nil {
      return Explanation(.missing, "\(rule.groupResource) are cluster-scoped: write the name alone")
    }
    let state =
      types[type].place.map { place in
        object.namespace.map { inventory.state(ofType: place, inNamespace: $0) }
          ?? inventory.type(at: place).state
      } ?? .gap(reason: "the type is not read")
    let what = "there is no \(object)"
    switch state {
    case .current: return Explanation(.missing, what)
    case .asOf(let moment), .stale(let moment, _):
      return Explanation(.missing, "\(what), as of \(moment)")
    case .loading: return Explanation(.unknown, "\(rule.groupResource) are still being listed")
    case .gap, .partial, .sameAs: break
    }
    // What leaves out the whole type, or the namespace, leaves out objects that cannot be seen.
    if let exclusion = rule.listing, !rule.acceptsAdditions {
      return Explanation(.isOut, exclusion.description)
    }
    if let namespace = object.namespace,
      let exclusion = selection.namespaceFilter.exclusion(of: namespace)
    {
      return Explanation(.isOut, exclusion.description)
    }
    return Explanation(
      .unknown,
      "\(rule.groupResource) cannot be listed: \(state.shortfall ?? "the type is not read")"
    )
  }

  // The chain.

  private func chain(from object: ObjectAddress, _ verdict: Verdict) -> [Explanation.Link] {
    var chain = [Explanation.Link(object: object, verdict: verdict)]
    var seen: Set<ObjectAddress> = [object]
    while let last = chain.last, case .taken(let inclusion) = last.verdict,
      let next = origin(of: inclusion), chain.count < Self.chainLimit, seen.insert(next).inserted,
      let type = selection.type(next.type), let verdict = self.verdict(of: next, type)
    {
      chain.append(Explanation.Link(object: next, verdict: verdict))
    }
    return chain
  }

  /// The object that brought another one in.
  private func origin(of inclusion: Inclusion) -> ObjectAddress? {
    switch inclusion {
    case .filter, .namespaceIncluded, .namespaceMatchesSelector, .namespaceOfObjects: nil
    case .volumeOfClaim(let claim), .podOfClaim(let claim), .volumeGroupOfClaim(let claim):
      ObjectAddress(type: "persistentvolumeclaims", path: claim)
    case .claimOfPod(let pod), .priorityClassOfPod(let pod):
      ObjectAddress(type: "pods", path: pod)
    case .bindingOfServiceAccount(let account):
      ObjectAddress(type: "serviceaccounts", path: account)
    case .roleOfBinding(let binding):
      ObjectAddress(type: RelationKind.bindings.type, path: binding)
    case .definitionOfCustomResource(let type): anyTaken(type)
    case .member(let membership): membership.object
    }
  }

  /// Some object of a type that is taken.
  private func anyTaken(_ name: String) -> ObjectAddress? {
    guard let type = selection.type(name), let place = types[type].place else { return nil }
    let row = types[type].column.indices.first { row in
      verdict(ofType: type, row: row)?.isTaken == true
    }
    return row.map { row in
      let object = inventory.row(ofType: place, index: row)
      return ObjectAddress(type: name, namespace: object.namespace, name: object.name)
    }
  }

  /// `volume of the claim 'shop/data', claim of the pod 'shop/db-0', which matches tier=db`.
  private static func reason(_ chain: [Explanation.Link]) -> String {
    guard let first = chain.first else { return "" }
    var text = first.verdict.description
    for (before, link) in zip(chain, chain.dropFirst()) {
      // Such a reason names the type, and the object is but one of many.
      if case .taken(.definitionOfCustomResource) = before.verdict {
        text += ", such as '\(link.object.path)'"
      }
      switch link.verdict {
      case .taken(let inclusion) where inclusion.isForOthers: text += ", \(inclusion)"
      case .taken(let inclusion): text += ", which \(inclusion)"
      // A role comes along with the account, whatever becomes of the binding.
      case .left(let exclusion) where before.verdict.isOfRole:
        text += ", which names a taken service account and is out: \(exclusion)"
      case .left(let exclusion): text += ", which is out itself: \(exclusion)"
      }
    }
    return text
  }
}

extension Verdict {
  /// Whether it is that of a role that a binding brought.
  fileprivate var isOfRole: Bool {
    if case .taken(.roleOfBinding) = self { true } else { false }
  }
}

extension Explanation {
  fileprivate init(_ answer: Answer, _ reason: String) {
    self.init(answer: answer, reason: reason, chain: [])
  }
}
