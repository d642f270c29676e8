// SPDX-License-Identifier: Apache-2.0

/// What may be asked about the objects of the cluster.
public enum ExplorerQuestion: Sendable {
  /// Nothing.
  case nothing
}

/// What is answered about the objects of the cluster.
public enum ExplorerAnswer: Sendable {
  /// Nothing.
  case nothing
}
