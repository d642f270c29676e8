// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What objects say that select pods, name services, or scale workloads.
struct NetworkReading {
  private(set) var links: [ObjectLink] = []
  private(set) var backReferences: [BackReference] = []
  private let address: ObjectAddress
  private let apiVersion: String

  init(_ view: JSONView, _ spec: JSONView, _ address: ObjectAddress, apiVersion: String) {
    self.address = address
    self.apiVersion = apiVersion
    switch Cohabitation.canonical(address.type) {
    case "services": addService(spec)
    case "poddisruptionbudgets.policy": addBudget(spec)
    case "networkpolicies.networking.k8s.io": add(pods: Matcher(spec["podSelector"]))
    case "podmonitors.monitoring.coreos.com":
      add(pods: Matcher(spec["selector"]), in: monitoredNamespaces(spec))
    case "servicemonitors.monitoring.coreos.com":
      guard let matcher = Matcher(spec["selector"]) else { return }
      backReferences.append(.services(matcher, namespaces: monitoredNamespaces(spec)))
    case "horizontalpodautoscalers.autoscaling": addTarget(spec["scaleTargetRef"])
    case "scaledobjects.keda.sh":
      addTarget(spec["scaleTargetRef"], kind: "Deployment", apiVersion: "apps/v1")
    case "verticalpodautoscalers.autoscaling.k8s.io": addTarget(spec["targetRef"])
    case "ingresses.networking.k8s.io", "ingresses.extensions": addIngress(view, spec)
    case let type where Self.isRoute(type): addRoute(spec)
    default: break
    }
  }

  /// Whether a type is one of the routes of the Gateway API.
  static func isRoute(_ type: String) -> Bool { type.hasSuffix("routes.gateway.networking.k8s.io") }

  private mutating func add(pods matcher: Matcher?) { add(pods: matcher, in: ownNamespace) }

  private mutating func add(pods matcher: Matcher?, in namespaces: [String]?) {
    if let matcher { backReferences.append(.pods(matcher, namespaces: namespaces)) }
  }

  private var ownNamespace: [String] { address.namespace.map { [$0] } ?? [] }

  /// A service without a selector has its endpoints from elsewhere.
  private mutating func addService(_ spec: JSONView) {
    let labels = spec["selector"]?.texts ?? [:]
    if !labels.isEmpty { add(pods: Matcher(labels: labels)) }
  }

  // An empty selector is for all pods, and was for none in `v1beta1`. Source: Kubernetes API reference.
  private mutating func addBudget(_ spec: JSONView) {
    let matcher = Matcher(spec["selector"])
    if matcher?.isEmpty == true, apiVersion == "policy/v1beta1" { return }
    add(pods: matcher)
  }

  /// The namespaces that a monitor looks at: its own when it names none.
  private func monitoredNamespaces(_ spec: JSONView) -> [String]? {
    let selector = spec["namespaceSelector"]
    if selector?["any"]?.bool == true { return nil }
    guard let names = selector?["matchNames"], names.count > 0 else { return ownNamespace }
    var namespaces: [String] = []
    names.forEachElement { if let name = $0.string { namespaces.append(name) } }
    return namespaces
  }

  private mutating func addTarget(
    _ reference: JSONView?,
    kind: String = "",
    apiVersion: String = ""
  ) {
    guard let name = reference?["name"]?.string else { return }
    let version = reference?["apiVersion"]?.string ?? apiVersion
    backReferences.append(
      .workload(
        kind: reference?["kind"]?.string ?? kind,
        group: GroupName.of(apiVersion: version),
        name: name
      )
    )
  }

  /// Both shapes: `networking.k8s.io/v1`, and the `v1beta1` before it.
  private mutating func addIngress(_ view: JSONView, _ spec: JSONView) {
    addBackend(spec["defaultBackend"])
    addBackend(spec["backend"])
    spec["rules"]?.forEachElement { rule in
      rule["http"]?["paths"]?.forEachElement { addBackend($0["backend"]) }
    }
    spec["tls"]?.forEachElement { entry in
      if let secret = entry["secretName"]?.string, !secret.isEmpty {
        links.append(
          ObjectLink(
            type: "secrets",
            namespace: address.namespace,
            name: secret,
            relation: "TLS secret of"
          )
        )
      }
    }
    let annotations = view["metadata"]?["annotations"]
    let isNamed = spec["ingressClassName"]?.string?.isEmpty == false
    let name =
      isNamed
      ? spec["ingressClassName"]?.string : annotations?["kubernetes.io/ingress.class"]?.string
    guard let name, !name.isEmpty else { return }
    // The annotation is older than the type, and names no object as a rule.
    links.append(
      ObjectLink(
        type: "ingressclasses.networking.k8s.io",
        name: name,
        relation: "class of",
        isOptional: !isNamed
      )
    )
  }

  private mutating func addBackend(_ backend: JSONView?) {
    let name = backend?["service"]?["name"]?.string ?? backend?["serviceName"]?.string
    if let name, let namespace = address.namespace {
      backReferences.append(.service(namespace: namespace, name: name))
    }
  }

  private mutating func addRoute(_ spec: JSONView) {
    spec["rules"]?.forEachElement { rule in
      rule["backendRefs"]?.forEachElement { backend in
        guard let name = backend["name"]?.string,
          (backend["kind"]?.string ?? "Service") == "Service",
          (backend["group"]?.string ?? "").isEmpty,
          let namespace = backend["namespace"]?.string ?? address.namespace
        else { return }
        backReferences.append(.service(namespace: namespace, name: name))
      }
    }
  }
}

/// The group in `apiVersion`.
enum GroupName {
  /// `apps` of `apps/v1`, and the empty name of `v1`.
  static func of(apiVersion: String) -> String {
    let parts = apiVersion.split(separator: "/", maxSplits: 1)
    return parts.count == 2 ? String(parts[0]) : ""
  }
}
