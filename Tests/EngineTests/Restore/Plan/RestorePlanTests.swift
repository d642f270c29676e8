// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Testing
import Velero

@testable import Engine

struct RestorePlanTests {
  private func plan(
    _ model: ArchiveModel = .shop,
    filter: RestoreFilter = RestoreFilter(),
    mapping: [String: String] = [:],
    discovery: Discovery = ArchiveModel.discovery,
    versions: [String: [String]]? = nil
  ) throws -> (plan: RestorePlan, index: ArchiveIndex) {
    let index = try model.index()
    let planner = RestorePlanner(
      filter: filter,
      mapping: NamespaceMapping(mapping),
      discovery: discovery,
      versions: versions
    )
    return (planner.plan(index), index)
  }

  private func lines(_ plan: RestorePlan, _ index: ArchiveIndex) -> [String] {
    plan.items.map { item in
      let name = index.address(item.number).text
      switch item.standing {
      case .restored(let wave, let copy):
        return "\(wave) \(name) \(index.path(ofCopy: copy).version)"
      case .skipped(let skip): return "skip \(name): \(skip)"
      case .failing(let obstacle): return "fail \(name): \(obstacle)"
      }
    }
  }

  @Test func `objects come wave by wave, and those that are left behind them with the reason`()
    throws
  {
    let (plan, index) = try plan()
    #expect(
      lines(plan, index) == [
        "fail volumesnapshotcontents.snapshot.storage.k8s.io/vsc-1: the target has no type "
          + "'volumesnapshotcontents.snapshot.storage.k8s.io', and the backup has no definition of it",
        "2 persistentvolumes/pv-1 unversioned",
        "3 persistentvolumeclaims/shop/data unversioned",
        "4 clusterroles.rbac.authorization.k8s.io/reader unversioned",
        "5 secrets/shop/key unversioned", "6 configmaps/pay/settings unversioned",
        "6 configmaps/shop/settings unversioned",
        "7 priorityclasses.scheduling.k8s.io/high unversioned", "8 pods/shop/web unversioned",
        "9 deployments.apps/shop/web unversioned",
      ]
        + [
          "skip pods/shop/done: it had ended when it was backed up",
          "skip pods/shop/mirror: its node makes it out of a file of its own",
          "skip events/shop/e1: objects of the type 'events' are never restored",
          "skip nodes/n1: objects of the type 'nodes' are never restored",
        ]
    )
    #expect(plan.namespaces.map(\.target) == ["pay", "shop"])
  }

  @Test func `types that the target lacks are told, with where their definition is`() throws {
    let object = ArchiveModel.object("widgets.example.com", "shop", "w")
    let definition = ArchiveModel.object(RestoreWave.definitions, nil, "widgets.example.com")
    var (plan, index) = try plan(ArchiveModel(objects: [object]))
    #expect(
      lines(plan, index) == [
        "fail widgets.example.com/shop/w: the target has no type 'widgets.example.com', "
          + "and the backup has no definition of it"
      ]
    )
    var filter = RestoreFilter()
    filter.resources.excluded = ["customresourcedefinitions"]
    (plan, index) = try self.plan(ArchiveModel(objects: [object, definition]), filter: filter)
    #expect(
      lines(plan, index).first == "fail widgets.example.com/shop/w: the target has no type "
        + "'widgets.example.com', and its definition is in the backup but not restored"
    )
    (plan, index) = try self.plan(ArchiveModel(objects: [object, definition]))
    #expect(
      lines(plan, index) == [
        "0 customresourcedefinitions.apiextensions.k8s.io/widgets.example.com unversioned",
        "2 widgets.example.com/shop/w unversioned",
      ]
    )
    #expect(plan.restoredCount == 2)
  }

  @Test func `a type of a group that does not answer is unknown, not missing`() throws {
    var discovery = ArchiveModel.discovery
    discovery.failures = [
      DiscoveryFailure(group: "metrics.example.com", version: "v1", message: "it is down")
    ]
    let object = ArchiveModel.object("probes.metrics.example.com", "shop", "p")
    let (plan, index) = try plan(ArchiveModel(objects: [object]), discovery: discovery)
    #expect(
      lines(plan, index) == [
        "fail probes.metrics.example.com/shop/p: it is not known whether the target has the type "
          + "'probes.metrics.example.com': it is down"
      ]
    )
  }

  @Test func `an entry is read in a version that the target serves`() throws {
    var old = ArchiveModel.object("cronjobs.batch", "shop", "old")
    old.versions = [
      .unversioned: "v2alpha1", .preferred("v2alpha1"): "v2alpha1", .other("v1beta1"): "v1beta1",
    ]
    var gone = ArchiveModel.object("deployments.apps", "shop", "gone")
    gone.versions = [.unversioned: "v1beta2"]
    let (plan, index) = try plan(ArchiveModel(objects: [old, gone]))
    #expect(
      lines(plan, index) == [
        "1 cronjobs.batch/shop/old other(\"v1beta1\")",
        "fail deployments.apps/shop/gone: the target serves 'deployments.apps' in v1, and the backup has it in v1beta2",
      ]
    )
    var both = ArchiveModel.object("cronjobs.batch", "shop", "both")
    both.versions = [.unversioned: "v1", .preferred("v1"): "v1", .other("v1beta1"): "v1beta1"]
    let model = ArchiveModel(objects: [both])
    let plain = try self.plan(model)
    #expect(lines(plain.plan, plain.index) == ["1 cronjobs.batch/shop/both unversioned"])
    let chosen = try self.plan(model, versions: ["cronjobs.batch": ["v3", "v1beta1"]])
    #expect(lines(chosen.plan, chosen.index) == ["1 cronjobs.batch/shop/both other(\"v1beta1\")"])
    let preferred = try self.plan(model, versions: [:])
    #expect(
      lines(preferred.plan, preferred.index) == ["1 cronjobs.batch/shop/both preferred(\"v1\")"]
    )
  }

  @Test func `of two namespaces that become one the first object of a name is restored`() throws {
    let (plan, index) = try plan(mapping: ["pay": "shop"])
    #expect(
      lines(plan, index).contains(
        "skip configmaps/shop/settings: configmaps 'pay/settings' is restored to the same place"
      )
    )
    #expect(plan.namespaces.map(\.target) == ["shop"])
    #expect(
      plan.remarks.map(\.message).contains(
        "objects of the namespaces pay, shop are all restored into 'shop'; of those with the same name only the first is"
      )
    )
  }

  @Test func `pitfalls are told`() throws {
    var filter = RestoreFilter(includedNamespaces: ["pay", "none"])
    filter.resources.includeClusterResources = true
    filter.resources.included = ["*"]
    let (plan, _) = try plan(filter: filter, mapping: ["lost": "found"])
    #expect(
      plan.remarks.map(\.message) == [
        "the backup has no objects of a namespace 'none'",
        "restored as empty namespaces, because --include-cluster-resources=true takes every Namespace object: shop",
        "the namespace 'lost', which is to be restored as 'found', is not in the backup",
      ]
    )
    var nothing = RestoreFilter(includedNamespaces: ["no*"])
    nothing.resources.included = ["gadgets.example.com"]
    nothing.resources.includeClusterResources = false
    let empty = try self.plan(filter: nothing).plan
    #expect(
      empty.remarks.map(\.message) == [
        "the filter takes none of the 16 objects of the backup",
        "no namespace of the backup matches 'no*'",
        "the backup has no objects of the type 'gadgets.example.com'",
      ]
    )
    #expect(try self.plan().plan.remarks.isEmpty)
  }

  @Test func `single objects come by name, with what they bring along`() throws {
    let index = try ArchiveModel.shop.index()
    let discovery = ArchiveModel.discovery
    let named = try NamedObjects(
      ["cm/shop/settings", "po/shop/web"],
      in: index,
      discovery: discovery
    )
    let planner = RestorePlanner(discovery: discovery)
    let high = ObjectAddress(type: "priorityclasses.scheduling.k8s.io", name: "high")
    let plan = planner.plan(index, only: named) {
      index[$0].resource == "pods" ? [high] : []
    }
    let restored = plan.items.prefix(plan.restoredCount).map { index.address($0.number).text }
    #expect(
      restored == ["configmaps/shop/settings", high.text, "pods/shop/web"]
    )
    #expect(plan.namespaces.map(\.target) == ["shop"])
    #expect(plan.items.last?.standing == .skipped(.notNamed))
  }

  @Test(arguments: [
    ("settings", EngineError.Code.invalid, "write type/namespace/name"),
    ("cm//settings", .invalid, "write type/namespace/name"),
    ("cm/none/settings", .notFound, "it has configmaps 'shop/settings'"),
    ("gadgets/shop/none", .notFound, ""),
  ])
  func `names of no object are refused`(text: String, code: EngineError.Code, hint: String) throws {
    let index = try ArchiveModel.shop.index()
    do {
      _ = try NamedObjects([text], in: index, discovery: ArchiveModel.discovery)
      Issue.record("no error")
    } catch let error as EngineError {
      #expect(error.code == code)
      #expect((error.hint ?? "").hasPrefix(hint) && (error.hint == nil) == hint.isEmpty)
    }
  }

  /// Source: velero/05, section 3, read once more and in the plainest way.
  struct Naive {
    var included: [String]
    var excluded: [String]
    var namespaces: [String]
    var excludedNamespaces: [String]
    var cluster: Bool?
    var selector: LabelSelector?

    func takes(_ object: ArchiveModel.Object) -> Bool {
      let isMust = RestoreSelection.mustHave.contains(object.resource)
      if object.namespace == nil, cluster == false { return false }
      if !isMust {
        if ["events", "nodes"].contains(object.resource) { return false }
        if excluded.contains(object.resource) { return false }
        if !included.isEmpty, !included.contains(object.resource) { return false }
        if let namespace = object.namespace {
          if excludedNamespaces.contains(namespace) { return false }
          if !namespaces.isEmpty, !namespaces.contains(namespace) { return false }
        } else if cluster == nil, !namespaces.isEmpty || !excludedNamespaces.isEmpty {
          return false
        }
        if let selector, !selector.matches(object.labels) { return false }
      }
      return object.more[path: "status", "phase"]?.string != "Succeeded"
        && object.more[path: "metadata", "annotations"] == nil
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the plan of a random archive and filter is that of a plain model`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    func some(_ names: [String], _ chance: Int) -> [String] {
      names.filter { _ in Int.random(in: 0..<chance, using: &random) == 0 }
    }
    var model = ArchiveModel()
    let types = Array(Set(ArchiveModel.shop.objects.map(\.resource))).sorted()
    for object in ArchiveModel.shop.objects.shuffled(using: &random) {
      guard Int.random(in: 0..<5, using: &random) > 0 else { continue }
      model.objects.append(object)
      guard object.namespace == "shop", Bool.random(using: &random) else { continue }
      var twin = object
      twin.namespace = "twin"
      model.objects.append(twin)
    }
    let excluded = some(types, 6)
    let included = some(types, 3).filter {
      !excluded.contains($0) && $0 != "events" && $0 != "nodes"
    }
    let naive = Naive(
      included: Bool.random(using: &random) ? [] : included,
      excluded: excluded,
      namespaces: Bool.random(using: &random) ? [] : some(["shop", "twin", "pay"], 2),
      excludedNamespaces: some(["shop", "twin", "pay"], 6),
      cluster: [nil, true, false].randomElement(using: &random) ?? nil,
      selector: Bool.random(using: &random) ? nil : try LabelSelector(parsing: "app in (shop,pay)")
    )
    let filter = RestoreFilter(
      includedNamespaces: naive.namespaces,
      excludedNamespaces: naive.excludedNamespaces,
      resources: LegacyResourceFilter(
        included: naive.included,
        excluded: naive.excluded,
        includeClusterResources: naive.cluster
      ),
      labelSelector: naive.selector
    )
    let (plan, index) = try plan(model, filter: filter)
    let planned = plan.items.filter {
      switch $0.standing {
      case .restored, .failing: true
      case .skipped: false
      }
    }
    let expected = model.objects.filter { naive.takes($0) && $0.resource != "namespaces" }
    #expect(
      Set(planned.map { index.address($0.number) }) == Set(expected.map(\.address))
    )
    let targets = Set(expected.compactMap(\.namespace)).union(
      model.objects.filter { $0.resource == "namespaces" && naive.takes($0) }.map(\.name)
    )
    #expect(plan.namespaces.map(\.target) == targets.sorted())
    #expect(Set(plan.items.map(\.number)).count == plan.items.count)
    let waves = plan.items.compactMap { item -> Int? in
      if case .restored(let wave, _) = item.standing { wave } else { nil }
    }
    #expect(waves == waves.sorted())
  }
}
