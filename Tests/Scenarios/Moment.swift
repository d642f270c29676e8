// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import Primitives
import Sandbox
import Synchronization
import TestSupport

/// A point in the life of a backup's run; decided by what the run does and never by the time.
enum Moment: Sendable, CustomStringConvertible {
  /// As soon as the process has been started.
  case started
  /// When the cluster has answered so many requests.
  case answered(Int)
  /// When the cluster has answered with so many bytes.
  case served(Int)
  /// When so many things have happened to the backup's files.
  case stored(Int)

  var description: String {
    switch self {
    case .started: "at the start"
    case .answered(let count): "after \(count) answers"
    case .served(let count): "after \(count) bytes"
    case .stored(let count): "after \(count) file events"
    }
  }

  /// A moment of a run on the demo cluster, which sends 73 requests, gets 790,000 bytes, and does 48 things to files.
  static func random(_ random: inout SplitMix64) -> Moment {
    switch Int.random(in: 0..<8, using: &random) {
    case 0: .started
    case 1, 2: .answered(.random(in: 1...73, using: &random))
    case 3: .served(.random(in: 1...790_000, using: &random))
    // Most of all where files become objects.
    default: .stored(.random(in: 1...48, using: &random))
    }
  }

  /// Runs `backup create NAME` and sends it a signal at the moment.
  func interrupt(_ name: String, with signal: Int32, in scene: Scene) async throws -> ProcessResult
  {
    try await interrupt(
      scene.binnacle("backup", "create", name),
      with: signal,
      in: scene,
      scene.cluster
    )
  }

  /// Runs a command that talks to a cluster, and sends it a signal at the moment.
  func interrupt(
    _ command: TestSupport.Command,
    with signal: Int32,
    in scene: Scene,
    _ cluster: SandboxCluster
  ) async throws -> ProcessResult {
    let root = scene.store.root
    try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    let events = try DirectoryEvents(root)
    let trigger = Trigger(self)
    cluster.onAnswer { trigger.answered($0.byteCount ?? 0) }
    let process = try command.start()
    trigger.arm(process, signal)
    if case .stored(let count) = self {
      await events.wait(for: count, in: process) { process.signal(signal) }
    }
    let result = await process.ended
    cluster.onAnswer(nil)
    return result
  }
}

/// Sends a signal to a process as soon as both the process is known and the moment has come.
private final class Trigger: Sendable {
  private struct State {
    var isDue = false
    var requests = 0
    var bytes = 0
    var target: (process: RunningProcess, signal: Int32)?
  }

  private let moment: Moment
  private let state = Mutex(State())

  init(_ moment: Moment) {
    self.moment = moment
    if case .started = moment { state.withLock { $0.isDue = true } }
  }

  func answered(_ byteCount: Int) {
    state.withLock { state in
      state.requests += 1
      state.bytes += byteCount
      switch moment {
      case .answered(let count): state.isDue = state.requests >= count
      case .served(let count): state.isDue = state.bytes >= count
      case .started, .stored: break
      }
    }
    fire()
  }

  func arm(_ process: RunningProcess, _ signal: Int32) {
    state.withLock { $0.target = (process, signal) }
    fire()
  }

  private func fire() {
    let target = state.withLock { state in
      guard state.isDue, let target = state.target else { return nil as (RunningProcess, Int32)? }
      state.target = nil
      return target
    }
    if let (process, signal) = target { process.signal(signal) }
  }
}
