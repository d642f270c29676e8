// SPDX-License-Identifier: Apache-2.0

/// What may be asked about filters and previews.
public enum FilterQuestion: Sendable {
  /// Nothing.
  case nothing
}

/// What is answered about filters and previews.
public enum FilterAnswer: Sendable {
  /// Nothing.
  case nothing
}
