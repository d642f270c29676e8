// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// JSON that is put together as bytes.
struct JSONText {
  private(set) var bytes: [UInt8] = []

  /// Adds JSON as it stands.
  mutating func add(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Adds a string of at least `count` characters of what stands in configuration files.
  mutating func addProse(_ count: Int, _ random: inout SplitMix64) {
    bytes.append(UInt8(ascii: "\""))
    let end = bytes.count + count
    while bytes.count < end { addWord(&random) }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Adds a string of base 64 of random bytes.
  mutating func addRandom(_ count: Int, _ random: inout SplitMix64) {
    var drawn: [UInt8] = []
    drawn.reserveCapacity(count + 8)
    while drawn.count < count {
      withUnsafeBytes(of: random.next().littleEndian) { drawn.append(contentsOf: $0) }
    }
    bytes.append(UInt8(ascii: "\""))
    bytes.append(contentsOf: Base64.encode(Array(drawn.prefix(count))).utf8)
    bytes.append(UInt8(ascii: "\""))
  }

  /// A text of about `count` characters without line breaks.
  static func note(_ count: Int, _ random: inout SplitMix64) -> String {
    var text = JSONText()
    while text.bytes.count < count {
      text.bytes.append(contentsOf: words[Int(random.next() % UInt64(words.count))])
      text.bytes.append(UInt8(ascii: " "))
    }
    return String(decoding: text.bytes.dropLast(), as: UTF8.self)
  }

  /// Words and what follows them repeat as in real configuration, so that they compress as it does.
  private mutating func addWord(_ random: inout SplitMix64) {
    let draw = random.next()
    bytes.append(contentsOf: Self.words[Int(draw % UInt64(Self.words.count))])
    switch draw >> 32 & 7 {
    case 0, 1, 2: bytes.append(UInt8(ascii: " "))
    case 3: bytes.append(UInt8(ascii: "="))
    case 4: bytes.append(contentsOf: [UInt8(ascii: ":"), UInt8(ascii: " ")])
    case 5, 6: bytes.append(contentsOf: Self.newline)
    default:
      bytes.append(contentsOf: String(draw >> 40 % 10_000).utf8)
      bytes.append(contentsOf: Self.newline)
    }
  }

  private static let newline = Array(#"\n"#.utf8)

  private static let words = """
    server listen timeout 30s true false debug info warn path /var/lib/app host example.com port 8080 \
    max_connections 100 upstream proxy_pass cache-control no-store retry backoff exponential shard replica \
    primary standby user admin role reader metrics enabled endpoint /healthz tls cert key issuer region \
    eu-central-1 bucket prefix batch size 4096 queue topic orders
    """.split(separator: " ").map { Array($0.utf8) }
}

/// What the objects of a populated cluster hold beside their metadata.
enum PopulatedContent {
  /// The members behind the metadata, each with a comma in front.
  static func tail(_ item: inout PopulatedWriter.Item) -> [UInt8] {
    switch item.kind {
    case .configMap: configMap(&item)
    case .secret: secret(&item)
    case .deployment: workload(&item, service: nil)
    case .statefulSet: workload(&item, service: item.name)
    case .pod: pod(&item)
    case .custom: custom(&item)
    case .release, .claim: []
    case .service, .serviceAccount, .role, .roleBinding, .ingress:
      Array(fixed(item.kind, name: item.name, namespace: item.namespace, app: item.app).utf8)
    }
  }

  /// One to four files of 80 bytes to 6 kB.
  static func configMap(_ item: inout PopulatedWriter.Item) -> [UInt8] {
    var text = JSONText()
    text.add(",\"data\":{")
    for key in 0..<1 + item.random.next() % 4 {
      text.add(key == 0 ? "\"k0.conf\":" : ",\"k\(key).conf\":")
      text.addProse([80, 400, 1500, 6000][Int(item.random.next() % 4)], &item.random)
    }
    text.add("}")
    return text.bytes
  }

  private static func secret(_ item: inout PopulatedWriter.Item) -> [UInt8] {
    var text = JSONText()
    text.add(",\"data\":{\"password\":")
    text.addRandom(24, &item.random)
    text.add(",\"tls.crt\":")
    text.addRandom(item.random.next() % 2 == 0 ? 200 : 1200, &item.random)
    text.add("},\"type\":\"Opaque\"")
    return text.bytes
  }

  private static func custom(_ item: inout PopulatedWriter.Item) -> [UInt8] {
    var text = JSONText()
    text.add(",\"spec\":{\"notes\":")
    text.addProse(300, &item.random)
    text.add(",\"size\":\(1 + item.random.next() % 99)}")
    return text.bytes
  }

  private static func workload(
    _ item: inout PopulatedWriter.Item,
    service: String?
  ) -> [UInt8] {
    var text = JSONText()
    text.add(",\"spec\":{\"replicas\":0,\"selector\":{\"matchLabels\":{\"run\":\"\(item.name)\"}},")
    text.add("\"template\":{\"metadata\":{\"creationTimestamp\":null,\"labels\":")
    text.add("{\"app\":\"\(item.app)\",\"run\":\"\(item.name)\"}},\"spec\":")
    addPodSpec(&text, &item)
    text.add("},")
    if let service {
      text.add("\"serviceName\":\"\(service)\",\"podManagementPolicy\":\"OrderedReady\",")
      text.add(
        "\"updateStrategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":{\"partition\":0}},"
      )
      text.add("\"revisionHistoryLimit\":10},\"status\":{\"replicas\":0,\"availableReplicas\":0}")
    } else {
      text.add("\"strategy\":{\"type\":\"RollingUpdate\",\"rollingUpdate\":")
      text.add("{\"maxUnavailable\":\"25%\",\"maxSurge\":\"25%\"}},")
      text.add("\"revisionHistoryLimit\":10,\"progressDeadlineSeconds\":600},\"status\":{}")
    }
    return text.bytes
  }

  private static func pod(_ item: inout PopulatedWriter.Item) -> [UInt8] {
    var text = JSONText()
    text.add(",\"spec\":")
    addPodSpec(&text, &item)
    text.add(",\"status\":{\"phase\":\"Pending\",\"qosClass\":\"Burstable\"}")
    return text.bytes
  }

  private static func addPodSpec(_ text: inout JSONText, _ item: inout PopulatedWriter.Item) {
    text.add("{\"volumes\":[{\"name\":\"config\",\"configMap\":{\"name\":\"\(item.app)-config\",")
    text.add("\"defaultMode\":420}}],\"containers\":[")
    let names = ["app", "proxy", "metrics"]
    let count = 1 + Int(item.random.next() % 3)
    for (index, name) in names.prefix(count).enumerated() {
      let draw = item.random.next()
      let tag = "v1.\(draw % 40).\(draw >> 32 % 10)"
      text.add(index == 0 ? "{" : ",{")
      text.add(
        "\"name\":\"\(name)\",\"image\":\"registry.example.com/\(item.app)/\(name):\(tag)\","
      )
      text.add("\"ports\":[{\"containerPort\":8080,\"protocol\":\"TCP\"}],\"env\":[")
      for variable in 0..<2 + item.random.next() % 10 {
        text.add(variable == 0 ? "{" : ",{")
        text.add("\"name\":\"VAR_\(variable)\",\"value\":")
        text.addProse(24, &item.random)
        text.add("}")
      }
      text.add("],\"resources\":{\"requests\":{\"cpu\":\"100m\",\"memory\":\"128Mi\"}},")
      text.add("\"volumeMounts\":[{\"name\":\"config\",\"mountPath\":\"/etc/app\"}],")
      text.add("\"terminationMessagePath\":\"/dev/termination-log\",")
      text.add("\"terminationMessagePolicy\":\"File\",\"imagePullPolicy\":\"IfNotPresent\"}")
    }
    text.add("],\"restartPolicy\":\"Always\",\"terminationGracePeriodSeconds\":30,")
    text.add("\"dnsPolicy\":\"ClusterFirst\",\"securityContext\":{},")
    text.add("\"schedulerName\":\"default-scheduler\"}")
  }

  private static func fixed(_ kind: PopulatedKind, name: String, namespace: String, app: String)
    -> String
  {
    switch kind {
    case .service:
      """
      ,"spec":{"ports":[{"protocol":"TCP","port":80,"targetPort":8080}],"selector":{"app":"\(app)"},\
      "clusterIP":"None","clusterIPs":["None"],"type":"ClusterIP","sessionAffinity":"None",\
      "ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack","internalTrafficPolicy":"Cluster"},\
      "status":{"loadBalancer":{}}
      """
    case .role:
      #","rules":[{"verbs":["get","list"],"apiGroups":[""],"resources":["pods","services"]}]"#
    case .roleBinding:
      """
      ,"subjects":[{"kind":"ServiceAccount","name":"default","namespace":"\(namespace)"}],\
      "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"\(name)"}
      """
    case .ingress:
      """
      ,"spec":{"rules":[{"host":"\(name).example.com","http":{"paths":[{"path":"/",\
      "pathType":"Prefix","backend":{"service":{"name":"\(name)","port":{"number":80}}}}]}}]},\
      "status":{"loadBalancer":{}}
      """
    default: ""
    }
  }

  /// Who owns which fields; the same for every object of a kind.
  static func managedFields(of kind: PopulatedKind) -> JSONValue { owners[kind.rawValue] }

  private static let owners: [JSONValue] = PopulatedKind.allCases.map { kind in
    let fields: JSONValue =
      switch kind {
      case .configMap: ["f:data": [".": [:], "f:k0.conf": [:]]]
      case .secret, .release:
        ["f:data": [".": [:], "f:password": [:], "f:tls.crt": [:]], "f:type": [:]]
      case .serviceAccount: [:]
      case .role: ["f:rules": [:]]
      case .roleBinding: ["f:roleRef": [:], "f:subjects": [:]]
      case .service: ["f:spec": ["f:clusterIP": [:], "f:ports": [:], "f:selector": [:]]]
      case .claim: ["f:spec": ["f:accessModes": [:], "f:resources": [:], "f:volumeName": [:]]]
      case .ingress: ["f:spec": ["f:rules": [:]]]
      case .custom: ["f:spec": [".": [:], "f:notes": [:], "f:size": [:]]]
      case .pod: ["f:spec": podFields]
      case .deployment, .statefulSet:
        ["f:spec": ["f:replicas": [:], "f:selector": [:], "f:template": ["f:spec": podFields]]]
      }
    var all: JSONValue = [
      "f:metadata": [
        "f:annotations": [".": [:], "f:example.com/note": [:]],
        "f:labels": [".": [:], "f:app": [:], "f:team": [:], "f:tier": [:]],
      ]
    ]
    for member in fields.object?.members ?? [] { all[member.key] = member.value }
    return [
      [
        "manager": "helm", "operation": "Update", "apiVersion": .string(kind.type.apiVersion),
        "time": "2026-01-05T08:00:00Z", "fieldsType": "FieldsV1", "fieldsV1": all,
      ]
    ]
  }

  private static let podFields: JSONValue = [
    "f:containers": [
      "k:{\"name\":\"app\"}": [
        ".": [:], "f:env": [".": [:], "k:{\"name\":\"VAR_0\"}": [".": [:], "f:value": [:]]],
        "f:image": [:], "f:imagePullPolicy": [:], "f:name": [:],
        "f:ports": [".": [:], "k:{\"containerPort\":8080,\"protocol\":\"TCP\"}": [".": [:]]],
        "f:resources": [".": [:], "f:requests": [".": [:], "f:cpu": [:], "f:memory": [:]]],
        "f:volumeMounts": [".": [:], "k:{\"mountPath\":\"/etc/app\"}": [".": [:], "f:name": [:]]],
      ]
    ],
    "f:dnsPolicy": [:], "f:restartPolicy": [:], "f:schedulerName": [:], "f:volumes": [:],
  ]
}
