// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Says of single objects what a restore would do about them, and writes nothing.
struct ItemPreviewer: Sendable {
  let writer: TargetWriter
  let restorer: ItemRestorer
  /// Whether the server is asked, by dry runs, whether it would take the objects.
  let asksServer: Bool
  /// The namespaces that are still to be made; the server can be asked about nothing in them.
  let newNamespaces: Set<String>
  /// The names of all objects of the plan, which may be missing now only because they are still to be restored.
  let planned: Set<String>

  /// What is foreseen of an object.
  struct Forecast: Sendable {
    var verdict: RestoreVerdict
    /// Why the server could not say whether it would take the object; nil when it could, or was not asked.
    var doubt: String?
  }

  /// Foresees what would be done about an object.
  ///
  /// - Throws: `KubernetesError` when the target cannot be read any more; `CancellationError`.
  func forecast(
    _ item: DesiredObject,
    _ presence: TargetNames.Presence
  ) async throws -> Forecast {
    // Its definition comes with the restore.
    guard let reference = item.reference else { return Forecast(verdict: .create) }
    var live: JSONValue?
    if presence != .absent {
      do {
        live = try await writer.live(reference)
      } catch let error as KubernetesError where error.code == .forbidden {
        return Forecast(verdict: .fail(RestoreFailure(error)))
      }
    }
    // One that is being deleted is waited for.
    guard let live, live[path: "metadata", "deletionTimestamp"]?.string == nil else {
      return try await creation(item, reference)
    }
    return try await change(item, reference, live)
  }

  private func change(
    _ item: DesiredObject,
    _ reference: ObjectReference,
    _ live: JSONValue
  ) async throws -> Forecast {
    switch restorer.decide(item, live) {
    case .create: return try await creation(item, reference)
    case .skipIdentical: return Forecast(verdict: .skipIdentical)
    case .skipDifferent(let changes): return Forecast(verdict: .skipDifferent(changes))
    // The server could only say that there is one already.
    case .recreate(_, _, let changes): return Forecast(verdict: .recreate(changes))
    case .update(let patch, let changes):
      guard asksServer else { return Forecast(verdict: .update(changes)) }
      return try await asking(item, .update(changes)) {
        _ = try await writer.client.patch(
          reference,
          .merge(patch),
          options: WriteOptions(isDryRun: true)
        )
      }
    }
  }

  private func creation(
    _ item: DesiredObject,
    _ reference: ObjectReference
  ) async throws -> Forecast {
    let isNew = item.target.namespace.map(newNamespaces.contains) ?? false
    guard asksServer, !isNew else { return Forecast(verdict: .create) }
    let bytes = item.object.encoded()
    let options = WriteOptions(isDryRun: true, fieldManager: item.ownership.creator)
    return try await asking(item, .create) {
      _ = try await writer.client.create(bytes, at: reference, options: options)
    }
  }

  /// Asks the server; what it refuses would fail.
  private func asking(
    _ item: DesiredObject,
    _ verdict: RestoreVerdict,
    _ request: () async throws -> Void
  ) async throws -> Forecast {
    do {
      try await writer.sendPatiently(request)
      return Forecast(verdict: verdict)
    } catch let error as KubernetesError {
      if isPromised(error) { return Forecast(verdict: verdict) }
      switch error.code {
      case .alreadyExists, .conflict: return Forecast(verdict: verdict)
      case .badRequest where error.message.contains("dry run"):
        return Forecast(verdict: verdict, doubt: error.message)
      default: return Forecast(verdict: .fail(RestoreFailure(error)))
      }
    }
  }

  /// Whether the server misses only what the same restore brings along before.
  ///
  /// Such as the service account or priority class of a pod: servers name it between quotes, or plainly.
  private func isPromised(_ error: KubernetesError) -> Bool {
    guard [.notFound, .forbidden, .invalid].contains(error.code),
      error.message.contains("not found") || error.message.contains("was found")
    else { return false }
    let words = error.message.split { " \"'`,:".contains($0) }
    let pairs = zip(words, words.dropFirst())
    return pairs.contains { word, next in
      (next == "not" || next == "was") && planned.contains(String(word))
    }
  }
}
