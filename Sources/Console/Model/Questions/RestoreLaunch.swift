// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Velero

/// Operations that restore.
public enum RestoreLaunch: Sendable {
  /// Restore what was planned into the cluster that it was planned for.
  ///
  /// - `generation`: The connection that the plan was made with; refused on any other.
  case run(RestoreRequest, location: String, generation: Int)
  /// Do what failed in a restore or was left.
  ///
  /// - `generation`: The connection to the cluster that the user saw; refused on any other.
  case retry(location: String, name: String, generation: Int)
  /// Delete the records of restores; refused for those that have changed since they were shown.
  case delete([Restore], location: String)
}
