// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Testing

@testable import Engine

struct PreflightRulesTests {
  // Classes and accounts.

  private static let pod = """
    metadata: {name: p, namespace: shop}
    spec:
      priorityClassName: high
      runtimeClassName: gvisor
      serviceAccountName: robot
      containers: [{name: a}]
    """

  private func claim(_ name: String, _ spec: String) -> String {
    "{metadata: {name: \(name), namespace: shop}, spec: \(spec)}"
  }

  private func findings(_ model: PreflightModel, _ known: ReferenceCheck.Known = .init())
    -> [String]
  {
    ReferenceCheck.findings(model.facts, known).sorted(by: PreflightFinding.precedes).map(\.text)
  }

  @Test func `what a pod names and is nowhere makes it fail, and a template's pods wait`() throws {
    var model = PreflightModel()
    try model.note("pods", Self.pod)
    #expect(
      findings(model) == [
        "error account-missing: there is no service account 'shop/robot', and 1 object names it "
          + "[pods 'shop/p' of 1]",
        "error class-missing: there is no priority class 'high', and 1 object names it "
          + "[pods 'shop/p' of 1]",
        "error class-missing: there is no runtime class 'gvisor', and 1 object names it "
          + "[pods 'shop/p' of 1]",
      ]
    )
    var jobs = PreflightModel()
    try jobs.note(
      "cronjobs.batch",
      """
      metadata: {name: j, namespace: shop}
      spec: {jobTemplate: {spec: {template: {spec: {priorityClassName: high, containers: []}}}}}
      """
    )
    #expect(findings(jobs).map { $0.prefix(21) } == ["warning class-missing"])
    try jobs.note("pods", Self.pod)
    #expect(
      findings(jobs).filter { $0.contains("'high'") && $0.contains("2 objects name it") }.count == 1
    )
    #expect(findings(jobs).allSatisfy { $0.hasPrefix("error") })
  }

  @Test func `what the target or the restore has is no finding`() throws {
    var model = PreflightModel()
    try model.note("pods", Self.pod)
    let known = ReferenceCheck.Known(present: Set(model.facts.references.keys))
    #expect(findings(model, known).isEmpty)
    try model.note("priorityclasses.scheduling.k8s.io", "metadata: {name: high}")
    try model.note("runtimeclasses.node.k8s.io", "metadata: {name: gvisor}")
    try model.note("serviceaccounts", "metadata: {name: robot, namespace: shop}")
    #expect(findings(model).isEmpty)
  }

  @Test func `claims want their storage class unless they have a volume`() throws {
    var model = PreflightModel()
    try model.note("persistentvolumeclaims", claim("a", "{storageClassName: fast}"))
    try model.note("persistentvolumeclaims", claim("b", "{storageClassName: slow, volumeName: v}"))
    try model.note("persistentvolumes", "{metadata: {name: v}, spec: {storageClassName: slow}}")
    try model.note("persistentvolumeclaims", claim("c", "{storageClassName: ''}"))
    #expect(
      findings(model) == [
        "warning storage-class-missing: there is no storage class 'fast', and 1 object names it "
          + "[persistentvolumeclaims 'shop/a' of 1]",
        "note storage-class-missing: there is no storage class 'slow', and 2 objects name it "
          + "[persistentvolumeclaims 'shop/b', persistentvolumes 'v' of 2]",
      ]
    )
  }

  @Test func `claims without a class want a default one`() throws {
    var model = PreflightModel()
    try model.note("persistentvolumeclaims", claim("a", "{}"))
    try model.note("persistentvolumeclaims", claim("b", "{volumeName: v}"))
    let text =
      "warning storage-class-missing: there is no default storage class, and 1 object asks for volumes "
      + "without naming one [persistentvolumeclaims 'shop/a' of 1]"
    #expect(findings(model) == [text])
    #expect(findings(model, ReferenceCheck.Known(hasDefaultClass: true)).isEmpty)
    #expect(findings(model, ReferenceCheck.Known(hasDefaultClass: nil)).isEmpty)
    try model.note(
      StorageClasses.type,
      "metadata: {name: s, annotations: {storageclass.kubernetes.io/is-default-class: 'true'}}"
    )
    #expect(findings(model).isEmpty)
  }

  @Test func `what may not be read is not known, and not missing`() throws {
    var model = PreflightModel()
    try model.note("pods", Self.pod)
    let type = "priorityclasses.scheduling.k8s.io"
    var known = ReferenceCheck.Known(present: Set(model.facts.references.keys))
    known.present.remove(ObjectAddress(type: type, name: "high"))
    known.gaps[type] = [PreflightGap(reason: "no")]
    #expect(
      findings(model, known) == [
        "warning unknown: it is not known which \(type) there are: no [pods 'shop/p' of 1]"
      ]
    )
  }

  // Ports.

  private func service(_ name: String, _ spec: String) -> String {
    "{metadata: {name: \(name), namespace: shop}, spec: \(spec)}"
  }

  @Test func `ports that others have, or that are wanted twice, are errors`() throws {
    var model = PreflightModel()
    try model.note("services", service("a", "{ports: [{port: 1, nodePort: 30001}]}"))
    try model.note("services", service("b", "{healthCheckNodePort: 30002, ports: [{port: 1}]}"))
    func taken(_ port: Int, _ name: String) -> PortCheck.Taken {
      .init(port: port, service: ObjectAddress(type: "services", namespace: "shop", name: name))
    }
    func texts(_ taken: [PortCheck.Taken]) -> [String] {
      PortCheck.findings(model.facts, taken: taken).map(\.text).sorted()
    }
    #expect(texts([]).isEmpty)
    #expect(texts([taken(30001, "a"), taken(30003, "x")]).isEmpty)
    #expect(
      texts([taken(30001, "x"), taken(30002, "x")]) == [
        "error node-port: the port 30001 of the nodes is that of services 'shop/x' "
          + "[services 'shop/a' of 1]",
        "error node-port: the port 30002 of the nodes is that of services 'shop/x' "
          + "[services 'shop/b' of 1]",
      ]
    )
    try model.note("services", service("c", "{ports: [{nodePort: 30001}, {nodePort: 30001}]}"))
    #expect(
      texts([]) == [
        "error node-port: the port 30001 of the nodes is wanted by 2 services of the restore "
          + "[services 'shop/a', services 'shop/c' of 2]"
      ]
    )
    #expect(
      texts([taken(30001, "a")]) == [
        "error node-port: the port 30001 of the nodes is that of services 'shop/a' "
          + "[services 'shop/c' of 1]"
      ]
    )
  }

  // Namespaces.

  @Test func `namespaces that are being deleted are a warning with what goes there`() throws {
    var model = PreflightModel()
    try model.noteConfigMaps(6, in: "shop")
    let targets = TargetNamespaces([
      .init(name: "shop", isTerminating: true), .init(name: "other", isTerminating: true),
    ])
    let found = targets.findings(model.facts)
    #expect(found.map(\.kind) == [.namespaceTerminating])
    #expect(found.map(\.message) == ["namespace 'shop' is being deleted"])
    #expect(found.map(\.count) == [6] && found.map(\.subjects.count) == [5])
  }

  @Test func `the labels of a namespace are those it has, will have, or nobody knows`() throws {
    var model = PreflightModel()
    try model.note("namespaces", "metadata: {name: new, labels: {team: a}}")
    let named = TargetNamespaces([
      .init(name: "old", labels: ["kubernetes.io/metadata.name": "old"])
    ])
    #expect(
      named.labels(of: "new", model.facts) == ["team": "a", "kubernetes.io/metadata.name": "new"]
    )
    #expect(named.labels(of: "old", model.facts) == ["kubernetes.io/metadata.name": "old"])
    let plain = TargetNamespaces([.init(name: "old")])
    #expect(plain.labels(of: "new", model.facts) == ["team": "a"])
    let blind = TargetNamespaces([], gaps: [PreflightGap(namespace: "old", reason: "no")])
    #expect(blind.labels(of: "old", model.facts) == nil)
  }

  // Permissions.

  private func action(_ verb: String, _ type: String, _ namespace: String?) -> PreflightFacts.Action
  {
    .init(verb: verb, type: type, namespace: namespace)
  }

  @Test func `refusals of one verb in the same namespaces are one finding`() throws {
    var model = PreflightModel()
    try model.noteConfigMaps(6, in: "a")
    try model.noteConfigMaps(1, in: "b")
    try model.note("secrets", "metadata: {name: s, namespace: a}", verbs: ["patch"])
    try model.note("clusterroles.rbac.authorization.k8s.io", "metadata: {name: r}")
    var answers: [PreflightFacts.Action: PermissionCheck.Answer] = [:]
    for action in model.facts.actions.keys { answers[action] = .refused }
    answers[action("create", "configmaps", "b")] = .unknown("why")
    let found = PermissionCheck.findings(model.facts, answers).sorted(by: PreflightFinding.precedes)
    #expect(
      found.map { "\($0.severity) \($0.message) (\($0.count))" } == [
        "error you may not create clusterroles.rbac.authorization.k8s.io (1)",
        "error you may not create configmaps in namespace 'a' (6)",
        "error you may not patch secrets in namespace 'a' (1)",
        "warning it is not known whether you may create configmaps in namespace 'b': why (1)",
      ]
    )
  }

  @Test func `rules are read as the server means them`() {
    func answer(
      _ verb: String,
      _ rules: [AccessRules.Rule],
      isIncomplete: Bool = false,
      _ error: String = ""
    ) -> PermissionCheck.Answer {
      PermissionCheck.answer(
        action(verb, "deployments.apps", "a"),
        AccessRules(rules: rules, isIncomplete: isIncomplete, evaluationError: error)
      )
    }
    let all = AccessRules.Rule(verbs: ["*"], groups: ["apps"], resources: ["*"])
    let one = AccessRules.Rule(
      verbs: ["*"],
      groups: ["*"],
      resources: ["deployments"],
      names: ["x"]
    )
    #expect(answer("create", [all]) == .allowed)
    #expect(answer("create", []) == .refused)
    #expect(answer("create", [one]) == .refused)
    #expect(answer("patch", [one]) == .unknown("it is allowed for objects of some names"))
    #expect(
      answer("create", [], isIncomplete: true)
        == .unknown("the server cannot tell all that is allowed")
    )
    let nodes = "node authorizer does not support user rule resolution"
    #expect(answer("create", [], isIncomplete: true, nodes) == .refused)
    #expect(answer("create", [], isIncomplete: true, "x, \(nodes)") == .unknown("x, \(nodes)"))
  }

  // Order.

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `objects may be noted in any order`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let kinds: [(type: String, spec: String)] = [
      ("pods", "{priorityClassName: high, serviceAccountName: robot, containers: []}"),
      ("services", "{ports: [{nodePort: 30001}]}"), ("services", "{ports: [{nodePort: 30002}]}"),
      ("persistentvolumeclaims", "{storageClassName: fast}"), ("persistentvolumeclaims", "{}"),
      ("persistentvolumeclaims", "{storageClassName: fast, volumeName: v}"),
    ]
    let objects = (0..<Int.random(in: 5...40, using: &random)).map { number in
      let kind = kinds[Int.random(in: kinds.indices, using: &random)]
      let namespace = "n\(Int.random(in: 0...2, using: &random))"
      let metadata = "metadata: {name: o-\(number), namespace: \(namespace)}"
      return (type: kind.type, text: "\(metadata)\nspec: \(kind.spec)")
    }
    func found(_ objects: [(type: String, text: String)]) throws -> [String] {
      var model = PreflightModel()
      for object in objects { try model.note(object.type, object.text) }
      var answers: [PreflightFacts.Action: PermissionCheck.Answer] = [:]
      for action in model.facts.actions.keys { answers[action] = .refused }
      var known = ReferenceCheck.Known()
      known.gaps[StorageClasses.type] = [PreflightGap(reason: "no")]
      let found =
        PermissionCheck.findings(model.facts, answers) + ReferenceCheck.findings(model.facts, known)
        + PortCheck.findings(model.facts, taken: [])
      return found.sorted(by: PreflightFinding.precedes).map(\.text)
    }
    #expect(try found(objects) == found(objects.shuffled(using: &random)))
  }

  @Test func `of many the least five are kept, and all are counted`() {
    var few = FirstFew<Int>()
    for number in (0..<100).reversed() { few.add(number) }
    #expect(few.elements == [0, 1, 2, 3, 4] && few.count == 100)
    var both = FirstFew([9, 8])
    both.append(few)
    #expect(both.elements == [8, 9, 0, 1, 2] && both.count == 102)
  }
}
