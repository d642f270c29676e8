// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Synchronization

/// The waits between tries, with jitter.
final class Pauses: Sendable {
  private let options: InventoryOptions
  private let random: Mutex<SplitMix64>

  init(_ options: InventoryOptions) {
    self.options = options
    random = Mutex(SplitMix64(state: options.randomSeed))
  }

  /// Waits after failures in a row, at least as long as the server asked for.
  func wait(after failures: Int, _ error: KubernetesError? = nil) async {
    var delay = random.withLock { options.retry.delay(attempt: max(1, failures), using: &$0) }
    if let seconds = error?.retryAfterSeconds, seconds > 0 { delay += .seconds(seconds) }
    await sleep(delay)
  }

  /// Waits until what was forbidden may be asked for again: the option's time, half to one and a half.
  func waitLong() async {
    let part = random.withLock { Double.random(in: 0.5..<1.5, using: &$0) }
    await sleep(options.forbiddenDelay * part)
  }

  /// Returns early when the task is cancelled.
  func sleep(_ duration: Duration) async { try? await options.clock.sleep(for: duration) }

  /// Returns when the task is cancelled.
  func sleepUntilCancelled() async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    for await _ in stream {}
    continuation.finish()
  }
}
