// SPDX-License-Identifier: Apache-2.0

/// Keeps a client's threads alive: for the client itself and for every body that is still read.
final class EngineLease: Sendable {
  /// Requests that may share a connection.
  private let shared: TransferEngine
  /// Requests that have their connection to themselves: in one engine, curl would mix up whether a host multiplexes.
  private let own: TransferEngine

  init(options: HTTPClientOptions) {
    shared = TransferEngine(options: options)
    own = TransferEngine(options: options)
  }

  deinit {
    shared.stop()
    own.stop()
  }

  func engine(for plan: TransferPlan) -> TransferEngine { plan.usesOwnConnection ? own : shared }

  func shutdown() async {
    shared.stop()
    own.stop()
    await shared.waitForEnd()
    await own.waitForEnd()
  }
}
