// SPDX-License-Identifier: Apache-2.0

/// How the restored workloads stand.
public struct ReadinessReport: Sendable, Hashable {
  /// Makes a report.
  public init() {}
}
