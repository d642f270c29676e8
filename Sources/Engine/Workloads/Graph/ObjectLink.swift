// SPDX-License-Identifier: Apache-2.0

/// An object that another one names, and what it is to it.
struct ObjectLink: Sendable, Hashable {
  /// `plural.group` of its type.
  var type: String
  /// Its namespace; nil for cluster-scoped types.
  var namespace: String?
  /// Its name.
  var name: String
  /// What it is to the one that names it: `secret mounted by`.
  var relation: String
  /// Whether the one that names it does without it.
  var isOptional = false
}

/// What an object is attached to by its own fields: the reference goes the other way than that of a link.
enum BackReference: Sendable, Hashable {
  /// Pods with these labels, in these namespaces; nil for all of them.
  case pods(Matcher, namespaces: [String]?)
  /// Services with these labels, in these namespaces; nil for all of them.
  case services(Matcher, namespaces: [String]?)
  /// A workload in its namespace, whatever the version.
  case workload(kind: String, group: String, name: String)
  /// A service.
  case service(namespace: String, name: String)
  /// A service account; a nil name stands for all of its namespace.
  case account(namespace: String, name: String?)
}
