// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Gives restored objects their owners back, with the uids that these have in the target.
///
/// Owners come later than what they own, by the order of the waves; so this is done when all objects are there.
struct OwnerRestorer: Sendable {
  /// An object with owners.
  struct Owned: Sendable {
    var item: OwnedItem
    var archived: JSONValue
  }

  /// Where an object with owners is.
  struct OwnedItem: Sendable {
    var reference: ObjectReference
    var subject: Issue.Subject
  }

  private static let parallelRequests = 8

  let writer: TargetWriter
  let discovery: Discovery

  /// Rewrites the owners of objects.
  ///
  /// - Parameter owned: The objects; of each only the references of what the archive has are kept.
  /// - Returns: What could not be done.
  /// - Throws: `CancellationError` when the restore is stopped.
  func restore(_ owned: [Owned]) async throws -> [Issue] {
    let types = TypeTable(discovery)
    let places = Set(
      owned.flatMap { object in
        OwnerReferences.owners(of: object.archived).map {
          Place(owner: $0, namespace: object.item.reference.namespace)
        }
      }
    )
    let uids = try await Array(places).mapInParallel(limit: Self.parallelRequests) { place in
      (place, try await uid(place, types))
    }
    let known = Dictionary(uids, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self)
    let issues = try await owned.mapInParallel(limit: Self.parallelRequests) { object in
      try await rewrite(object) {
        known[Place(owner: $0, namespace: object.item.reference.namespace)]
      }
    }
    return issues.flatMap(\.self)
  }

  private struct Place: Sendable, Hashable {
    var owner: OwnerReferences.Owner
    var namespace: String?
  }

  private func uid(_ place: Place, _ types: TypeTable) async throws -> String? {
    let owner = place.owner
    let kind: JSONValue = [
      "apiVersion": .string(owner.apiVersion), "kind": .string(owner.kind),
    ]
    guard let type = types.type(of: kind, resource: "") else { return nil }
    let reference = ObjectReference(
      type.groupVersionResource,
      namespace: type.isNamespaced ? place.namespace : nil,
      name: owner.name
    )
    do {
      return try await writer.live(reference)?[path: "metadata", "uid"]?.string
    } catch is KubernetesError {
      return nil
    }
  }

  private func rewrite(
    _ object: Owned,
    uid: (OwnerReferences.Owner) -> String?
  ) async throws -> [Issue] {
    let (references, missing) = OwnerReferences.rewritten(of: object.archived, uid: uid)
    var issues = missing.map { owner in
      Issue(
        .warning,
        "its owner \(owner.kind) '\(owner.name)' is not in the target, so that it has none",
        subject: object.item.subject,
        hint: "restore the owner too"
      )
    }
    guard !references.isEmpty else { return issues }
    do {
      let patch: JSONValue = ["metadata": ["ownerReferences": .array(references)]]
      try await writer.merge(patch, into: object.item.reference)
    } catch let error as KubernetesError {
      issues.append(
        Issue(
          .error,
          "its owners were not restored",
          subject: object.item.subject,
          cause: error.message,
          hint: error.hint
        )
      )
    }
    return issues
  }
}
