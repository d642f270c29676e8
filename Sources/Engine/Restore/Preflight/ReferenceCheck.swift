// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Classes and service accounts that objects name and that neither the target nor the restore has.
///
/// Requests: one list for each type of class that is named, and one for each service account that is not restored itself.
struct ReferenceCheck: Sendable {
  static let accounts = "serviceaccounts"

  let reader: TargetReader

  /// What is known of the target.
  struct Known: Sendable {
    /// What exists of what is named.
    var present: Set<ObjectAddress> = []
    /// Where there is a storage class that claims get which name none; nil where that is not known.
    var hasDefaultClass: Bool? = false
    /// By type.
    var gaps: [String: [PreflightGap]] = [:]
  }

  /// - Throws: `KubernetesError` `.cancelled`.
  func findings(_ facts: PreflightFacts) async throws -> [PreflightFinding] {
    let wanted = facts.references.keys.filter { !facts.brought.contains($0) }
    var known = Known()
    var types = Set(wanted.map(\.type)).subtracting([Self.accounts])
    if facts.classless.count > 0, !facts.bringsDefaultClass { types.insert(StorageClasses.type) }
    for type in types.sorted() { try await list(type, &known) }
    let accounts = wanted.filter { $0.type == Self.accounts }.sorted()
    try await get(accounts, &known)
    return Self.findings(facts, known)
  }

  private func list(_ type: String, _ known: inout Known) async throws {
    let listing = try await reader.list(type, in: nil, isMetadataOnly: true) { view in
      view["metadata"]?["name"]?.string.map { name in
        let annotations = view["metadata"]?["annotations"]?.value ?? [:]
        return (name: name, isDefault: StorageClasses.isDefault(annotations))
      }
    }
    known.present.formUnion(listing.values.map { ObjectAddress(type: type, name: $0.name) })
    if !listing.gaps.isEmpty { known.gaps[type] = listing.gaps }
    guard type == StorageClasses.type else { return }
    known.hasDefaultClass =
      listing.gaps.isEmpty ? listing.values.contains { $0.isDefault } : nil
  }

  private func get(_ accounts: [ObjectAddress], _ known: inout Known) async throws {
    let asked = Array(accounts.prefix(TargetReader.singleRequestLimit))
    let answers = try await asked.mapInParallel(limit: TargetReader.parallelRequests) { account in
      try await reader.get(account, isMetadataOnly: true)
    }
    var gaps: [PreflightGap] = TargetReader.unasked(accounts.map { $0.namespace ?? "" })
    for (account, answer) in zip(asked, answers) {
      switch answer {
      case .found: known.present.insert(account)
      case .missing: break
      case .unknown(let reason):
        gaps.append(PreflightGap(namespace: account.namespace, reason: reason))
        known.present.insert(account)
      }
    }
    // Of those that were not asked for only the gap is told.
    known.present.formUnion(accounts.dropFirst(asked.count))
    if !gaps.isEmpty { known.gaps[Self.accounts] = gaps }
  }

  // What is found.

  static func findings(_ facts: PreflightFacts, _ known: Known) -> [PreflightFinding] {
    var findings: [PreflightFinding] = []
    for (address, uses) in facts.references
    where !facts.brought.contains(address) && !known.present.contains(address) {
      let isUnknown = address.type != accounts && known.gaps[address.type] != nil
      if !isUnknown { findings.append(finding(on: address, uses)) }
    }
    if known.hasDefaultClass == false, facts.classless.count > 0, !facts.bringsDefaultClass {
      findings.append(
        PreflightFinding(
          .warning,
          .storageClassMissing,
          "there is no default storage class, and \(ShortList.objects(facts.classless.count)) "
            + "\(facts.classless.count == 1 ? "asks" : "ask") for volumes without naming one",
          facts.classless,
          hint: "mark a storage class as the default one"
        )
      )
    }
    for (type, gaps) in known.gaps {
      var users = FirstFew<ObjectAddress>()
      for address in facts.references.keys.sorted() where address.type == type {
        let uses = facts.references[address] ?? [:]
        for effect in uses.keys.sorted() { users.append(uses[effect] ?? FirstFew()) }
      }
      if type == StorageClasses.type, users.count == 0 { users = facts.classless }
      let unknown = PreflightFinding.unknown(
        .warning,
        "which \(type) there are",
        gaps,
        users
      )
      if let unknown { findings.append(unknown) }
    }
    return findings
  }

  private static func finding(
    on address: ObjectAddress,
    _ uses: [PreflightFacts.Effect: FirstFew<ObjectAddress>]
  ) -> PreflightFinding {
    let worst = uses.keys.min() ?? .labelled
    var objects = FirstFew<ObjectAddress>()
    for effect in uses.keys.sorted() { objects.append(uses[effect] ?? FirstFew()) }
    let severity: PreflightFinding.Severity
    switch worst {
    case .refused: severity = .error
    case .stuck: severity = .warning
    case .labelled: severity = .note
    }
    let names = ShortList.objects(objects.count) + (objects.count == 1 ? " names it" : " name it")
    let kind: PreflightFinding.Kind
    let hint: String
    switch address.type {
    case StorageClasses.type:
      kind = .storageClassMissing
      hint = "create it, or map its name to one that the target has"
    case accounts:
      kind = .accountMissing
      hint = "restore it as well"
    default:
      kind = .classMissing
      hint = "create it, or restore it as well"
    }
    return PreflightFinding(
      severity,
      kind,
      "there is no \(words(address)), and \(names)",
      objects,
      hint: hint
    )
  }

  private static func words(_ address: ObjectAddress) -> String {
    let kind =
      switch address.type {
      case StorageClasses.type: "storage class"
      case "priorityclasses.scheduling.k8s.io": "priority class"
      case "runtimeclasses.node.k8s.io": "runtime class"
      case "ingressclasses.networking.k8s.io": "ingress class"
      case accounts: "service account"
      default: address.type
      }
    return "\(kind) '\(address.path)'"
  }
}
