// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Fills in what objects leave out, as the API reference says.
enum Defaults {
  static func apply(to object: inout JSONValue, type: ResourceType, version: SandboxVersion) {
    guard !type.isCustom else { return }
    switch type.table {
    case "namespaces.": namespace(&object, version)
    case "secrets.": secret(&object)
    case "services.": service(&object, version)
    case "pods.": change(&object, "spec") { podSpec(&$0) }
    case "deployments.apps": change(&object, "spec") { deployment(&$0, version) }
    case "statefulsets.apps", "daemonsets.apps":
      change(&object, "spec") { updating(&$0, version, type.name) }
    case "replicasets.apps", "replicationcontrollers.":
      change(&object, "spec") {
        set(&$0, "replicas", 1)
        template(&$0, version)
      }
    case "jobs.batch": change(&object, "spec") { job(&$0, version) }
    case "cronjobs.batch": change(&object, "spec") { cronJob(&$0, version) }
    case "persistentvolumeclaims.":
      change(&object, "spec") { set(&$0, "volumeMode", "Filesystem") }
      change(&object, "status") { set(&$0, "phase", "Pending") }
    case "persistentvolumes.":
      change(&object, "spec") {
        set(&$0, "persistentVolumeReclaimPolicy", "Retain")
        set(&$0, "volumeMode", "Filesystem")
      }
    case "storageclasses.storage.k8s.io":
      set(&object, "reclaimPolicy", "Delete")
      set(&object, "volumeBindingMode", "Immediate")
    case "priorityclasses.scheduling.k8s.io":
      set(&object, "preemptionPolicy", "PreemptLowerPriority")
    case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io":
      binding(&object)
    case "customresourcedefinitions.apiextensions.k8s.io": definition(&object)
    default: break
    }
  }

  private static func namespace(_ object: inout JSONValue, _ version: SandboxVersion) {
    change(&object, "status") { set(&$0, "phase", "Active") }
    guard version != .v1_20, let name = object[path: "metadata", "name"], name.string != "" else {
      return
    }
    change(&object, "metadata") { metadata in
      change(&metadata, "labels") { set(&$0, "kubernetes.io/metadata.name", name) }
    }
  }

  private static func secret(_ object: inout JSONValue) {
    if let plain = object["stringData"]?.object {
      var data = object["data"] ?? [:]
      for member in plain.members {
        data[member.key] = .string(Base64.encode(Array((member.value.string ?? "").utf8)))
      }
      object["data"] = data
      object["stringData"] = nil
    }
    set(&object, "type", "Opaque")
  }

  private static func service(_ object: inout JSONValue, _ version: SandboxVersion) {
    change(&object, "spec") { spec in
      spec["ports"] = spec["ports"].map { ports in
        elements(ports) { port in
          var ordered: JSONValue = [:]
          ordered["name"] = port["name"]
          ordered["protocol"] = port["protocol"] ?? "TCP"
          ordered["port"] = port["port"]
          ordered["targetPort"] = port["targetPort"] ?? port["port"]
          for member in port.object?.members ?? [] { ordered[member.key] = member.value }
          port = ordered
        }
      }
      set(&spec, "type", "ClusterIP")
      set(&spec, "sessionAffinity", "None")
      let isExternal = ["NodePort", "LoadBalancer"].contains(spec["type"]?.string)
      if isExternal { set(&spec, "externalTrafficPolicy", "Cluster") }
      if version != .v1_20, spec["type"]?.string != "ExternalName" {
        set(&spec, "internalTrafficPolicy", "Cluster")
      }
    }
  }

  private static func deployment(_ spec: inout JSONValue, _ version: SandboxVersion) {
    set(&spec, "replicas", 1)
    template(&spec, version)
    change(&spec, "strategy") { strategy in
      set(&strategy, "type", "RollingUpdate")
      guard strategy["type"]?.string == "RollingUpdate" else { return }
      change(&strategy, "rollingUpdate") {
        set(&$0, "maxUnavailable", "25%")
        set(&$0, "maxSurge", "25%")
      }
    }
    set(&spec, "revisionHistoryLimit", 10)
    set(&spec, "progressDeadlineSeconds", 600)
  }

  private static func updating(
    _ spec: inout JSONValue,
    _ version: SandboxVersion,
    _ resource: String
  ) {
    template(&spec, version)
    if resource == "statefulsets" {
      set(&spec, "replicas", 1)
      set(&spec, "podManagementPolicy", "OrderedReady")
    }
    change(&spec, "updateStrategy") { strategy in
      set(&strategy, "type", "RollingUpdate")
      guard strategy["type"]?.string == "RollingUpdate" else { return }
      change(&strategy, "rollingUpdate") {
        if resource == "statefulsets" {
          set(&$0, "partition", 0)
        } else {
          set(&$0, "maxUnavailable", 1)
          if version != .v1_20 { set(&$0, "maxSurge", 0) }
        }
      }
    }
    set(&spec, "revisionHistoryLimit", 10)
    guard let claims = spec["volumeClaimTemplates"] else { return }
    spec["volumeClaimTemplates"] = elements(claims) { claim in
      set(&claim, "apiVersion", "v1")
      set(&claim, "kind", "PersistentVolumeClaim")
      change(&claim, "spec") { set(&$0, "volumeMode", "Filesystem") }
      change(&claim, "status") { set(&$0, "phase", "Pending") }
    }
  }

