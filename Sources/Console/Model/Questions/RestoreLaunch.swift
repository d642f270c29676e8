// SPDX-License-Identifier: Apache-2.0

/// Operations that restore.
public enum RestoreLaunch: Sendable {
  /// Nothing.
  case nothing
}
