// SPDX-License-Identifier: Apache-2.0

internal import Dispatch

/// Runs an actor's jobs one after the other on a dispatch queue of its own.
///
/// For actors that block (files, processes, big compression): Swift's cooperative pool has one thread a core,
/// and a blocked one is missing for everybody.
public final class QueueExecutor: SerialExecutor {
  private let queue: DispatchQueue

  /// Makes an executor with its own queue.
  ///
  /// - Parameter label: The queue's name, for debuggers.
  public init(label: String) { queue = DispatchQueue(label: label) }

  /// Puts a job at the end of the queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }
}
