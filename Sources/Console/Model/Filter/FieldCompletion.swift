// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Terminal
internal import Velero

/// What a field of the form could hold, found in what is known of the cluster.
struct FieldCompletion {
  /// The cluster's objects; nil before they are known.
  let inventory: InventorySnapshot?
  /// The cluster's labels.
  let labels: LabelWords
  /// The namespace of the server, for its ConfigMaps.
  let serverNamespace: String

  /// Completions of what is being typed, each the whole of it; those that begin with it first.
  func words(_ field: BackupField, typed: String, taken: [String]) -> [String] {
    let words: [String] =
      switch field {
      case .includedNamespaces, .excludedNamespaces: objects("namespaces", in: nil)
      case .includedResources, .excludedResources: types { _ in true }
      case .includedCluster, .excludedCluster: types { !$0.isNamespaced }
      case .includedNamespaced, .excludedNamespaced: types { $0.isNamespaced }
      case .selector: WordCompletion.selector(typed, labels)
      case .orSelectors: WordCompletion.alternatives(typed, labels)
      case .workloads: workloads(typed)
      case .releases: releases(typed)
      case .orderedResources: order(typed)
      case .resourcePolicy: objects("configmaps", in: serverNamespace)
      case .groupLabel: labels.keys
      case .name, .location, .timeToLive, .clusterResources, .labels, .templateLabels,
        .annotations, .snapshotVolumes, .snapshotMoveData, .fileSystemBackup, .snapshotLocations,
        .dataMover, .parallelFiles, .snapshotTimeout, .pluginTimeout, .hooks, .carried:
        []
      }
    return WordCompletion.ranked(words, typed, without: Set(taken))
  }

  private func types(_ isWanted: (APIResource) -> Bool) -> [String] {
    (inventory?.types ?? []).map(\.resource).filter(isWanted).map(\.groupResource).sorted()
  }

  private func objects(_ type: String, in namespace: String?) -> [String] {
    WordCompletion.names(of: type, in: namespace, inventory)
  }

  private static let workloadTypes = [
    "cronjobs.batch", "daemonsets.apps", "deployments.apps", "jobs.batch", "pods",
    "statefulsets.apps",
  ]

  /// `kind/namespace/name`, a part after the other.
  private func workloads(_ typed: String) -> [String] {
    let parts = typed.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    switch parts.count {
    case ...1: return Self.workloadTypes.map { "\($0)/" }
    case 2: return objects("namespaces", in: nil).map { "\(parts[0])/\($0)/" }
    default:
      return objects(parts[0], in: parts[1]).map { "\(parts[0])/\(parts[1])/\($0)" }
    }
  }

  /// `namespace/name` of Helm's records, which bear labels.
  private func releases(_ typed: String) -> [String] {
    guard let inventory, let place = inventory.place(of: "secrets") else { return [] }
    guard let slash = typed.firstIndex(of: "/") else {
      return objects("namespaces", in: nil).map { "\($0)/" }
    }
    let namespace = String(typed[..<slash])
    let names = inventory.rows(ofType: place, inNamespace: namespace)
      .filter { $0.label("owner") == "helm" }.compactMap { $0.label("name") }
    return Set(names).sorted().map { "\(namespace)/\($0)" }
  }

  private func order(_ typed: String) -> [String] {
    let start = typed.lastIndex(of: ";").map { typed.index(after: $0) } ?? typed.startIndex
    let lead = String(typed[..<start])
    return typed[start...].contains("=") ? [] : types { _ in true }.map { "\(lead)\($0)=" }
  }
}
