// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a role allows.
struct DemoRule {
  let json: JSONValue

  /// Verbs on resources of API groups.
  init(_ groups: [String], _ resources: [String], _ verbs: [String]) {
    json = [
      "verbs": .strings(verbs), "apiGroups": .strings(groups), "resources": .strings(resources),
    ]
  }

  /// Verbs on paths that are no resources.
  init(paths: [String], _ verbs: [String]) {
    json = ["verbs": .strings(verbs), "nonResourceURLs": .strings(paths)]
  }

  static let everything = [DemoRule(["*"], ["*"], ["*"]), DemoRule(paths: ["*"], ["*"])]
  static let read = ["get", "list", "watch"]
  static let write = ["create", "delete", "patch", "update"]
}

/// Whom a binding is for.
struct DemoSubject {
  let json: JSONValue

  static func serviceAccount(_ namespace: String, _ name: String) -> DemoSubject {
    DemoSubject(
      json: [
        "kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace),
      ]
    )
  }

  static func group(_ name: String) -> DemoSubject { other("Group", name) }

  static func user(_ name: String) -> DemoSubject { other("User", name) }

  private static func other(_ kind: String, _ name: String) -> DemoSubject {
    DemoSubject(
      json: [
        "kind": .string(kind), "apiGroup": "rbac.authorization.k8s.io", "name": .string(name),
      ]
    )
  }
}

extension DemoScene {
  /// Adds a service account.
  @discardableResult
  mutating func addServiceAccount(_ metadata: DemoMetadata, pullSecret: String? = nil)
    -> DemoSubject
  {
    add(
      .serviceAccount,
      metadata,
      pullSecret.map { ["imagePullSecrets": [["name": .string($0)]]] } ?? [:]
    )
    return .serviceAccount(metadata.namespace ?? "default", metadata.name)
  }

  /// Adds a role and a binding of the same name in a namespace.
  mutating func addRole(_ metadata: DemoMetadata, _ rules: [DemoRule], for subjects: [DemoSubject])
  {
    add(.role, metadata, ["rules": .array(rules.map(\.json))])
    addRoleBinding(metadata, to: "Role", named: metadata.name, for: subjects)
  }

  /// Adds a binding in a namespace.
  mutating func addRoleBinding(
    _ metadata: DemoMetadata,
    to kind: String,
    named role: String,
    for subjects: [DemoSubject]
  ) {
    add(.roleBinding, metadata, binding(to: kind, named: role, for: subjects))
  }

  /// Adds a cluster role, and a binding of the same name when there are subjects.
  mutating func addClusterRole(
    _ metadata: DemoMetadata,
    _ rules: [DemoRule],
    for subjects: [DemoSubject] = []
  ) {
    add(.clusterRole, metadata, ["rules": .array(rules.map(\.json))])
    if !subjects.isEmpty {
      addClusterRoleBinding(metadata, to: metadata.name, for: subjects)
    }
  }

  /// Adds a cluster role binding.
  mutating func addClusterRoleBinding(
    _ metadata: DemoMetadata,
    to role: String,
    for subjects: [DemoSubject]
  ) {
    add(.clusterRoleBinding, metadata, binding(to: "ClusterRole", named: role, for: subjects))
  }

  private func binding(to kind: String, named role: String, for subjects: [DemoSubject])
    -> JSONValue
  {
    [
      "subjects": .array(subjects.map(\.json)),
      "roleRef": [
        "apiGroup": "rbac.authorization.k8s.io", "kind": .string(kind), "name": .string(role),
      ],
    ]
  }
}
