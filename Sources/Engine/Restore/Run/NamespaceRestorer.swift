// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// The namespaces that a plan restores objects into, as the target has them.
struct PlannedNamespaces: Sendable {
  /// Those that are not there.
  var missing: Set<String> = []
  /// Those that are being deleted.
  var terminating: Set<String> = []

  /// Those that are to be made; what a namespace that goes away has in it does not count.
  var new: Set<String> { missing.union(terminating) }

  /// Up to so many namespaces are asked about one by one rather than by a list of all.
  private static let fewNamespaces = 20
  /// How many of them are asked about or made at a time.
  static let parallelRequests = 8

  /// Looks at the target.
  ///
  /// - Throws: `KubernetesError`. Who may not look at a namespace finds it there.
  static func read(
    _ names: [String],
    client: KubernetesClient
  ) async throws -> PlannedNamespaces {
    let type = NamespaceRestorer.type
    let wanted = Set(names)
    if names.count > fewNamespaces {
      do {
        let entries = try await ObjectNames.list(type, namespace: nil, client) { _, name in
          wanted.contains(name)
        }
        return PlannedNamespaces(
          missing: wanted.subtracting(entries.map(\.name)),
          terminating: Set(entries.filter(\.isBeingDeleted).map(\.name))
        )
      } catch let error as KubernetesError where error.code == .forbidden {
        // One by one they may be seen.
      }
    }
    let found = try await names.mapInParallel(limit: parallelRequests) { name in
      do {
        let object = try await client.get(
          ObjectReference(type, name: name),
          isMetadataOnly: true
        )
        let deleted = object[path: "metadata", "deletionTimestamp"]?.string
        return deleted == nil ? Finding.there : .terminating
      } catch let error as KubernetesError where error.code == .notFound {
        return .missing
      } catch let error as KubernetesError where error.code == .forbidden {
        return .there
      }
    }
    var result = PlannedNamespaces()
    for (name, finding) in zip(names, found) {
      switch finding {
      case .there: break
      case .missing: result.missing.insert(name)
      case .terminating: result.terminating.insert(name)
      }
    }
    return result
  }

  private enum Finding: Sendable {
    case there, missing, terminating
  }
}

/// Makes the namespaces that objects are restored into.
///
/// Source: velero/05, section 3, "Namespaces".
struct NamespaceRestorer: Sendable {
  static let type = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
  private static let nameLabel = "kubernetes.io/metadata.name"

  /// What came of a namespace.
  enum Result: Sendable {
    case there
    case created
    case failed(RestoreFailure)
  }

  let writer: TargetWriter

  /// Makes a namespace unless it is there; one that is being deleted is waited for.
  ///
  /// - Parameters:
  ///   - name: Its name in the target.
  ///   - archived: The Namespace object that it is made of; nil makes a bare one.
  ///   - isTerminating: Whether it was being deleted when it was looked at.
  /// - Returns: What came of it.
  /// - Throws: `CancellationError` when the restore is stopped.
  func ensure(_ name: String, of archived: JSONValue?, isTerminating: Bool) async throws -> Result {
    let reference = ObjectReference(Self.type, name: name)
    let object = Self.object(name, of: archived)
    do {
      if isTerminating, let live = try await writer.live(reference),
        live[path: "metadata", "deletionTimestamp"]?.string != nil
      {
        let uid = live[path: "metadata", "uid"]?.string
        guard try await writer.waitUntilGone(reference, uid: uid) else {
          return .failed(stuck(name))
        }
      }
      let bytes = object.encoded()
      _ = try await writer.sendPatiently {
        try await writer.client.create(
          bytes,
          at: reference,
          options: WriteOptions(isRepeated: false)
        )
      }
      return .created
    } catch let error as KubernetesError where error.code == .alreadyExists {
      return try await isOwn(reference, object) ? .created : .there
    } catch let error as KubernetesError {
      var failure = RestoreFailure(error)
      if failure.cause == .other { failure.cause = .namespaceMissing }
      return .failed(failure)
    }
  }

  /// Whether a namespace that was missing a moment ago, and is there now, is the one that was to be made: a request was carried out
  /// whose answer got lost, be it that the connection was tried again below this client.
  ///
  /// One that somebody else makes in the same moment with the same labels and annotations is taken for it.
  private func isOwn(_ reference: ObjectReference, _ object: JSONValue) async throws -> Bool {
    let live: JSONValue?
    do {
      live = try await writer.live(reference)
    } catch is KubernetesError {
      return false
    }
    return live.map { Self.holds($0, all: object) } ?? false
  }

  private static func holds(_ live: JSONValue, all object: JSONValue) -> Bool {
    ["labels", "annotations"].allSatisfy { part in
      let present = live[path: "metadata", part]
      let wanted = object[path: "metadata", part]?.object?.members ?? []
      return wanted.allSatisfy { present?[$0.key] == $0.value }
    }
  }

  /// The namespace as it is created.
  static func object(_ name: String, of archived: JSONValue?) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name)]
    for part in ["labels", "annotations"] {
      metadata[part] = archived?[path: "metadata", part]
    }
    // Servers since 1.21 hold this label to the name.
    if metadata["labels"]?[Self.nameLabel] != nil {
      metadata.change(["labels"]) { $0[Self.nameLabel] = .string(name) }
    }
    var object: JSONValue = ["apiVersion": "v1", "kind": "Namespace", "metadata": metadata]
    object["spec"] = archived?["spec"]
    return object
  }

  private func stuck(_ name: String) -> RestoreFailure {
    RestoreFailure(
      .namespaceTerminating,
      "timed out waiting for terminating namespace '\(name)' to go: "
        + "\(writer.limits.terminating.components.seconds) seconds",
      hint:
        "'kubectl get namespace \(name) -o yaml' says what holds it; then 'binnacle restore retry'"
    )
  }
}
