// SPDX-License-Identifier: Apache-2.0

/// What may be asked about locations and expiry.
public enum LifecycleQuestion: Sendable {
  /// Nothing.
  case nothing
}

/// What is answered about locations and expiry.
public enum LifecycleAnswer: Sendable {
  /// Nothing.
  case nothing
}
