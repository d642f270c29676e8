// SPDX-License-Identifier: Apache-2.0

public import Engine

/// What a new filter starts from.
public enum FilterSeed: Sendable, Hashable {
  /// These namespaces with all that is in them.
  case namespaces([String])
  /// These objects.
  case objects([ObjectAddress])
  /// All objects of a type, `plural.group`.
  case type(String, isOfCluster: Bool)
  /// What a label selector matches, such as `app=web,tier in (front,back)`.
  case labels(String)
}
