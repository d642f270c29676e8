// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct QuotaRulesTests {
  private func quota(
    _ hard: [String: String],
    used: [String: String] = [:],
    isScoped: Bool = false
  ) -> QuotaCheck.Quota {
    QuotaCheck.Quota(
      address: ObjectAddress(type: "resourcequotas", namespace: "shop", name: "q"),
      hard: hard.compactMapValues { Quantity($0) },
      used: used.compactMapValues { Quantity($0) },
      isScoped: isScoped
    )
  }

  private func limits(_ text: String) throws -> QuotaCheck.Limits {
    QuotaCheck.Limits(
      address: ObjectAddress(type: "limitranges", namespace: "shop", name: "l"),
      range: LimitRange(try PreflightModel.object(text))
    )
  }

  private static let pod = """
    metadata: {name: web-0, namespace: shop, labels: {pod-template-hash: abc}}
    spec: {containers: [{name: a, resources: {requests: {cpu: 500m}, limits: {memory: 1Gi}}}]}
    """
  private static let deployment = """
    metadata: {name: web, namespace: shop}
    spec:
      replicas: 3
      template:
        spec: {containers: [{name: a, resources: {requests: {cpu: 500m}, limits: {memory: 1Gi}}}]}
    """

  private func shop() throws -> PreflightModel {
    var model = PreflightModel()
    try model.noteConfigMaps(7, in: "shop")
    try model.note("pods", Self.pod)
    try model.note("deployments.apps", Self.deployment)
    return model
  }

  private func texts(_ model: PreflightModel, _ quota: QuotaCheck.Quota) -> [String] {
    QuotaRules(facts: model.facts).findings(quota).map(\.text)
  }

  @Test func `what fits is no finding, to the last object`() throws {
    let model = try shop()
    #expect(texts(model, quota(["configmaps": "10"], used: ["configmaps": "3"])).isEmpty)
    #expect(
      texts(model, quota(["count/deployments.apps": "1", "pods": "3", "cpu": "1500m"])).isEmpty
    )
    #expect(texts(model, quota(["secrets": "0", "services": "0"])).isEmpty)
  }

  @Test func `counts beyond a quota are an error with the objects`() throws {
    #expect(
      texts(try shop(), quota(["count/configmaps": "9"], used: ["count/configmaps": "3"])) == [
        "error quota: the objects take more than the quota 'q' of the namespace 'shop' has left: "
          + "count/configmaps 7 more, with 3 of 9 used [configmaps 'shop/cm-0', configmaps 'shop/cm-1', "
          + "configmaps 'shop/cm-2', configmaps 'shop/cm-3', configmaps 'shop/cm-4' of 7]"
      ]
    )
  }

  @Test
  func `pods that a workload will have are a warning, and those that are restored count once`()
    throws
  {
    let model = try shop()
    #expect(
      texts(model, quota(["pods": "2", "requests.memory": "2Gi", "requests.cpu": "2"])) == [
        "warning quota: the workloads ask for more than the quota 'q' of the namespace 'shop' has "
          + "left: pods 3 more, with 0 of 2 used; requests.memory 3Gi more, with 0 of 2Gi used "
          + "[pods 'shop/web-0' of 1]"
      ]
    )
    #expect(texts(model, quota(["pods": "0"])).count == 1)
    #expect(texts(model, quota(["pods": "0"]))[0].hasPrefix("error quota"))
  }

  @Test func `a quota for some objects only warns`() throws {
    let found = texts(try shop(), quota(["pods": "0"], isScoped: true))
    #expect(found.count == 1 && found[0].hasPrefix("warning quota"))
    #expect(found[0].contains("it is for some of them only"))
  }

  @Test func `objects that exist take nothing more`() throws {
    var model = PreflightModel()
    try model.note("pods", Self.pod, verbs: ["patch"])
    try model.note("deployments.apps", Self.deployment, verbs: ["delete", "create"])
    #expect(texts(model, quota(["pods": "0", "count/deployments.apps": "0"])).isEmpty)
  }

  @Test func `services count by their ports and balancers`() throws {
    var model = PreflightModel()
    try model.note(
      "services",
      "{metadata: {name: a, namespace: shop}, spec: {type: NodePort, ports: [{port: 1}, {port: 2}]}}"
    )
    try model.note(
      "services",
      "{metadata: {name: b, namespace: shop}, spec: {type: LoadBalancer, ports: [{port: 1}]}}"
    )
    try model.note(
      "services",
      """
      metadata: {name: c, namespace: shop}
      spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 1}]}
      """
    )
    let fits = quota(["services": "3", "services.nodeports": "3", "services.loadbalancers": "2"])
    #expect(texts(model, fits).isEmpty)
    let found = texts(
      model,
      quota(["services": "2", "services.nodeports": "2", "services.loadbalancers": "1"])
    )
    #expect(found.count == 1)
    #expect(found[0].contains("services 3 more") && found[0].contains("services.nodeports 3 more"))
    #expect(found[0].contains("services.loadbalancers 2 more"))
  }

  @Test func `claims count by amount, by class and with those of templates`() throws {
    var model = PreflightModel()
    for number in 0..<2 {
      try model.note(
        "persistentvolumeclaims",
        """
        metadata: {name: data-db-\(number), namespace: shop}
        spec: {storageClassName: fast, resources: {requests: {storage: 10Gi}}}
        """
      )
    }
    try model.note(
      "statefulsets.apps",
      """
      metadata: {name: db, namespace: shop}
      spec:
        replicas: 3
        template: {spec: {containers: [{name: a}]}}
        volumeClaimTemplates:
        - metadata: {name: data}
          spec: {storageClassName: fast, resources: {requests: {storage: 10Gi}}}
      """
    )
    let prefix = "fast.storageclass.storage.k8s.io/"
    #expect(
      texts(model, quota(["requests.storage": "30Gi", "persistentvolumeclaims": "3"])).isEmpty
    )
    let eventual = texts(model, quota([prefix + "requests.storage": "29Gi"]))
    #expect(eventual.count == 1 && eventual[0].hasPrefix("warning quota"))
    #expect(eventual[0].contains("requests.storage 30Gi more, with 0 of 29Gi used"))
    let immediate = texts(model, quota(["count/persistentvolumeclaims": "1"]))
    #expect(immediate.count == 1 && immediate[0].hasPrefix("error quota"))
    #expect(immediate[0].hasSuffix("of 2]"))
  }

  @Test func `containers have to state what a quota counts`() throws {
    let model = try shop()
    let roomy = quota(["limits.cpu": "100", "limits.memory": "100Gi"])
    let found = texts(model, roomy)
    #expect(found.count == 2)
    #expect(
      found[0]
        == "error quota: the quota 'q' of the namespace 'shop' wants every container to state limits.cpu, "
        + "and 1 object does not [pods 'shop/web-0' of 1]"
    )
    #expect(found[1].hasPrefix("warning quota: the quota 'q'"))
    #expect(found[1].hasSuffix("[deployments.apps 'shop/web' of 1]"))
    let range = try limits("spec: {limits: [{type: Container, default: {cpu: 1}}]}")
    #expect(QuotaRules(facts: model.facts, limits: [range]).findings(roomy).isEmpty)
    let unknown = QuotaRules(facts: model.facts, knowsLimits: false).findings(roomy)
    #expect(unknown.map(\.severity) == [.warning, .warning])
    var withRange = model
    try withRange.note(
      "limitranges",
      """
      metadata: {name: l, namespace: shop}
      spec: {limits: [{type: Container, max: {cpu: 2}}]}
      """
    )
    #expect(texts(withRange, roomy).isEmpty)
  }

  @Test func `limit ranges are one note, and only where pods or claims come`() throws {
    let range = try limits("spec: {limits: [{type: Pod}]}")
    let rules = QuotaRules(facts: try shop().facts, limits: [range])
    #expect(
      rules.limitFindings.map(\.text) == [
        "note limit-range: limit ranges in namespace 'shop' may change or refuse pods and claims "
          + "[pods 'shop/web-0', deployments.apps 'shop/web' of 2]"
      ]
    )
    var model = PreflightModel()
    try model.noteConfigMaps(1, in: "shop")
    #expect(QuotaRules(facts: model.facts, limits: [range]).limitFindings.isEmpty)
  }

  @Test func `the pods of daemon sets are not known`() throws {
    var model = PreflightModel()
    try model.note(
      "daemonsets.apps",
      """
      metadata: {name: agent, namespace: shop}
      spec: {template: {spec: {containers: [{name: a}]}}}
      """
    )
    #expect(texts(model, quota(["pods": "5"])).map { $0.prefix(12) } == ["note unknown"])
    #expect(texts(model, quota(["secrets": "5"])).isEmpty)
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `the order in which objects are noted does not matter`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var objects: [(type: String, text: String)] = []
    for number in 0..<Int.random(in: 1...12, using: &random) {
      let cpu = Int.random(in: 1...9, using: &random)
      let metadata = "metadata: {name: o-\(number), namespace: shop}"
      let spec = "{containers: [{name: a, resources: {limits: {cpu: \(cpu), memory: 1Mi}}}]}"
      objects.append(
        Bool.random(using: &random)
          ? ("pods", "\(metadata)\nspec: \(spec)")
          : ("deployments.apps", "\(metadata)\nspec: {replicas: \(cpu), template: {spec: \(spec)}}")
      )
    }
    let small = quota([
      "pods": "\(Int.random(in: 0...20, using: &random))",
      "limits.cpu": "\(Int.random(in: 0...90, using: &random))",
    ])
    func found(_ objects: [(type: String, text: String)]) throws -> [String] {
      var model = PreflightModel()
      for object in objects { try model.note(object.type, object.text) }
      return texts(model, small)
    }
    #expect(try found(objects) == found(objects.shuffled(using: &random)))
  }
}