  private static func job(_ spec: inout JSONValue, _ version: SandboxVersion) {
    set(&spec, "parallelism", 1)
    set(&spec, "completions", 1)
    set(&spec, "backoffLimit", 6)
    template(&spec, version)
    guard version != .v1_20 else { return }
    set(&spec, "completionMode", "NonIndexed")
    set(&spec, "suspend", false)
  }

  private static func cronJob(_ spec: inout JSONValue, _ version: SandboxVersion) {
    set(&spec, "concurrencyPolicy", "Allow")
    set(&spec, "suspend", false)
    change(&spec, "jobTemplate") { jobTemplate in
      change(&jobTemplate, "spec") { template(&$0, version) }
    }
    set(&spec, "successfulJobsHistoryLimit", 3)
    set(&spec, "failedJobsHistoryLimit", 1)
  }

  private static func binding(_ object: inout JSONValue) {
    change(&object, "roleRef") { set(&$0, "apiGroup", "rbac.authorization.k8s.io") }
    guard let subjects = object["subjects"] else { return }
    object["subjects"] = elements(subjects) { subject in
      guard subject["kind"]?.string != "ServiceAccount" else { return }
      set(&subject, "apiGroup", "rbac.authorization.k8s.io")
    }
  }

  private static func definition(_ object: inout JSONValue) {
    var storedVersions: [JSONValue] = []
    change(&object, "spec") { spec in
      change(&spec, "names") { names in
        let kind = names["kind"]?.string ?? ""
        let singular = names["singular"] ?? .string(kind.lowercased())
        let listKind = names["listKind"] ?? .string(kind + "List")
        var ordered: JSONValue = [:]
        ordered["plural"] = names["plural"]
        ordered["singular"] = singular
        ordered["shortNames"] = names["shortNames"]
        ordered["kind"] = names["kind"]
        ordered["listKind"] = listKind
        ordered["categories"] = names["categories"]
        names = ordered
      }
      change(&spec, "conversion") { set(&$0, "strategy", "None") }
      storedVersions = (spec["versions"]?.array ?? []).filter { $0["storage"]?.bool == true }
        .compactMap { $0["name"] }
    }
    guard object["status"] == nil else { return }
    object["status"] = [
      "conditions": .null, "acceptedNames": ["plural": "", "kind": ""],
      "storedVersions": .array(storedVersions),
    ]
  }
}

/// The defaults of pods and their templates.
extension Defaults {
  static func template(_ spec: inout JSONValue, _ version: SandboxVersion) {
    change(&spec, "template") { template in
      if version == .v1_20 {
        change(&template, "metadata") { metadata in
          var ordered: JSONValue = ["creationTimestamp": .null]
          for member in metadata.object?.members ?? [] { ordered[member.key] = member.value }
          metadata = ordered
        }
      }
      change(&template, "spec") { podSpec(&$0) }
    }
  }

  static func podSpec(_ spec: inout JSONValue) {
    for list in ["initContainers", "containers"] {
      if let containers = spec[list] { spec[list] = elements(containers) { container(&$0) } }
    }
    set(&spec, "restartPolicy", "Always")
    set(&spec, "terminationGracePeriodSeconds", 30)
    set(&spec, "dnsPolicy", "ClusterFirst")
    if let account = spec["serviceAccountName"] { set(&spec, "serviceAccount", account) }
    set(&spec, "securityContext", [:])
    set(&spec, "schedulerName", "default-scheduler")
    guard let volumes = spec["volumes"] else { return }
    spec["volumes"] = elements(volumes) { volume in
      for source in ["configMap", "secret", "projected", "downwardAPI"] where volume[source] != nil
      {
        change(&volume, source) { set(&$0, "defaultMode", 420) }
      }
      if volume.object?.count == 1 { volume["emptyDir"] = [:] }
    }
  }

  private static func container(_ container: inout JSONValue) {
    if let ports = container["ports"] {
      container["ports"] = elements(ports) { set(&$0, "protocol", "TCP") }
    }
    set(&container, "resources", [:])
    set(&container, "terminationMessagePath", "/dev/termination-log")
    set(&container, "terminationMessagePolicy", "File")
    let image = container["image"]?.string ?? ""
    let name = image.split(separator: "/").last ?? ""
    let isLatest = !name.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
    set(&container, "imagePullPolicy", isLatest ? "Always" : "IfNotPresent")
    for probe in ["livenessProbe", "readinessProbe", "startupProbe"] where container[probe] != nil {
      change(&container, probe) { probe in
        set(&probe, "timeoutSeconds", 1)
        set(&probe, "periodSeconds", 10)
        set(&probe, "successThreshold", 1)
        set(&probe, "failureThreshold", 3)
        if probe["httpGet"] != nil {
          change(&probe, "httpGet") {
            set(&$0, "path", "/")
            set(&$0, "scheme", "HTTP")
          }
        }
      }
    }
  }

  /// Sets a member that is missing or null.
  static func set(_ object: inout JSONValue, _ key: String, _ value: JSONValue) {
    if object[key]?.isNull ?? true { object[key] = value }
  }

  /// Changes the object in a member, which is made when it is missing.
  static func change(
    _ object: inout JSONValue,
    _ key: String,
    _ body: (inout JSONValue) -> Void
  ) {
    var value = object[key] ?? [:]
    guard value.object != nil || value.isNull else { return }
    body(&value)
    object[key] = value.isNull ? [:] : value
  }

  /// The array with every element changed.
  static func elements(_ array: JSONValue, _ body: (inout JSONValue) -> Void) -> JSONValue {
    guard let elements = array.array else { return array }
    return .array(
      elements.map {
        var element = $0
        body(&element)
        return element
      }
    )
  }
}
