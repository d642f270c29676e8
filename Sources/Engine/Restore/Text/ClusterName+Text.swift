// SPDX-License-Identifier: Apache-2.0

extension ClusterName {
  /// The cluster as summaries name what is restored into: `context 'lab' (https://10.0.0.1:6443)`.
  public var shown: String {
    let server = server.map { " (\($0))" } ?? ""
    if let context { return "context '\(context)'" + server }
    if let server = self.server { return "the cluster at \(server)" }
    return shownIdentity
  }

  /// The cluster as summaries name what a backup was made from, of which only the identity is known.
  public var shownIdentity: String {
    identity.map { "cluster \($0.uid)" } ?? "a cluster that its record does not name"
  }
}

/// From where to where a restore goes.
public struct RestoreRoute: Sendable, Hashable {
  /// The backup.
  public var backup: String
  /// Where it was made.
  public var source: ClusterName
  /// Where it is restored.
  public var target: ClusterName

  /// Names a way.
  public init(backup: String, source: ClusterName, target: ClusterName) {
    self.backup = backup
    self.source = source
    self.target = target
  }

  /// Whether both are known to be the same.
  public var isIntoSource: Bool { source.identity != nil && source.identity == target.identity }

  /// `from the backup 'b' of cluster … into context …`.
  public var text: String {
    let origin = isIntoSource ? "the same cluster" : source.shownIdentity
    return "from the backup '\(backup)' of \(origin) into \(target.shown)"
  }
}
