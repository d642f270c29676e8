// SPDX-License-Identifier: Apache-2.0

public import Velero

/// Which objects of a cluster a coverage is about.
public struct CoverageScope: Sendable, Hashable {
  /// Names and patterns of namespaces; empty for all.
  public var namespaces: [String]
  /// Which labels namespaces and workloads have to have; nil for any.
  public var selector: LabelSelector?

  /// Makes a scope; the default is the whole cluster.
  public init(namespaces: [String] = [], selector: LabelSelector? = nil) {
    self.namespaces = namespaces
    self.selector = selector
  }

  /// Whether all entries are names and no patterns, and there are some.
  var isLiteral: Bool {
    !namespaces.isEmpty && !namespaces.contains(where: NamePattern.isPattern)
  }
}
