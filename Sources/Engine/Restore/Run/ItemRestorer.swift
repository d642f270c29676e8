// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// What was done about one object.
struct ItemResult: Sendable {
  var verdict: RestoreVerdict
  var issues: [Issue] = []
  /// What it is in the target now; nil when nothing was created.
  var version: ObjectVersion?
}

/// Restores single objects; every way of doing it again leads to the same.
///
/// Source: velero/05, section 4.
struct ItemRestorer: Sendable {
  let writer: TargetWriter
  /// What is done about objects that exist.
  let policy: ExistingPolicy
  /// The objects that the user named one by one.
  let named: Set<Int>
  /// The types, `plural.group`, that the archive has definitions of.
  let customTypes: Set<String>
  /// The labels that tell objects of this restore.
  let labels: [String: String]

  /// Restores an object.
  ///
  /// - Parameters:
  ///   - item: The object.
  ///   - presence: What is known of the target.
  /// - Returns: What was done; a failure is a verdict.
  /// - Throws: `CancellationError` when the restore is stopped; what was done of it is not known then.
  func restore(_ item: DesiredObject, _ presence: TargetNames.Presence) async throws -> ItemResult {
    guard let reference = item.reference else {
      return ItemResult(verdict: .fail(Self.untyped(item)))
    }
    do {
      if presence == .absent { return try await create(item, reference) }
      if let live = try await seen(reference) { return try await settle(item, reference, live) }
      return try await create(item, reference)
    } catch let error as KubernetesError {
      return ItemResult(verdict: .fail(RestoreFailure(error)))
    }
  }

  /// An object of the target; one that may not be seen is taken for none, and creating it says more.
  private func seen(_ reference: ObjectReference) async throws -> JSONValue? {
    do {
      return try await writer.live(reference)
    } catch let error as KubernetesError where error.code == .forbidden {
      return nil
    }
  }

  /// An object whose definition came with the restore and is not served.
  private static func untyped(_ item: DesiredObject) -> RestoreFailure {
    RestoreFailure(
      .typeMissing,
      "the target does not serve '\(item.source.type)' in the version "
        + "'\(item.object["apiVersion"]?.string ?? "")'",
      hint: "look at the definition's status: 'kubectl describe crd \(item.source.type)'"
    )
  }

  // Creating.

  func create(_ item: DesiredObject, _ reference: ObjectReference) async throws
    -> ItemResult
  {
    let bytes = item.object.encoded()
    let options = WriteOptions(fieldManager: item.ownership.creator, isRepeated: false)
    var patience = writer.patience
    while true {
      do {
        let version = try await writer.send {
          try await writer.client.create(bytes, at: reference, options: options)
        }
        return try await finish(item, reference, version)
      } catch let error as KubernetesError {
        if let live = try await existing(reference, after: error) {
          // It was not there before: a request was carried out whose answer got lost, be it that the connection was tried again
          // below this client.
          if isOwn(live) { return try await finish(item, reference, live.version) }
          return try await settle(item, reference, live)
        }
        guard isWorthAnotherTry(error, item), try await patience.goesOn(after: error)
        else { throw error }
      }
    }
  }

  /// The object that stands in the way of a creation, if one does.
  ///
  /// Servers say so in more than one way: a service's port or address is taken by the service itself, quotas and admission come
  /// before names.
  private func existing(
    _ reference: ObjectReference,
    after error: KubernetesError
  ) async throws -> JSONValue? {
    switch error.code {
    case .alreadyExists: return try await writer.live(reference)
    case .invalid, .forbidden:
      do {
        return try await writer.live(reference)
      } catch is KubernetesError {
        return nil
      }
    default: return nil
    }
  }

  private func isWorthAnotherTry(_ error: KubernetesError, _ item: DesiredObject) -> Bool {
    if error.isTransient { return true }
    switch error.code {
    // It has gone meanwhile.
    case .alreadyExists: return true
    // Such as a quota that many objects count against at a time.
    case .conflict: return true
    // A custom resource's definition is served by one server of several a little later.
    case .notFound: return customTypes.contains(item.source.type)
    default: return false
    }
  }

  private func isOwn(_ live: JSONValue) -> Bool {
    let present = live[path: "metadata", "labels"]
    return labels.allSatisfy { present?[$0.key]?.string == $0.value }
  }

  /// What follows a creation.
  private func finish(
    _ item: DesiredObject,
    _ reference: ObjectReference,
    _ version: ObjectVersion
  ) async throws -> ItemResult {
    var result = ItemResult(verdict: .create, version: version)
    if let status = item.status {
      try await restore(status, of: item, reference, version, &result)
    }
    if case .several(let managers) = item.ownership {
      try await restore(managers, of: item, reference, &result)
    }
    return result
  }

  private func restore(
    _ status: JSONValue,
    of item: DesiredObject,
    _ reference: ObjectReference,
    _ version: ObjectVersion,
    _ result: inout ItemResult
  ) async throws {
    var part = reference
    part.subresource = "status"
    var object = item.object
    object["status"] = status
    object.change(["metadata"]) { $0["resourceVersion"] = .string(version.resourceVersion) }
    var patience = writer.patience
    while true {
      do {
        _ = try await writer.send { [object] in
          try await writer.client.replace(
            part,
            with: object,
            options: WriteOptions(isRepeated: false)
          )
        }
        return
      } catch let error as KubernetesError {
        if error.code == .conflict || error.isTransient, try await patience.goesOn(after: error),
          let live = try await writer.live(reference)
        {
          object.change(["metadata"]) {
            $0["resourceVersion"] = live[path: "metadata", "resourceVersion"]
          }
          continue
        }
        result.issues.append(
          issue(.warning, "its status was not restored", item, error)
        )
        return
      }
    }
  }

  private func restore(
    _ managers: JSONValue,
    of item: DesiredObject,
    _ reference: ObjectReference,
    _ result: inout ItemResult
  ) async throws {
    do {
      try await writer.merge(["metadata": ["managedFields": managers]], into: reference)
    } catch let error as KubernetesError {
      let severity: Issue.Severity = error.code == .notFound ? .warning : .error
      result.issues.append(
        issue(severity, "the owners of its fields were not restored", item, error)
      )
    }
  }

  func issue(
    _ severity: Issue.Severity,
    _ message: String,
    _ item: DesiredObject,
    _ error: KubernetesError
  ) -> Issue {
    Issue(severity, message, subject: item.subject, cause: error.message, hint: error.hint)
  }
}

extension DesiredObject {
  /// The object as issues name it.
  var subject: Issue.Subject {
    Issue.Subject(resource: target.type, namespace: target.namespace, name: target.name)
  }
}

extension RestoreFailure {
  /// What a server's refusal comes to.
  init(_ error: KubernetesError) {
    let cause = FailureCause(error)
    self.init(cause, error.message, hint: cause.hint ?? error.hint)
  }
}

extension JSONValue {
  /// Which object of its name it is.
  fileprivate var version: ObjectVersion {
    ObjectVersion(
      uid: self[path: "metadata", "uid"]?.string ?? "",
      resourceVersion: self[path: "metadata", "resourceVersion"]?.string ?? ""
    )
  }
}
