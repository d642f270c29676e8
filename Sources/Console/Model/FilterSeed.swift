// SPDX-License-Identifier: Apache-2.0

public import Engine

/// What a new filter begins with.
public enum FilterSeed: Sendable, Hashable {
  /// Whole namespaces.
  case namespaces([String])
  /// Single objects.
  case objects([ObjectAddress])
  /// All objects with labels: a selector, such as `app=web`.
  case labels(String)
}
