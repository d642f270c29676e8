// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a role binding says: whom it is for, and which role it gives them.
struct AccessReading {
  static let roleBindings = "rolebindings.rbac.authorization.k8s.io"
  static let clusterRoleBindings = "clusterrolebindings.rbac.authorization.k8s.io"
  private static let roles = "roles.rbac.authorization.k8s.io"
  private static let clusterRoles = "clusterroles.rbac.authorization.k8s.io"
  private static let userPrefix = "system:serviceaccount:"
  private static let groupPrefix = "system:serviceaccounts:"

  private(set) var links: [ObjectLink] = []
  private(set) var backReferences: [BackReference] = []

  /// Reads a binding; the namespace is nil for one of the cluster.
  init(_ view: JSONView, namespace: String?) {
    view["subjects"]?.forEachElement { subject in
      if let account = Self.account(subject, namespace) { backReferences.append(account) }
    }
    guard let role = view["roleRef"], let name = role["name"]?.string, !name.isEmpty else { return }
    let isOfCluster = role["kind"]?.string == "ClusterRole"
    links = [
      ObjectLink(
        type: isOfCluster ? Self.clusterRoles : Self.roles,
        namespace: isOfCluster ? nil : namespace,
        name: name,
        relation: "role given by"
      )
    ]
  }

  /// Service accounts are also users, and members of their namespace's group.
  private static func account(_ subject: JSONView, _ namespace: String?) -> BackReference? {
    guard let name = subject["name"]?.string else { return nil }
    switch subject["kind"]?.string {
    case "ServiceAccount":
      guard let own = subject["namespace"]?.string ?? namespace else { return nil }
      return .account(namespace: own, name: name)
    case "User" where name.hasPrefix(userPrefix):
      let parts = name.dropFirst(userPrefix.count).split(separator: ":").map(String.init)
      return parts.count == 2 ? .account(namespace: parts[0], name: parts[1]) : nil
    case "Group" where name.hasPrefix(groupPrefix):
      return .account(namespace: String(name.dropFirst(groupPrefix.count)), name: nil)
    default: return nil
    }
  }
}
