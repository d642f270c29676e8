// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// How restored workloads are followed.
public struct ReadinessOptions: Sendable {
  /// Whether to end early when all that are not ready are stuck, and have been for the patience.
  public var endsWhenStuck = false
  /// How long workloads have to be stuck for it to count: claims are bound and images pulled at a second try as a rule.
  public var patience: Duration = .seconds(30)
  /// The shortest time between two reports.
  public var reportInterval: Duration = .milliseconds(200)
  /// Up to how many namespaces are looked at one by one; more are looked at together with all others of the cluster, where allowed.
  public var fewNamespaces = 3
  /// The most watches at a time, where types may not be watched as a whole; the rest is listed again and again.
  public var maximumWatches = 200
  /// The time between two lists of what is not watched.
  public var pollInterval: Duration = .seconds(10)
  /// Lists read at the same time.
  public var parallelLists = BackupOptions.processors
  /// Objects a page.
  public var pageSize = 500
  /// The waits after failures; tries are not counted, since the time limit ends them.
  public var retry = RetryPolicy(base: .milliseconds(500), cap: .seconds(10))
  /// Where the jitter of waits starts from.
  public var randomSeed = UInt64.random(in: .min ... .max)

  /// The defaults.
  public init() {}
}
