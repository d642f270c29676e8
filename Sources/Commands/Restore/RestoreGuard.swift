// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// Keeps restores from doing harm where nobody meant them to.
struct RestoreGuard {
  /// What is to be restored.
  let request: RestoreRequest
  /// The backup.
  let backup: Backup
  /// The command.
  let context: CommandContext
  /// Previews what is to be restored.
  let run: RestoreRun

  private var source: ClusterIdentity? { ClusterIdentity(annotations: backup.annotations) }

  /// Checks, before anything is asked of a cluster, that somebody can be asked where it will be needed.
  ///
  /// - Throws: `UsageError` when objects are to be deleted, nobody can be asked and `--confirm` is not given.
  static func checkIsPossible(_ options: RestoreOptions, _ context: CommandContext)
    throws(UsageError)
  {
    if options.recreates { try Confirmation.checkIsPossible(context) }
  }

  /// Whether the restore may go on.
  ///
  /// - Parameter client: The target.
  /// - Returns: False when somebody was asked and did not say yes.
  /// - Throws: `CommandFailure` when `--to-context` names the backup's own cluster; what the preview throws.
  func isPassed(_ client: KubernetesClient) async throws -> Bool {
    let target = try await ClusterIdentity.read(with: client)
    try await checkContext(target)
    guard context[Confirmation.confirm] != true, needsQuestion(into: target) else { return true }
    let preview = try await run.preview(request, client)
    let counts = preview.counts
    guard counts[.recreate] + counts[.update] > 0 else { return true }
    let route = RestoreRoute(
      backup: backup.name,
      source: preview.source,
      target: preview.target
    )
    var parts: [String] = []
    if counts[.recreate] > 0 {
      parts.append("delete and create anew \(HumanText.counted(counts[.recreate], "object"))")
    }
    if counts[.update] > 0 {
      parts.append("change \(HumanText.counted(counts[.update], "object"))")
    }
    if counts[.create] > 0 {
      parts.append("create \(HumanText.counted(counts[.create], "object"))")
    }
    let question = "Restore \(route.text)? This would \(parts.joined(separator: ", "))."
    return try await Confirmation.isGiven(question, context)
  }

  /// Whether somebody has to say yes: where objects would be deleted, and where those of the backup's own cluster would be
  /// changed and a person sits there.
  private func needsQuestion(into target: ClusterIdentity?) -> Bool {
    if request.options.recreates { return true }
    let spec = request.restore.spec
    return spec.existingResourcePolicy == "update" && spec.namespaceMapping.isEmpty
      && source != nil && source == target && context.invocation.input.isTerminal
  }

  private func checkContext(_ target: ClusterIdentity?) async throws {
    guard let name = context[RestoreCreateFlags.toContext],
      context[RestoreCreateFlags.allowSameCluster] != true
    else { return }
    guard let source, let target else {
      let unknown = source == nil ? "the backup '\(backup.name)'" : "the context '\(name)'"
      return try await context.warn(
        "it cannot be told whether '\(name)' is the cluster that the backup was made from: "
          + "\(unknown) does not say which cluster it is of"
      )
    }
    guard source == target else { return }
    throw CommandFailure(
      exitCode: .usage,
      code: "sameCluster",
      message:
        "the context '\(name)' is the very cluster that the backup '\(backup.name)' was made from",
      hint: "name another context, or add --allow-same-cluster if that is meant"
    )
  }
}
