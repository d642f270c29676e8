// SPDX-License-Identifier: Apache-2.0

/// What may be asked about what is in stores.
public enum BackupQuestion: Sendable {
  /// Nothing.
  case nothing
}

/// What is answered about what is in stores.
public enum BackupAnswer: Sendable {
  /// Nothing.
  case nothing
}
