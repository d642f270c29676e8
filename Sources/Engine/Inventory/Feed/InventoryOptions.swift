// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// How an inventory is fed.
public struct InventoryOptions: Sendable {
  /// Lists read at the same time; each holds up to about 1 MiB.
  public var parallelLists = BackupOptions.processors
  /// Objects a page; what `kubectl` and Velero ask for.
  public var pageSize = 500
  /// The namespaces to look at where namespaces may not be listed; none for the configuration's own.
  public var namespaces: [String] = []
  /// Whether types that may not be listed as a whole are listed in `namespaces` only, also where there are more that may be listed.
  public var isLimitedToNamespaces = false
  /// Whether types are watched after their list; without that, rows are current as of their list for good.
  public var followsChanges = true
  /// The most watches at a time: where the server has HTTP/1.1 only, each takes a connection, of which the client makes 512.
  public var maximumWatches = 500
  /// How long watches wait at most until all lists are read, of which new connections would take time.
  ///
  /// They begin at their list's version in any case; servers keep the changes of some minutes.
  public var watchDelay: Duration = .seconds(10)
  /// The most namespaces that are tried one by one where the server cannot tell what is allowed in them.
  public var maximumTries = 20
  /// The waits after failures; tries are not counted, since an inventory never gives up.
  public var retry = RetryPolicy(base: .milliseconds(500), cap: .seconds(30))
  /// About how long what was forbidden is not asked for again.
  public var forbiddenDelay: Duration = .seconds(600)
  /// How long after a change of the served types they are found out again; changes come in groups.
  public var discoveryDelay: Duration = .seconds(1)
  /// What waits.
  public var clock: any Clock<Duration> = ContinuousClock()
  /// What tells the age of what is stale.
  public var wallClock = WallClock.system
  /// Where the jitter of waits starts from.
  public var randomSeed = UInt64.random(in: .min ... .max)

  /// The defaults.
  public init() {}
}
