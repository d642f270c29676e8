// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What a whole object says about others.
struct ObjectFacts: Sendable, Equatable {
  /// The object; its type as the cluster serves it.
  let address: ObjectAddress
  /// `apiVersion` of the type it was read as.
  let apiVersion: String
  let uid: String
  let labels: [String: String]
  let owners: [OwnerReference]
  /// What it names.
  private(set) var links: [ObjectLink] = []
  /// What names or selects others by its own fields.
  private(set) var backReferences: [BackReference] = []
  /// The labels of its pods, or its own when it is a pod; nil when it has none.
  private(set) var podLabels: [String: String]?
  /// The names of a StatefulSet's claim templates.
  private(set) var claimTemplates: [String] = []

  /// Reads an object.
  ///
  /// - Parameters:
  ///   - view: The object.
  ///   - type: `plural.group` of its type.
  ///   - apiVersion: The type's, which items of lists leave out.
  init(_ view: JSONView, type: String, apiVersion: String) {
    let fields = ObjectFields(view)
    let namespace = String(decoding: fields.namespace, as: UTF8.self)
    address = ObjectAddress(
      type: type,
      namespace: namespace.isEmpty ? nil : namespace,
      name: String(decoding: fields.name, as: UTF8.self)
    )
    self.apiVersion = apiVersion
    uid = String(decoding: fields.uid, as: UTF8.self)
    labels = view["metadata"]?["labels"]?.texts ?? [:]
    owners = Self.owners(view["metadata"]?["ownerReferences"])
    addPods(view)
    if let spec = view["spec"] { addSpecified(view, spec) } else { addUnspecified(view) }
  }

  private mutating func addSpecified(_ view: JSONView, _ spec: JSONView) {
    switch Cohabitation.canonical(address.type) {
    case "statefulsets.apps": addStatefulSet(spec)
    case "persistentvolumeclaims": addClaim(view, spec)
    case "persistentvolumes": addStorageClass(spec["storageClassName"])
    default: addBackReferences(view, spec)
    }
  }

  private static func owners(_ view: JSONView?) -> [OwnerReference] {
    var owners: [OwnerReference] = []
    view?.forEachElement { owner in
      owners.append(
        OwnerReference(
          kind: owner["kind"]?.string ?? "",
          apiVersion: owner["apiVersion"]?.string ?? "",
          name: owner["name"]?.string ?? "",
          uid: owner["uid"]?.string ?? "",
          isController: owner["controller"]?.bool ?? false
        )
      )
    }
    return owners
  }

  /// Reads the pod's own spec, or that of the template: `spec.template` of nearly all workloads, known or not.
  private mutating func addPods(_ view: JSONView) {
    let namespace = address.namespace ?? ""
    if address.type == "pods" {
      podLabels = labels
      guard let spec = view["spec"] else { return }
      links += PodLinks(spec, namespace: namespace, pod: address.name).links
      return
    }
    let template =
      view["spec"]?["jobTemplate"]?["spec"]?["template"] ?? view["spec"]?["template"]
    guard let template, let spec = template["spec"], spec["containers"]?.isArray == true else {
      return
    }
    podLabels = template["metadata"]?["labels"]?.texts ?? [:]
    links += PodLinks(spec, namespace: namespace, pod: nil).links
  }

  private mutating func addStatefulSet(_ spec: JSONView) {
    if let service = spec["serviceName"]?.string, !service.isEmpty {
      link("services", service, "governing service of", isOptional: true)
    }
    spec["volumeClaimTemplates"]?.forEachElement { template in
      if let name = template["metadata"]?["name"]?.string { claimTemplates.append(name) }
    }
  }

  private mutating func addClaim(_ view: JSONView, _ spec: JSONView) {
    if let volume = Relations(of: view, type: "persistentvolumeclaims").volume {
      links.append(
        ObjectLink(type: "persistentvolumes", name: volume, relation: "volume of")
      )
    }
    let annotations = view["metadata"]?["annotations"]
    addStorageClass(
      spec["storageClassName"] ?? annotations?["volume.beta.kubernetes.io/storage-class"]
    )
  }

  private mutating func addStorageClass(_ name: JSONView?) {
    guard let name = name?.string, !name.isEmpty else { return }
    // Volumes that were made by hand may name a class that is a mere label.
    links.append(
      ObjectLink(
        type: "storageclasses.storage.k8s.io",
        name: name,
        relation: "storage class of",
        isOptional: address.type == "persistentvolumes"
      )
    )
  }

  /// Reads objects that have no spec: accounts and bindings.
  private mutating func addUnspecified(_ view: JSONView) {
    switch address.type {
    case "serviceaccounts":
      view["secrets"]?.forEachElement {
        if let name = $0["name"]?.string { link("secrets", name, "secret of", isOptional: true) }
      }
      view["imagePullSecrets"]?.forEachElement {
        if let name = $0["name"]?.string {
          link("secrets", name, "image pull secret of", isOptional: true)
        }
      }
    case AccessReading.roleBindings, AccessReading.clusterRoleBindings:
      let reading = AccessReading(view, namespace: address.namespace)
      links += reading.links
      backReferences += reading.backReferences
    default: break
    }
  }

  private mutating func addBackReferences(_ view: JSONView, _ spec: JSONView) {
    let reading = NetworkReading(view, spec, address, apiVersion: apiVersion)
    links += reading.links
    backReferences += reading.backReferences
  }

  private mutating func link(
    _ type: String,
    _ name: String,
    _ relation: String,
    isOptional: Bool = false
  ) {
    links.append(
      ObjectLink(
        type: type,
        namespace: address.namespace,
        name: name,
        relation: relation,
        isOptional: isOptional
      )
    )
  }
}

extension JSONView {
  /// The members that are texts.
  var texts: [String: String] {
    var texts: [String: String] = [:]
    forEachMember { key, value in
      texts[String(decoding: key, as: UTF8.self)] = value.string
    }
    return texts
  }
}
