// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Synchronization

/// The configuration as it was read first, so that all of a command goes by the same.
final class RememberedConfiguration: Sendable {
  private let reading = Mutex<ConfigurationReading?>(nil)

  /// What was read; nil before that.
  var value: ConfigurationReading? { reading.withLock { $0 } }

  /// Keeps what was read.
  func keep(_ value: ConfigurationReading) { reading.withLock { $0 = value } }
}
