// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What the server decides of an object besides its defaults.
enum Strategy {
  /// The state of an object that has just been made; status that clients send is dropped.
  static func initialStatus(_ type: ResourceType) -> JSONValue? {
    switch type.table {
    case "namespaces.": ["phase": "Active"]
    case "pods.": ["phase": "Pending", "qosClass": "BestEffort"]
    case "services.", "ingresses.networking.k8s.io": ["loadBalancer": [:]]
    case "persistentvolumeclaims.", "persistentvolumes.": ["phase": "Pending"]
    case "replicasets.apps", "replicationcontrollers.", "statefulsets.apps": ["replicas": 0]
    case "daemonsets.apps":
      [
        "currentNumberScheduled": 0, "numberMisscheduled": 0, "desiredNumberScheduled": 0,
        "numberReady": 0,
      ]
    case "deployments.apps", "jobs.batch", "cronjobs.batch", "resourcequotas.": [:]
    case "horizontalpodautoscalers.autoscaling": ["desiredReplicas": 0, "currentMetrics": .null]
    case "poddisruptionbudgets.policy":
      ["disruptionsAllowed": 0, "currentHealthy": 0, "desiredHealthy": 0, "expectedPods": 0]
    default: nil
    }
  }

  /// Whether objects of a type count the generations of their spec.
  static func countsGenerations(_ type: ResourceType, _ version: SandboxVersion) -> Bool {
    if type.isCustom { return true }
    if version == .v1_36, ["pods.", "jobs.batch", "cronjobs.batch"].contains(type.table) {
      return true
    }
    return [
      "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps",
      "replicationcontrollers.", "ingresses.networking.k8s.io", "networkpolicies.networking.k8s.io",
      "ingressclasses.networking.k8s.io", "customresourcedefinitions.apiextensions.k8s.io",
      "poddisruptionbudgets.policy", "validatingwebhookconfigurations.admissionregistration.k8s.io",
      "mutatingwebhookconfigurations.admissionregistration.k8s.io",
      "priorityclasses.scheduling.k8s.io", "endpointslices.discovery.k8s.io",
    ].contains(type.table)
  }

  /// Whether `PUT` makes an object that is not there.
  static func createsOnUpdate(_ type: ResourceType) -> Bool {
    [
      "endpoints.", "events.", "leases.coordination.k8s.io", "roles.rbac.authorization.k8s.io",
      "clusterroles.rbac.authorization.k8s.io", "rolebindings.rbac.authorization.k8s.io",
      "clusterrolebindings.rbac.authorization.k8s.io",
    ].contains(type.table)
  }

  /// Whether `DELETE` answers with the object rather than with a Status.
  static func returnsDeleted(_ type: ResourceType, _ version: SandboxVersion) -> Bool {
    if type.table == "services." { return version != .v1_20 }
    return [
      "pods.", "podtemplates.", "persistentvolumeclaims.", "persistentvolumes.", "resourcequotas.",
      "serviceaccounts.",
    ].contains(type.table)
  }

  /// Readies an object that is about to be made.
  static func prepareForCreate(
    _ object: inout JSONValue,
    type: ResourceType,
    version: SandboxVersion
  ) {
    if let status = initialStatus(type) {
      object["status"] = nil
      object["status"] = status
    } else if type.hasStatusSubresource, type.isCustom {
      object["status"] = nil
    }
    switch type.table {
    case "namespaces.":
      var finalizers = object[path: "spec", "finalizers"]?.array ?? []
      if !finalizers.contains("kubernetes") { finalizers.append("kubernetes") }
      var spec = object["spec"] ?? [:]
      spec["finalizers"] = .array(finalizers)
      let status = object["status"]
      object["status"] = nil
      object["spec"] = spec
      object["status"] = status
    default: break
    }
  }
}

/// Addresses and ports of services.
///
/// Addresses come from 10.96.0.0/16, node ports from 30000 to 32767; kubeadm's defaults.
extension ClusterState {
  static let nodePorts = 30_000...32_767

  /// Gives a service what it asks for or lacks.
  ///
  /// - Returns: What cannot be given.
  func allocate(_ object: inout JSONValue, version: SandboxVersion, key: String) -> [FieldProblem] {
    guard var spec = object["spec"], spec["type"]?.string != "ExternalName" else { return [] }
    let others = table(named: "services.").all.filter { $0.key != key }.map(\.document)
    let addresses = Set(others.compactMap { $0[path: "spec", "clusterIP"]?.string })
    if spec["clusterIP"]?.string ?? "" == "" {
      var address: String
      repeat {
        address = "10.96.\(random(in: 0...255)).\(random(in: 2...254))"
      } while addresses.contains(address)
      spec["clusterIP"] = .string(address)
      spec["clusterIPs"] = [.string(address)]
    } else if let address = spec["clusterIP"]?.string {
      if address != "None", addresses.contains(address) {
        return [.invalid("spec.clusterIP", "\"\(address)\"", "provided IP is already allocated")]
      }
      Defaults.set(&spec, "clusterIPs", [.string(address)])
    }
    if version != .v1_20 {
      Defaults.set(&spec, "ipFamilies", ["IPv4"])
      Defaults.set(&spec, "ipFamilyPolicy", "SingleStack")
    }
    let problems = allocatePorts(&spec, others)
    object["spec"] = spec
    return problems
  }

  private func allocatePorts(_ spec: inout JSONValue, _ others: [JSONValue]) -> [FieldProblem] {
    guard ["NodePort", "LoadBalancer"].contains(spec["type"]?.string),
      var ports = spec["ports"]?.array
    else { return [] }
    var taken = Set(
      others.flatMap { $0[path: "spec", "ports"]?.array ?? [] }.compactMap { $0["nodePort"]?.int64 }
    )
    for index in ports.indices {
      if let wanted = ports[index]["nodePort"]?.int64, wanted != 0 {
        guard !taken.contains(wanted) else {
          return [
            .invalid(
              "spec.ports[\(index)].nodePort",
              "\(wanted)",
              "provided port is already allocated"
            )
          ]
        }
        taken.insert(wanted)
      } else {
        var port: Int64
        repeat { port = Int64(random(in: Self.nodePorts)) } while taken.contains(port)
        taken.insert(port)
        ports[index]["nodePort"] = .number(JSONNumber(port))
      }
    }
    spec["ports"] = .array(ports)
    return []
  }
}
