// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// What a run has to know of a cluster before it can choose: what is served, by whom, and which namespaces there are.
struct ClusterSurvey: Sendable {
  let version: ServerVersion
  let discovery: Discovery
  var namespaces: NamespaceReading
  let revisionPolicy: RevisionPolicy
  /// What the user should know about it.
  var issues: [Issue] { discovery.failures.map(Self.issue) + namespaces.issues }

  /// Asks the API server.
  ///
  /// The list of namespaces comes first of all lists: its revision is the run's. Where it may not be read, the namespaces of these
  /// names are.
  ///
  /// - Throws: `KubernetesError` when the cluster cannot be read at all.
  static func make(
    client: KubernetesClient,
    named: [String],
    pageSize: Int
  ) async throws -> ClusterSurvey {
    async let version = client.serverVersion()
    async let discovered = client.discover()
    let discovery = try await discovered
    async let aggregated = aggregatedGroups(client: client, discovery: discovery)
    let namespaces = try await NamespaceReading.read(
      with: client,
      named: named,
      pageSize: pageSize
    )
    let policy = RevisionPolicy(
      revision: namespaces.revision,
      aggregatedGroups: await aggregated
    )
    return ClusterSurvey(
      version: try await version,
      discovery: discovery,
      namespaces: namespaces,
      revisionPolicy: policy
    )
  }

  /// At which revision the run has read the cluster.
  func window(_ state: RunState) -> ConsistencyWindow {
    ConsistencyWindow(revision: revisionPolicy.revision, departures: state.departures)
  }

  private static func issue(_ failure: DiscoveryFailure) -> Issue {
    Issue(
      .warning,
      "the API group '\(failure.group)' could not be discovered; none of its objects are in the backup",
      subject: Issue.Subject(resource: failure.group),
      cause: failure.message,
      hint: "'kubectl get apiservices' shows which aggregated API server is down"
    )
  }

  /// The groups that other servers serve behind this one; nil when the user may not know.
  private static func aggregatedGroups(
    client: KubernetesClient,
    discovery: Discovery
  ) async -> Set<String>? {
    guard
      let type = discovery.preferred.first(where: {
        $0.group == "apiregistration.k8s.io" && $0.name == "apiservices"
      })
    else { return [] }
    let reader = JSONReader()
    var groups: Set<String> = []
    do {
      _ = try await client.list(ListOptions(resource: type.groupVersionResource)) { event in
        guard case .items(let chunk) = event else { return }
        try chunk.forEachItem { bytes in
          try reader.read(bytes) { view in
            guard let spec = view["spec"], spec["service"]?.isObject == true,
              let group = spec["group"]?.string
            else { return }
            groups.insert(group)
          }
        }
      }
      return groups
    } catch {
      return nil
    }
  }
}
