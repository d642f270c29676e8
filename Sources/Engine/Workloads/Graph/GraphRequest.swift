// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// What a graph has to know next.
enum GraphRequest: Sendable, Hashable {
  /// The metadata of all objects of a namespace.
  case namespace(String)
  /// The metadata of all cluster-scoped objects.
  case cluster
  /// Whole objects of a type: those of a namespace, or all.
  case list(type: String, namespace: String?)
  /// Whole objects by their names.
  case objects(type: String, namespace: String?, names: [String])

  /// The same requests with the names of a type and namespace in one, in an order that does not depend on chance.
  static func merged(_ requests: [GraphRequest]) -> [GraphRequest] {
    var names: [ObjectAddress: Set<String>] = [:]
    var others: Set<GraphRequest> = []
    for request in requests {
      if case .objects(let type, let namespace, let own) = request {
        names[ObjectAddress(type: type, namespace: namespace, name: ""), default: []]
          .formUnion(own)
      } else {
        others.insert(request)
      }
    }
    let merged = names.map { place, names in
      GraphRequest.objects(type: place.type, namespace: place.namespace, names: names.sorted())
    }
    return (others + merged).sorted { $0.order < $1.order }
  }

  private var order: String {
    switch self {
    case .namespace(let name): "1 \(name)"
    case .cluster: "2"
    case .list(let type, let namespace): "3 \(type) \(namespace ?? "")"
    case .objects(let type, let namespace, _): "4 \(type) \(namespace ?? "")"
    }
  }
}

/// What is attached to objects: the lists in which it is looked for.
enum Attached {
  /// A type whose objects attach themselves to others.
  struct Kind: Sendable, Hashable {
    /// `plural.group`.
    let type: String
    /// What its objects are to those that they are attached to.
    let relation: String
    /// Whether those of other namespaces count.
    var isOfAllNamespaces = false
  }

  /// What selects pods by their labels.
  static let toPods = [
    Kind(type: "services", relation: "service that selects"),
    Kind(type: "poddisruptionbudgets.policy", relation: "disruption budget for"),
    Kind(type: "networkpolicies.networking.k8s.io", relation: "network policy for"),
    Kind(
      type: "podmonitors.monitoring.coreos.com",
      relation: "monitor of",
      isOfAllNamespaces: true
    ),
  ]
  /// What names a workload.
  static let toWorkloads = [
    Kind(type: "horizontalpodautoscalers.autoscaling", relation: "autoscaler of"),
    Kind(type: "verticalpodautoscalers.autoscaling.k8s.io", relation: "vertical autoscaler of"),
    Kind(type: "scaledobjects.keda.sh", relation: "autoscaler of"),
  ]
  /// What names a service account; bindings of the cluster among them.
  static let toAccounts = [
    Kind(type: AccessReading.roleBindings, relation: "binding of", isOfAllNamespaces: true),
    Kind(type: AccessReading.clusterRoleBindings, relation: "binding of", isOfAllNamespaces: true),
  ]
  private static let toServices = [
    Kind(type: "ingresses.networking.k8s.io", relation: "ingress that names"),
    Kind(type: "ingresses.extensions", relation: "ingress that names"),
    Kind(
      type: "servicemonitors.monitoring.coreos.com",
      relation: "monitor of",
      isOfAllNamespaces: true
    ),
  ]

  /// What names services, of the types that a cluster serves; of the two kinds of ingress only one.
  static func toServices(_ types: TypeIndex) -> [Kind] {
    let hasIngresses = types.type(toServices[0].type) != nil
    return toServices.filter { !(hasIngresses && $0.type == "ingresses.extensions") }
      + types.all.map(\.groupResource).filter(NetworkReading.isRoute).map {
        Kind(type: $0, relation: "route that names", isOfAllNamespaces: true)
      }
  }
}
