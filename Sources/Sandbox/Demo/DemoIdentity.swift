// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Names that look drawn by lot but depend only on what they name.
enum DemoIdentity {
  /// The alphabet of generated names: no vowels and no look-alikes, so that no words come out.
  private static let nameAlphabet = Array("bcdfghjklmnpqrstvwxz2456789")

  /// A version 4 UUID.
  static func uid(_ subject: String) -> String {
    var digits = Array(hex("uid/" + subject, digits: 32))
    digits[12] = "4"
    digits[16] = "a"
    let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
    return groups.joined(separator: "-")
  }

  /// The end of a generated name, as the API server and the controllers append it.
  static func suffix(_ subject: String, length: Int) -> String {
    var random = generator("suffix/" + subject)
    return String((0..<length).map { _ in nameAlphabet[Int(random.next() % 27)] })
  }

  /// Hexadecimal digits, for digests and container ids.
  static func hex(_ subject: String, digits: Int) -> String {
    var random = generator(subject)
    var text = ""
    while text.utf8.count < digits {
      text += String(random.next(), radix: 16, minimumDigits: 16)
    }
    return String(text.prefix(digits))
  }

  /// Bytes that do not compress, for keys and passwords of a cluster that does not exist.
  static func bytes(_ subject: String, count: Int) -> [UInt8] {
    var random = generator("bytes/" + subject)
    return (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }

  private static func generator(_ subject: String) -> SplitMix64 {
    // FNV-1a, 64 bits: the same in every process, unlike Swift's hashes.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in subject.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return SplitMix64(state: hash)
  }
}

/// How long ago something happened.
struct DemoAge: Hashable {
  let seconds: Int64

  static func seconds(_ count: Int64) -> DemoAge { DemoAge(seconds: count) }
  static func minutes(_ count: Int64) -> DemoAge { DemoAge(seconds: count * 60) }
  static func hours(_ count: Int64) -> DemoAge { DemoAge(seconds: count * 3600) }
  static func days(_ count: Int64) -> DemoAge { DemoAge(seconds: count * 86_400) }

  /// Later by some seconds, for what follows shortly after.
  func later(_ count: Int64) -> DemoAge { DemoAge(seconds: seconds - count) }
}

/// The API version and kind of an object.
struct DemoKind: Hashable {
  let apiVersion: String
  let kind: String

  init(_ apiVersion: String, _ kind: String) {
    self.apiVersion = apiVersion
    self.kind = kind
  }

  static let configMap = DemoKind("v1", "ConfigMap")
  static let endpoints = DemoKind("v1", "Endpoints")
  static let event = DemoKind("v1", "Event")
  static let limitRange = DemoKind("v1", "LimitRange")
  static let namespace = DemoKind("v1", "Namespace")
  static let node = DemoKind("v1", "Node")
  static let persistentVolume = DemoKind("v1", "PersistentVolume")
  static let claim = DemoKind("v1", "PersistentVolumeClaim")
  static let pod = DemoKind("v1", "Pod")
  static let resourceQuota = DemoKind("v1", "ResourceQuota")
  static let secret = DemoKind("v1", "Secret")
  static let service = DemoKind("v1", "Service")
  static let serviceAccount = DemoKind("v1", "ServiceAccount")

  static let controllerRevision = DemoKind("apps/v1", "ControllerRevision")
  static let daemonSet = DemoKind("apps/v1", "DaemonSet")
  static let deployment = DemoKind("apps/v1", "Deployment")
  static let replicaSet = DemoKind("apps/v1", "ReplicaSet")
  static let statefulSet = DemoKind("apps/v1", "StatefulSet")
  static let cronJob = DemoKind("batch/v1", "CronJob")
  static let job = DemoKind("batch/v1", "Job")

  static let autoscaler = DemoKind("autoscaling/v2", "HorizontalPodAutoscaler")
  static let disruptionBudget = DemoKind("policy/v1", "PodDisruptionBudget")
  static let priorityClass = DemoKind("scheduling.k8s.io/v1", "PriorityClass")
  static let lease = DemoKind("coordination.k8s.io/v1", "Lease")
  static let endpointSlice = DemoKind("discovery.k8s.io/v1", "EndpointSlice")
  static let ingress = DemoKind("networking.k8s.io/v1", "Ingress")
  static let ingressClass = DemoKind("networking.k8s.io/v1", "IngressClass")
  static let networkPolicy = DemoKind("networking.k8s.io/v1", "NetworkPolicy")

  static let clusterRole = DemoKind("rbac.authorization.k8s.io/v1", "ClusterRole")
  static let clusterRoleBinding = DemoKind("rbac.authorization.k8s.io/v1", "ClusterRoleBinding")
  static let role = DemoKind("rbac.authorization.k8s.io/v1", "Role")
  static let roleBinding = DemoKind("rbac.authorization.k8s.io/v1", "RoleBinding")

  static let storageClass = DemoKind("storage.k8s.io/v1", "StorageClass")
  static let csiDriver = DemoKind("storage.k8s.io/v1", "CSIDriver")
  static let csiNode = DemoKind("storage.k8s.io/v1", "CSINode")
  static let volumeAttachment = DemoKind("storage.k8s.io/v1", "VolumeAttachment")
  static let definition = DemoKind("apiextensions.k8s.io/v1", "CustomResourceDefinition")
  static let validatingWebhook = DemoKind(
    "admissionregistration.k8s.io/v1",
    "ValidatingWebhookConfiguration"
  )

  static let issuer = DemoKind("cert-manager.io/v1", "ClusterIssuer")
  static let certificate = DemoKind("cert-manager.io/v1", "Certificate")
  static let serviceMonitor = DemoKind("monitoring.coreos.com/v1", "ServiceMonitor")
  static let prometheusRule = DemoKind("monitoring.coreos.com/v1", "PrometheusRule")
  static let order = DemoKind("shop.example.com/v1", "Order")
}
