// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What is asked before a restore is retried, stopped or forgotten.
extension RestoreScreen {
  /// Whether what failed or was left can be restored now, and why not.
  func retryability(_ world: World) -> Availability {
    if running(world)?.isRunning ?? false { return .disabled("it is running") }
    guard facts.value != nil || track(world)?.outcome != nil else {
      return .disabled("what came of it is not known yet")
    }
    if let found = facts.value, found.record == nil {
      return .disabled("it was made by Velero, which does not say what is left")
    }
    if left(world) == 0 { return .disabled("nothing is left to do") }
    guard case .connected = world.cluster.phase else {
      return .disabled("the cluster does not answer")
    }
    if let target, let now = world.cluster.identity, target != now {
      return .disabled("it went into another cluster than this one")
    }
    return .enabled
  }

  /// The cluster that it went into, as far as that is known.
  private var target: ClusterIdentity? { facts.value?.outcome?.target.identity }

  func askForRetry(_ context: inout UpdateContext) {
    let world = context.world
    let retry = RestoreRetry(
      location: location,
      name: name,
      generation: world.cluster.generation,
      left: left(world),
      recreates: facts.value?.options?.recreates ?? false
    )
    context.confirm(retry.confirmation(world, tag: Self.retryTag))
  }

  /// Says what is done, what is not, and what becomes of both.
  func askForStop(_ context: inout UpdateContext) {
    guard let track = track(context.world) else { return }
    var lines: [ConfirmationLine] = []
    let progress = track.progress
    if track.stage == .readiness {
      lines = [
        ConfirmationLine("All objects are restored, and on record."),
        ConfirmationLine("Only the waiting for workloads ends; they go on in the cluster."),
      ]
    } else {
      let done =
        "\(HumanText.count(progress.done)) of \(HumanText.counted(progress.total, "object"))"
      lines.append(ConfirmationLine("done     \(done): \(progress.counts.text ?? "nothing yet")"))
      let pending = max(0, progress.total - progress.done)
      lines.append(
        ConfirmationLine("pending  \(HumanText.counted(pending, "object")), as they are", .warn)
      )
      lines += [
        ConfirmationLine("What is restored stays; requests under way come to their end."),
        ConfirmationLine("R restores later what is left.", .dim),
      ]
    }
    context.confirm(
      Confirmation(title: "Stop '\(name)'?", lines: lines, accept: "Stop", tag: Self.cancelTag)
    )
  }

  func askForDeletion(_ context: inout UpdateContext) {
    guard let record = facts.value?.record else { return }
    context.confirm(
      RestoreDeletion(records: [record], location: location, hiddenCount: 0)
        .question(context.world, tag: Self.deleteTag)
    )
  }
}
