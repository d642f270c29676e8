// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Testing
import Velero

@testable import Engine

/// Plans of real backups, against the cluster that they were made of.
@Suite(.timeLimit(.minutes(10)))
struct RestorePlanClusterTests {
  private struct Made {
    var plan: RestorePlan
    var index: ArchiveIndex
    var objects: [Int: JSONValue]
    var discovery: Discovery
  }

  private func plan(filter: RestoreFilter, mapping: NamespaceMapping) async throws -> Made {
    let fixture = try BackupRunFixture()
    let archive = try await fixture.archive("b", .everything)
    let index = try archiveIndex(try await fixture.file(.contents))
    var objects: [Int: JSONValue] = [:]
    for item in index.items {
      let path = item.path(in: .unversioned).text
      objects[item.number] = try JSONValue(parsing: try #require(archive.files[path]))
    }
    let discovery = try await fixture.client.discover()
    let planner = RestorePlanner(filter: filter, mapping: mapping, discovery: discovery)
    let plan = planner.plan(index) { number in
      RestoreTransform.needs(objects[number] ?? [:], index.address(number))
    }
    return Made(plan: plan, index: index, objects: objects, discovery: discovery)
  }

  @Test(.sandbox(.demo))
  func `a restore over the cluster that was backed up finds every object identical`() async throws {
    let made = try await plan(filter: RestoreFilter(), mapping: NamespaceMapping())
    let transform = RestoreTransform(.init(backup: "b", restore: "r"))
    var different: [String] = []
    var restoredCount = 0
    for item in made.plan.items {
      guard case .restored = item.standing else { continue }
      let object = try #require(made.objects[item.number])
      let place = made.index.address(item.number)
      let outcome = transform.apply(to: object, at: place)
      guard outcome.skip == nil else { continue }
      restoredCount += 1
      let action = ExistingObject.action(
        desired: outcome.object,
        archived: object,
        live: object,
        resource: place.type,
        policy: .none
      )
      if action != .skipIdentical(labels: nil) { different.append("\(place): \(action)") }
    }
    #expect(different.isEmpty, "\(different.prefix(5))")
    #expect(restoredCount > 100)
    #expect(made.plan.remarks.isEmpty)
  }

  @Test(.sandbox(.demo))
  func `every object of the archive is in the plan once`() async throws {
    let mapping = NamespaceMapping(["shop": "shop-copy"])
    for filter in [RestoreFilter(), RestoreFilter(includedNamespaces: ["shop"])] {
      let made = try await plan(filter: filter, mapping: mapping)
      let numbers =
        made.plan.items.map(\.number) + made.plan.namespaces.compactMap(\.number)
      #expect(numbers.sorted() == Array(0..<made.index.itemCount))
      #expect(made.plan.namespaces.map(\.target).contains("shop-copy"))
      #expect(!made.plan.namespaces.map(\.target).contains("shop"))
      let failing = made.plan.items.filter {
        if case .failing = $0.standing { true } else { false }
      }
      #expect(failing.isEmpty)
    }
  }
}
