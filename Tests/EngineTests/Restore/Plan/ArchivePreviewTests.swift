// SPDX-License-Identifier: Apache-2.0

import ArchiveFuzzing
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

/// What a restore's filter takes of an archive, as it is typed: the same objects as the plan's.
struct ArchivePreviewTests {
  private static func selector(_ model: ArchiveModel) async throws -> ArchiveSelector {
    let archive = model.archive()
    let store = MemoryStore()
    try await store.put("a", archive)
    let index = try archiveIndex(archive)
    return ArchiveSelector(
      index: index,
      reader: ArchiveItemReader(store: store, key: "a", index: index)
    )
  }

  private static func selection(
    _ filter: RestoreFilter = RestoreFilter(),
    objects: [String] = []
  ) throws -> ArchiveSelection {
    var options = RestoreOptions()
    options.objects = objects
    var selection = try ArchiveSelection(RestoreSpec(), options)
    selection.filter = filter
    return selection
  }

  private static func taken(_ preview: ArchivePreview) -> Set<String> {
    Set(
      preview.index.items.filter { preview.isTaken($0.number) }.map { item in
        preview.index.address(item.number).text
      }
    )
  }

  /// A pod with a claim and its volume, in a namespace of a backup with others.
  private static let chain = ArchiveModel(objects: [
    ArchiveModel.object(
      "pods",
      "shop",
      "db",
      labels: ["app": "db"],
      ["spec": ["volumes": [["persistentVolumeClaim": ["claimName": "data"]]]]]
    ),
    ArchiveModel.object(
      "persistentvolumeclaims",
      "shop",
      "data",
      ["spec": ["volumeName": "pv-1"], "status": ["phase": "Bound"]]
    ),
    ArchiveModel.object("persistentvolumes", nil, "pv-1"),
    ArchiveModel.object("persistentvolumes", nil, "pv-2"),
    ArchiveModel.object("configmaps", "pay", "settings"),
    ArchiveModel.object("namespaces", nil, "shop"),
    ArchiveModel.object("namespaces", nil, "pay"),
  ])

  @Test func `without a filter all is taken but what never is, and each reason is counted`()
    async throws
  {
    let preview = try await Self.selector(.shop)
      .preview(Self.selection(), discovery: ArchiveModel.discovery)
    #expect(preview.isWhole)
    #expect(preview.count == 16)
    #expect(preview.takenCount == 12)
    #expect(preview.types.first { $0.name == "pods" }?.taken == 1)
    #expect(preview.types.first { $0.name == "pods" }?.leftTotal == 2)
    #expect(preview.namespaces.map(\.name) == ["", "pay", "shop"])
    #expect(preview.namespaces.map(\.leftTotal) == [1, 0, 3])
    #expect(preview.reasons.map(\.count) == [1, 1, 1, 1])
    let done = try #require(preview.index.number(of: ObjectAddress("pods/shop/done")))
    #expect(preview.reason(for: done) == "it had ended when it was backed up")
    let key = try #require(preview.index.number(of: ObjectAddress("secrets/shop/key")))
    #expect(preview.reason(for: key) == "all of the backup is asked for")
  }

