// SPDX-License-Identifier: Apache-2.0

/// What may be asked about restores.
public enum RestoreQuestion: Sendable {
  /// Nothing.
  case nothing
}

/// What is answered about restores.
public enum RestoreAnswer: Sendable {
  /// Nothing.
  case nothing
}
