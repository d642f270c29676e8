// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Objects that exist.
extension ItemRestorer {
  func settle(
    _ item: DesiredObject,
    _ reference: ObjectReference,
    _ live: JSONValue
  ) async throws -> ItemResult {
    var live = live
    var patience = writer.patience
    while true {
      if live[path: "metadata", "deletionTimestamp"]?.string != nil {
        return try await createAfter(live, item, reference)
      }
      do {
        return try await carryOut(decide(item, live), item, reference, live)
      } catch let error as KubernetesError
        where error.code == .conflict || error.isTransient
      {
        guard try await patience.goesOn(after: error) else { throw error }
        guard let now = try await writer.live(reference) else {
          return try await create(item, reference)
        }
        live = now
      }
    }
  }

  /// What is to be done about an object that the target has.
  func decide(_ item: DesiredObject, _ live: JSONValue) -> ItemAction {
    ExistingObject.action(
      desired: item.object,
      archived: item.archived,
      live: live,
      resource: item.target.type,
      policy: policy,
      isNamed: named.contains(item.number)
    )
  }

  private func carryOut(
    _ action: ItemAction,
    _ item: DesiredObject,
    _ reference: ObjectReference,
    _ live: JSONValue
  ) async throws -> ItemResult {
    switch action {
    case .create: return try await create(item, reference)
    case .skipIdentical(let labels):
      var result = ItemResult(verdict: .skipIdentical)
      if let labels { try await patch(labels, item, reference, &result) }
      return result
    case .skipDifferent(let changes):
      return ItemResult(
        verdict: .skipDifferent(changes),
        issues: [Self.difference(item)]
      )
    case .update(let patch, let changes):
      _ = try await writer.send {
        try await writer.client.patch(
          reference,
          .merge(patch),
          options: WriteOptions(isRepeated: false)
        )
      }
      return ItemResult(verdict: .update(changes))
    case .recreate(let uid, let resourceVersion, let changes):
      try await delete(reference, uid: uid, resourceVersion: resourceVersion)
      var result = try await createAfter(live, item, reference)
      if case .create = result.verdict { result.verdict = .recreate(changes) }
      return result
    }
  }

  private func delete(
    _ reference: ObjectReference,
    uid: String,
    resourceVersion: String
  ) async throws {
    do {
      _ = try await writer.send {
        try await writer.client.delete(
          reference,
          options: DeleteOptions(
            uid: uid,
            resourceVersion: resourceVersion,
            propagation: .background
          )
        )
      }
    } catch let error as KubernetesError where error.code == .notFound {
      return
    }
  }

  private func createAfter(
    _ live: JSONValue,
    _ item: DesiredObject,
    _ reference: ObjectReference
  ) async throws -> ItemResult {
    let uid = live[path: "metadata", "uid"]?.string
    if try await writer.waitUntilGone(reference, uid: uid) {
      return try await create(item, reference)
    }
    return ItemResult(
      verdict: .fail(
        RestoreFailure(
          .beingDeleted,
          "it is being deleted and has not gone within "
            + "\(writer.limits.terminating.components.seconds) seconds",
          hint: "look at its finalizers: \(Self.finalizers(of: live))"
        )
      )
    )
  }

  static func finalizers(of live: JSONValue) -> String {
    let names = (live[path: "metadata", "finalizers"]?.array ?? []).compactMap(\.string)
    return names.isEmpty ? "none" : names.joined(separator: ", ")
  }

  private func patch(
    _ labels: JSONValue,
    _ item: DesiredObject,
    _ reference: ObjectReference,
    _ result: inout ItemResult
  ) async throws {
    do {
      try await writer.merge(labels, into: reference)
    } catch let error as KubernetesError {
      result.issues.append(
        issue(.warning, "it did not get the labels of the restore", item, error)
      )
    }
  }

  /// The warning of Velero, in its words, so that whoever looks for them finds them.
  private static func difference(_ item: DesiredObject) -> Issue {
    Issue(
      .warning,
      "could not restore, \(item.object["kind"]?.string ?? ""):\(item.target.name) already exists. "
        + "Warning: the in-cluster version is different than the backed-up version",
      subject: item.subject,
      hint: "--existing-resource-policy update changes it into what the backup has"
    )
  }
}
