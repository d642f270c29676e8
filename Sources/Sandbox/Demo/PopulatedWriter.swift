// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Makes the objects of one cluster; its buffers are used again.
struct PopulatedWriter {
  /// When everything was created: 2026-01-05T08:00:00Z.
  private static let created = Timestamp(seconds: 1_767_600_000)

  private let cluster: PopulatedCluster
  private let gzip = GzipCompressor(level: 6)

  init(cluster: PopulatedCluster) { self.cluster = cluster }

  /// The custom definition with this number.
  func definition(_ index: Int) -> PopulatedObject {
    let kind = "Widget\(index)"
    let plural = "widget\(index)s"
    let names = """
      {"plural":"\(plural)","singular":"widget\(index)","kind":"\(kind)","listKind":"\(kind)List"}
      """
    let schema = """
      {"type":"object","x-kubernetes-preserve-unknown-fields":true}
      """
    let tail = """
      ,"spec":{"group":"example.com","names":\(names),"scope":"Namespaced",\
      "versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":\(schema)},\
      "subresources":{"status":{}}}],"conversion":{"strategy":"None"}},\
      "status":{"conditions":[\
      {"type":"NamesAccepted","status":"True","lastTransitionTime":"\(Self.created)",\
      "reason":"NoConflicts","message":"no conflicts found"},\
      {"type":"Established","status":"True","lastTransitionTime":"\(Self.created)",\
      "reason":"InitialNamesAccepted","message":"the initial names have been accepted"}],\
      "acceptedNames":\(names),"storedVersions":["v1"]}
      """
    var random = cluster.random(-1 - index)
    let metadata = metadata(name: plural + ".example.com", namespace: nil, random: &random)
    return object(.definition, metadata, Array(tail.utf8))
  }

  /// The namespace with this number.
  func namespace(_ index: Int) -> PopulatedObject {
    var random = cluster.random(-100 - index)
    let name = cluster.namespaces[index]
    let environment = pick(["prod", "staging", "dev"], &random)
    var metadata = metadata(name: name, namespace: nil, random: &random)
    metadata["labels"] = [
      "env": .string(environment), "kubernetes.io/metadata.name": .string(name),
      "team": .string(name),
    ]
    let tail = #","spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}"#
    return object(.namespace, metadata, Array(tail.utf8))
  }

  /// A ConfigMap in place of a claim for which there is only room without its volume.
  func filler(_ index: Int) -> PopulatedObject {
    var item = Item(index: index, kind: .configMap, cluster: cluster)
    return object(.configMap, metadata(of: &item), PopulatedContent.configMap(&item))
  }

  /// The objects with this number: one, or a volume with its claim.
  func objects(_ index: Int) -> [PopulatedObject] {
    var item = Item(index: index, kind: cluster.kind(index), cluster: cluster)
    if item.kind == .release { return [release(&item)] }
    if item.kind == .claim { return [volume(&item), claim(&item)] }
    let metadata = metadata(of: &item)
    let tail = PopulatedContent.tail(&item)
    guard item.kind == .custom else { return [object(item.kind.type, metadata, tail)] }
    let type = DemoKind("example.com/v1", "Widget\(index % cluster.definitionCount)")
    return [object(type, metadata, tail)]
  }

  private func release(_ item: inout Item) -> PopulatedObject {
    let name = item.name
    var document = JSONText()
    document.add("{\"name\":\"\(name)\",\"namespace\":\"\(item.namespace)\",\"version\":1,")
    document.add("\"info\":{\"status\":\"deployed\"},\"manifest\":")
    document.addProse(9000, &item.random)
    document.add("}")
    let once = Base64.encode(gzip.compress(document.bytes))
    let payload = Base64.encode(Array(once.utf8))
    var metadata = metadata(
      name: "sh.helm.release.v1.\(name).v1",
      namespace: item.namespace,
      random: &item.random
    )
    metadata["labels"] = [
      "name": .string(name), "owner": "helm", "status": "deployed", "version": "1",
    ]
    let tail = ",\"data\":{\"release\":\"\(payload)\"},\"type\":\"helm.sh/release.v1\""
    return object(.secret, metadata, Array(tail.utf8))
  }

