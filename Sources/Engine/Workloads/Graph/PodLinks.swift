// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a pod, or the template of one, needs in its namespace and of the cluster.
///
/// Source: Kubernetes API reference, PodSpec.
struct PodLinks {
  /// Kept by a controller in every namespace, so that it is everywhere already.
  private static let rootCertificates = "kube-root-ca.crt"

  private(set) var links: [ObjectLink] = []
  private let namespace: String

  /// Reads a pod's `spec`.
  ///
  /// - Parameters:
  ///   - spec: The spec.
  ///   - namespace: The pod's namespace.
  ///   - pod: The pod's name; nil for a template, whose volumes have no claims of their own.
  init(_ spec: JSONView, namespace: String, pod: String?) {
    self.namespace = namespace
    spec["volumes"]?.forEachElement { addVolume($0, pod: pod) }
    for list in [spec["initContainers"], spec["containers"], spec["ephemeralContainers"]] {
      list?.forEachElement { addEnvironment($0) }
    }
    spec["imagePullSecrets"]?.forEachElement {
      add("secrets", $0["name"], "image pull secret of", isOptional: true)
    }
    let account = spec["serviceAccountName"]?.string ?? spec["serviceAccount"]?.string ?? ""
    add("serviceaccounts", account.isEmpty ? "default" : account, "service account of")
    addClass("priorityclasses.scheduling.k8s.io", spec["priorityClassName"], "priority class of")
    addClass("runtimeclasses.node.k8s.io", spec["runtimeClassName"], "runtime class of")
    spec["resourceClaims"]?.forEachElement { claim in
      add("resourceclaims.resource.k8s.io", claim["resourceClaimName"], "resource claim of")
      add(
        "resourceclaimtemplates.resource.k8s.io",
        claim["resourceClaimTemplateName"],
        "template of a resource claim of"
      )
    }
  }

  private mutating func addVolume(_ volume: JSONView, pod: String?) {
    addMounted(volume)
    volume["projected"]?["sources"]?.forEachElement { source in
      add("configmaps", source["configMap"]?["name"], "config map mounted by", in: source)
      add("secrets", source["secret"]?["name"], "secret mounted by", in: source)
    }
    if let claim = volume["persistentVolumeClaim"]?["claimName"] {
      add("persistentvolumeclaims", claim, "claim mounted by")
    }
    if let pod, volume["ephemeral"]?.isObject == true, let name = volume["name"]?.string {
      add("persistentvolumeclaims", "\(pod)-\(name)", "claim made for")
    }
    for driver in [
      volume["csi"]?["nodePublishSecretRef"], volume["flexVolume"]?["secretRef"],
      volume["cephfs"]?["secretRef"], volume["rbd"]?["secretRef"], volume["iscsi"]?["secretRef"],
      volume["scaleIO"]?["secretRef"], volume["storageos"]?["secretRef"],
    ] {
      add("secrets", driver?["name"], "secret for a volume of")
    }
    add("secrets", volume["azureFile"]?["secretName"], "secret for a volume of")
  }

  private mutating func addMounted(_ volume: JSONView) {
    if let source = volume["configMap"] {
      add(
        "configmaps",
        source["name"],
        "config map mounted by",
        isOptional: source["optional"]?.bool ?? false
      )
    }
    if let source = volume["secret"] {
      add(
        "secrets",
        source["secretName"],
        "secret mounted by",
        isOptional: source["optional"]?.bool ?? false
      )
    }
  }

  private mutating func addEnvironment(_ container: JSONView) {
    container["envFrom"]?.forEachElement { source in
      addRead("configmaps", source["configMapRef"], "config map read by")
      addRead("secrets", source["secretRef"], "secret read by")
    }
    container["env"]?.forEachElement { variable in
      guard let source = variable["valueFrom"] else { return }
      addRead("configmaps", source["configMapKeyRef"], "config map read by")
      addRead("secrets", source["secretKeyRef"], "secret read by")
    }
  }

  private mutating func addRead(_ type: String, _ reference: JSONView?, _ relation: String) {
    let isOptional = reference?["optional"]?.bool ?? false
    add(type, reference?["name"], relation, isOptional: isOptional)
  }

  private mutating func addClass(_ type: String, _ name: JSONView?, _ relation: String) {
    guard let name = name?.string, !name.isEmpty else { return }
    append(ObjectLink(type: type, namespace: nil, name: name, relation: relation))
  }

  /// Adds what a projected volume's source names; the source says whether it may be absent.
  private mutating func add(
    _ type: String,
    _ name: JSONView?,
    _ relation: String,
    in source: JSONView
  ) {
    let isOptional =
      source["configMap"]?["optional"]?.bool ?? source["secret"]?["optional"]?.bool ?? false
    add(type, name, relation, isOptional: isOptional)
  }

  private mutating func add(
    _ type: String,
    _ name: JSONView?,
    _ relation: String,
    isOptional: Bool = false
  ) {
    if let name = name?.string { add(type, name, relation, isOptional: isOptional) }
  }

  private mutating func add(
    _ type: String,
    _ name: String,
    _ relation: String,
    isOptional: Bool = false
  ) {
    guard !name.isEmpty, !(type == "configmaps" && name == Self.rootCertificates) else { return }
    append(
      ObjectLink(
        type: type,
        namespace: namespace,
        name: name,
        relation: relation,
        isOptional: isOptional
      )
    )
  }

  /// Of several references to one object the first counts; one that cannot be done without makes it needed.
  private mutating func append(_ link: ObjectLink) {
    let known = links.firstIndex {
      $0.type == link.type && $0.namespace == link.namespace && $0.name == link.name
    }
    guard let known else { return links.append(link) }
    links[known].isOptional = links[known].isOptional && link.isOptional
  }
}
