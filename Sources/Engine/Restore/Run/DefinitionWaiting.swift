// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Waits until definitions of custom resources that were restored are served.
///
/// Source: velero/05, section 4, "CRDs".
struct DefinitionWaiting: Sendable {
  /// What a definition promises.
  struct Definition: Sendable, Hashable {
    /// Its name, `plural.group`.
    var name: String
    /// The versions that it serves, such as `example.org/v1`.
    var apiVersions: Set<String>

    init(_ object: JSONValue) {
      name = object[path: "metadata", "name"]?.string ?? ""
      let group = object[path: "spec", "group"]?.string ?? ""
      let versions = object[path: "spec", "versions"]?.array ?? []
      apiVersions = Set(
        versions.filter { $0["served"]?.bool != false }.compactMap { $0["name"]?.string }
          .map { "\(group)/\($0)" }
      )
      // Definitions of v1beta1 may name their only version beside the list.
      if apiVersions.isEmpty, let version = object[path: "spec", "version"]?.string {
        apiVersions = ["\(group)/\(version)"]
      }
    }
  }

  /// What came of the waiting for a definition.
  enum Outcome: Sendable {
    /// It is established, and promises this.
    case established(Definition)
    /// It is not, for this reason.
    case failed(RestoreFailure)
  }

  let writer: TargetWriter

  /// Waits until a definition is established and its names are accepted.
  ///
  /// - Parameter reference: The definition.
  /// - Returns: What the target's promises, which may be less than the archive's where that one was left as it is; or why it is not
  ///   established.
  /// - Throws: `CancellationError` when the restore is stopped.
  func established(_ reference: ObjectReference) async throws -> Outcome {
    var waited = Duration.zero
    while true {
      let live: JSONValue?
      do {
        live = try await writer.live(reference)
      } catch let error as KubernetesError {
        return .failed(RestoreFailure(error))
      }
      let conditions = live?[path: "status", "conditions"]?.array ?? []
      func holds(_ type: String) -> Bool {
        conditions.contains { $0["type"]?.string == type && $0["status"]?.string == "True" }
      }
      if let live, holds("Established"), holds("NamesAccepted") {
        return .established(Definition(live))
      }
      let refusal = conditions.first {
        $0["type"]?.string == "NamesAccepted" && $0["status"]?.string == "False"
      }
      guard waited < writer.limits.resource else {
        let reason = refusal?["message"]?.string.map { ": \($0)" } ?? ""
        return .failed(
          RestoreFailure(
            .definitionNotReady,
            "the CRD \(reference.name) is not available to use for custom resources\(reason)",
            hint: "'kubectl describe crd \(reference.name)' says what keeps it"
          )
        )
      }
      let pause = min(writer.limits.poll, waited == .zero ? .milliseconds(100) : writer.limits.poll)
      try await writer.waiting.sleep(pause)
      waited += pause
    }
  }

  /// Asks what the target serves until all that definitions promise is among it.
  ///
  /// - Parameter definitions: Those of the restore, as the target has them.
  /// - Returns: What the target serves; something may be missing from it when the limit is reached.
  /// - Throws: `KubernetesError`; `CancellationError` when the restore is stopped.
  func discovery(with definitions: [Definition]) async throws -> Discovery {
    var waited = Duration.zero
    while true {
      let discovery = try await writer.client.discover()
      let served = Dictionary(grouping: discovery.resources, by: \.groupResource)
        .mapValues { Set($0.map(\.apiVersion)) }
      let isComplete = definitions.allSatisfy {
        $0.apiVersions.isSubset(of: served[$0.name] ?? [])
      }
      guard !isComplete, waited < writer.limits.resource else { return discovery }
      try await writer.waiting.sleep(writer.limits.poll)
      waited += writer.limits.poll
    }
  }
}