  private func volume(_ item: inout Item) -> PopulatedObject {
    var metadata = metadata(name: "pv-" + item.name, namespace: nil, random: &item.random)
    metadata["labels"] = ["team": .string(item.namespace)]
    metadata["finalizers"] = ["kubernetes.io/pv-protection"]
    let tail = """
      ,"spec":{"capacity":{"storage":"1Gi"},"hostPath":{"path":"/data/\(item.name)","type":""},\
      "accessModes":["ReadWriteOnce"],"claimRef":{"kind":"PersistentVolumeClaim",\
      "namespace":"\(item.namespace)","name":"\(item.name)","apiVersion":"v1"},\
      "persistentVolumeReclaimPolicy":"Retain","storageClassName":"standard",\
      "volumeMode":"Filesystem"},"status":{"phase":"Bound"}
      """
    return object(.persistentVolume, metadata, Array(tail.utf8))
  }

  private func claim(_ item: inout Item) -> PopulatedObject {
    var metadata = metadata(of: &item)
    metadata["finalizers"] = ["kubernetes.io/pvc-protection"]
    let tail = """
      ,"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}},\
      "volumeName":"pv-\(item.name)","storageClassName":"standard","volumeMode":"Filesystem"},\
      "status":{"phase":"Bound","accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"}}
      """
    return object(.claim, metadata, Array(tail.utf8))
  }

  private func object(_ type: DemoKind, _ metadata: JSONValue, _ tail: [UInt8]) -> PopulatedObject {
    PopulatedObject(
      apiVersion: type.apiVersion,
      kind: type.kind,
      metadata: metadata,
      tail: tail
    )
  }

  /// Metadata with the labels and the note that everything in a namespace has.
  private func metadata(of item: inout Item) -> JSONValue {
    var metadata = metadata(
      name: item.name,
      namespace: item.namespace,
      random: &item.random
    )
    metadata["labels"] = [
      "app": .string(item.app),
      "app.kubernetes.io/managed-by": .string(
        pick(["Helm", "argocd", "kustomize"], &item.random)
      ), "app.kubernetes.io/name": .string(item.app), "team": .string(item.namespace),
      "tier": .string(pick(["back", "data", "front"], &item.random)),
    ]
    let count = 20 + Int(item.random.next() % 180)
    metadata["annotations"] = [
      "example.com/note": .string(JSONText.note(count, &item.random))
    ]
    switch item.kind {
    case .deployment, .statefulSet, .ingress, .custom: metadata["generation"] = 1
    default: break
    }
    metadata["managedFields"] = PopulatedContent.managedFields(of: item.kind)
    return metadata
  }

  private func metadata(
    name: String,
    namespace: String?,
    random: inout SplitMix64
  ) -> JSONValue {
    var members: [JSONObject.Member] = [.init(key: "name", value: .string(name))]
    if let namespace { members.append(.init(key: "namespace", value: .string(namespace))) }
    members.append(.init(key: "uid", value: .string(Self.uid(&random))))
    members.append(.init(key: "creationTimestamp", value: Self.createdText))
    return .object(JSONObject(members))
  }

  private static let createdText = JSONValue.string(created.description)

  /// A version 4 UUID.
  private static func uid(_ random: inout SplitMix64) -> String {
    let high = random.next() & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
    let low = random.next() & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
    var bytes: [UInt8] = []
    bytes.reserveCapacity(36)
    for word in [high, low] {
      for shift in stride(from: 60, through: 0, by: -4) {
        let digit = UInt8(word >> UInt64(shift) & 0xF)
        bytes.append(digit < 10 ? 48 + digit : 87 + digit)
        if bytes.count == 8 || bytes.count == 13 || bytes.count == 18 || bytes.count == 23 {
          bytes.append(UInt8(ascii: "-"))
        }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func pick(_ values: [String], _ random: inout SplitMix64) -> String {
    values[Int(random.next() % UInt64(values.count))]
  }
}

extension PopulatedWriter {
  /// The number of an object, and what follows from it.
  struct Item {
    let kind: PopulatedKind
    let namespace: String
    /// The application it belongs to; a dozen objects of a namespace share one.
    let app: String
    let name: String
    /// Where its contents come from.
    var random: SplitMix64

    init(index: Int, kind: PopulatedKind, cluster: PopulatedCluster) {
      self.kind = kind
      let count = cluster.namespaces.count
      namespace = cluster.namespaces[index % count]
      app = "app-" + String(index / count / 12, minimumDigits: 4)
      name = "\(app)-\(String(index, minimumDigits: 6))"
      random = cluster.random(index)
      _ = random.next()
    }
  }
}