  @Test func `what pods bring along is read once, and told with what brings it`() async throws {
    let selector = try await Self.selector(Self.chain)
    let filter = RestoreFilter(
      includedNamespaces: ["shop"],
      labelSelector: try LabelSelector(parsing: "app=db")
    )
    var drafts: [ArchivePreview] = []
    let preview = try await selector.preview(
      Self.selection(filter),
      discovery: ArchiveModel.discovery
    ) { drafts.append($0) }
    #expect(drafts.count == 1)
    #expect(drafts.first?.isWhole == false)
    // The namespace is made for the pod, whatever the selector says of it.
    #expect(drafts.first.map(Self.taken) == ["pods/shop/db", "namespaces/shop"])
    #expect(preview.isWhole)
    #expect(
      Self.taken(preview) == [
        "pods/shop/db", "persistentvolumeclaims/shop/data", "persistentvolumes/pv-1",
        "namespaces/shop",
      ]
    )
    let volume = try #require(preview.index.number(of: ObjectAddress("persistentvolumes/pv-1")))
    #expect(preview.reason(for: volume) == "needed by persistentvolumeclaims 'shop/data'")
    #expect(
      preview.origins(of: volume).map { preview.index.address($0).text } == [
        "persistentvolumeclaims/shop/data", "pods/shop/db",
      ]
    )
    let space = try #require(preview.index.number(of: ObjectAddress("namespaces/shop")))
    #expect(preview.reason(for: space) == "namespace of objects that are restored")
    _ = try await selector.preview(Self.selection(filter), discovery: ArchiveModel.discovery) {
      drafts.append($0)
    }
    #expect(drafts.count == 1, "it is read once")
  }

  @Test func `named objects are told as such, and one that is not there is an error`() async throws
  {
    let selector = try await Self.selector(.shop)
    let preview = try await selector.preview(
      Self.selection(objects: ["cm/shop/settings"]),
      discovery: ArchiveModel.discovery
    )
    #expect(Self.taken(preview) == ["configmaps/shop/settings", "namespaces/shop"])
    let number = try #require(preview.index.number(of: ObjectAddress("configmaps/shop/settings")))
    #expect(preview.reason(for: number) == "one of the objects that are named")
    await #expect(throws: EngineError.self) {
      try await selector.preview(
        Self.selection(objects: ["cm/shop/none"]),
        discovery: ArchiveModel.discovery
      )
    }
  }

  @Test func `a filter that makes no sense is an error, and one that takes nothing is remarked`()
    async throws
  {
    let selector = try await Self.selector(.shop)
    await #expect(throws: EngineError.self) {
      try await selector.preview(
        Self.selection(RestoreFilter(includedNamespaces: ["a"], excludedNamespaces: ["a"])),
        discovery: ArchiveModel.discovery
      )
    }
    let none = try await Self.selector(Self.chain).preview(
      Self.selection(RestoreFilter(includedNamespaces: ["none"])),
      discovery: ArchiveModel.discovery
    )
    #expect(none.takenCount == 0)
    #expect(none.remarks.first?.message == "the filter takes none of the 7 objects of the backup")
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `it takes what the plan restores, makes or finds an obstacle for`(seed: UInt64) async throws
  {
    var random = SplitMix64(state: seed)
    func some(_ names: [String], _ chance: Int) -> [String] {
      names.filter { _ in Int.random(in: 0..<chance, using: &random) == 0 }
    }
    var model = ArchiveModel()
    for object in (ArchiveModel.shop.objects + Self.chain.objects).shuffled(using: &random)
    where Int.random(in: 0..<5, using: &random) > 0
      && !model.objects.contains(where: { $0.address == object.address })
    {
      model.objects.append(object)
    }
    let filter = RestoreFilter(
      includedNamespaces: some(["shop", "pay"], 2),
      excludedNamespaces: [],
      resources: LegacyResourceFilter(
        included: some(["pods", "persistentvolumeclaims", "persistentvolumes", "configmaps"], 2),
        excluded: [],
        includeClusterResources: [nil, true, false].randomElement(using: &random) ?? nil
      ),
      labelSelector: Bool.random(using: &random)
        ? nil : try LabelSelector(parsing: "app in (shop,db)")
    )
    let selector = try await Self.selector(model)
    let preview = try await selector.preview(
      Self.selection(filter),
      discovery: ArchiveModel.discovery
    )
    let index = preview.index
    var needs: [Int: [ObjectAddress]] = [:]
    for object in model.objects {
      guard let number = index.number(of: object.address) else { continue }
      needs[number] = RestoreTransform.needs(object.json("v1"), object.address)
    }
    let plan = RestorePlanner(filter: filter, discovery: ArchiveModel.discovery)
      .plan(index) { needs[$0] ?? [] }
    let left = Set(
      plan.items.compactMap { item -> Int? in
        if case .skipped = item.standing { item.number } else { nil }
      }
    )
    let expected = Set((0..<index.itemCount).filter { !left.contains($0) })
    #expect(Set((0..<index.itemCount).filter(preview.isTaken)) == expected)
    #expect(preview.takenCount == expected.count)
    for rows in [preview.types, preview.namespaces] {
      #expect(rows.reduce(0) { $0 + $1.taken } == expected.count)
      #expect(rows.reduce(0) { $0 + $1.leftTotal } == index.itemCount - expected.count)
    }
    let listed = preview.types.flatMap { row in
      preview.numbers(ofType: row.name, taken: true)
        + preview.numbers(ofType: row.name, taken: false)
    }
    #expect(listed.sorted() == Array(0..<index.itemCount))
  }

  @Test func `labels are counted by their values`() throws {
    let counts = try ArchiveModel.shop.index().labelCounts
    #expect(counts == ["app": ["shop": 3, "pay": 1]])
  }
}

extension ObjectAddress {
  /// Takes `type/namespace/name` or `type/name`.
  fileprivate init(_ text: String) {
    let parts = text.split(separator: "/").map(String.init)
    self.init(
      type: parts[0],
      namespace: parts.count > 2 ? parts[1] : nil,
      name: parts[parts.count - 1]
    )
  }
}
