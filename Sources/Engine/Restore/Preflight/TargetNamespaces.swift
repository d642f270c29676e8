// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// The namespaces of the target that a restore goes into.
struct TargetNamespaces: Sendable {
  /// One that exists.
  struct Live: Sendable, Hashable {
    var name: String
    var labels: [String: String] = [:]
    var isTerminating = false
  }

  /// By name.
  private(set) var live: [String: Live] = [:]
  /// Of which it is not known whether they exist or what labels they have.
  private(set) var gaps: [PreflightGap] = []
  private let isUnknown: Bool
  private let unknown: Set<String>

  init(_ live: [Live], gaps: [PreflightGap] = []) {
    self.live = Dictionary(live.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    self.gaps = gaps
    isUnknown = gaps.contains { $0.namespace == nil }
    unknown = Set(gaps.compactMap(\.namespace))
  }

  /// Reads them all by one list, or one by one where that is refused.
  ///
  /// - Throws: `KubernetesError` `.cancelled`.
  static func read(_ reader: TargetReader, _ names: [String]) async throws -> TargetNamespaces {
    guard !names.isEmpty else { return TargetNamespaces([]) }
    let listing = try await reader.list("namespaces", in: nil, isMetadataOnly: true) { Live($0) }
    guard !listing.gaps.isEmpty else { return TargetNamespaces(listing.values) }
    let asked = Array(names.prefix(TargetReader.singleRequestLimit))
    let answers = try await asked.mapInParallel(limit: TargetReader.parallelRequests) { name in
      try await reader.get(ObjectAddress(type: "namespaces", name: name), isMetadataOnly: true)
    }
    var live: [Live] = []
    var gaps = TargetReader.unasked(names)
    for (name, answer) in zip(asked, answers) {
      switch answer {
      case .found(let object): live.append(Live(object, name: name))
      case .missing: break
      case .unknown(let reason): gaps.append(PreflightGap(namespace: name, reason: reason))
      }
    }
    return TargetNamespaces(live, gaps: gaps)
  }

  /// The labels that a namespace has or will have; nil where that is not known.
  func labels(of name: String, _ facts: PreflightFacts) -> [String: String]? {
    if let live = live[name] { return live.labels }
    if isUnknown || unknown.contains(name) { return nil }
    var labels = facts.namespaceLabels[name] ?? [:]
    // Servers give every namespace its name as a label, since 1.21.
    let key = "kubernetes.io/metadata.name"
    if live.values.contains(where: { $0.labels[key] != nil }) { labels[key] = name }
    return labels
  }

  func findings(_ facts: PreflightFacts) -> [PreflightFinding] {
    let leaving = live.values.filter { $0.isTerminating && facts.objects[$0.name] != nil }
      .map(\.name).sorted()
    var findings: [PreflightFinding] = []
    if let unknown = PreflightFinding.unknown(.note, "whether namespaces are being deleted", gaps) {
      findings.append(unknown)
    }
    guard !leaving.isEmpty else { return findings }
    var objects = FirstFew<ObjectAddress>()
    for name in leaving { objects.append(facts.objects[name] ?? FirstFew()) }
    findings.append(
      PreflightFinding(
        .warning,
        .namespaceTerminating,
        ShortList.namespaces(leaving) + (leaving.count == 1 ? " is" : " are") + " being deleted",
        objects,
        hint: "a restore waits until it is gone, within a limit; see what holds it, "
          + "or restore into another namespace"
      )
    )
    return findings
  }
}

extension TargetNamespaces.Live {
  init?(_ view: JSONView) {
    guard let metadata = view["metadata"], let name = metadata["name"]?.string else { return nil }
    self.init(
      name: name,
      labels: metadata["labels"]?.texts ?? [:],
      isTerminating: metadata["deletionTimestamp"]?.string != nil
    )
  }

  init(_ object: JSONValue, name: String) {
    self.init(
      name: name,
      labels: object[path: "metadata", "labels"]?.texts ?? [:],
      isTerminating: object[path: "metadata", "deletionTimestamp"]?.string != nil
    )
  }
}
