// SPDX-License-Identifier: Apache-2.0

/// Operations on what is stored: deletion, expiry, validation, verification.
public enum LifecycleLaunch: Sendable {
  /// Nothing.
  case nothing
}
