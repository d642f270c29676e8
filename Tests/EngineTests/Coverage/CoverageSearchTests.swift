// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

struct CoverageSearchTests {
  private func backup(_ name: String, hours: Int64, namespaces: Set<String>? = nil)
    -> CoverageBackup
  {
    CoverageBackup(
      name: name,
      started: .test + GoDuration(seconds: -hours * 3600),
      namespaces: namespaces
    )
  }

  @Test func `the first backup that holds an object is its row, and then the search is complete`() {
    var search = CoverageSearch(objects: [
      .deployment("b", "y"), .deployment("a", "x"), .deployment("a", "x"), .namespace("a"),
    ])
    #expect(search.objects.map(\.name) == ["a", "x", "y"])
    search.take(backup("new", hours: 1), holding: [1])
    #expect(!search.isComplete)
    search.take(backup("old", hours: 2), holding: [0, 1, 2])
    #expect(search.isComplete)
    #expect(
      search.rows.map(\.text) == ["Namespace a: old", "Deployment a/x: new", "Deployment b/y: old"]
    )
  }

  @Test func `what is found nowhere was never backed up, unless a backup's contents are unknown`() {
    var search = CoverageSearch(objects: [
      .deployment("a", "x"), .deployment("a", "y", exclusion: .label),
    ])
    #expect(search.rows.map(\.text).first == "Deployment a/x: never")
    search.takeUnknown(in: nil)
    #expect(
      search.rows.map(\.text) == ["Deployment a/x: unknown", "Deployment a/y: excluded by label"]
    )
  }

  @Test func `backups of other namespaces are not needed`() {
    var search = CoverageSearch(objects: [.deployment("a", "x"), .namespace("b")])
    #expect(search.needs(backup("all", hours: 1)))
    #expect(search.needs(backup("a", hours: 1, namespaces: ["a", "c", "d"])))
    #expect(search.needs(backup("b", hours: 1, namespaces: ["b"])))
    #expect(!search.needs(backup("c", hours: 1, namespaces: ["c"])))
    search.take(backup("a", hours: 1), holding: [0])
    #expect(!search.needs(backup("a", hours: 2, namespaces: ["a"])))
    search.take(backup("b", hours: 2), holding: [1])
    #expect(!search.needs(backup("all", hours: 3)))
  }

  @Test func `a cluster-scoped workload may be in a backup of any namespace`() {
    var object = CoverageObject.deployment("a", "x")
    object.namespace = nil
    #expect(CoverageSearch(objects: [object]).needs(backup("c", hours: 1, namespaces: ["c"])))
  }

  @Test func `versions of a type do not count, groups and kinds do`() {
    let wanted = CoverageSearch(objects: [.deployment("a", "x"), .namespace("a")]).wanted
    #expect(wanted.entries(ofKey: "apps/v1/Deployment") == ["a/x": 1])
    #expect(wanted.entries(ofKey: "apps/v1beta2/Deployment") == ["a/x": 1])
    #expect(wanted.entries(ofKey: "v1/Namespace") == ["a": 0])
    for key in ["v1/Deployment", "x/v1/Deployment", "apps/v1/Namespace", "", "a/b/c/d"] {
      #expect(wanted.entries(ofKey: key) == nil)
    }
  }

  @Test func `an age over the limit is too old, and just the limit is not`() {
    let coverage = Coverage(rows: [], moment: .test)
    let row = CoverageRow(
      object: .namespace("a"),
      finding: .held(CoverageCopy(backup("b", hours: 24)))
    )
    func verdict(_ seconds: Int64?) -> CoverageVerdict {
      coverage.verdict(of: row, maximumAge: seconds.map { GoDuration(seconds: $0) })
    }
    #expect(verdict(nil) == .current)
    #expect(verdict(86_400) == .current)
    #expect(verdict(86_399) == .tooOld)
    let early = CoverageCopy(backup("future", hours: -1))
    #expect(coverage.age(of: early) == GoDuration(seconds: 0))
  }

  @Test func `a gap or an object without a young backup breaks the limit`() {
    let fine = CoverageRow(
      object: .namespace("a"),
      finding: .held(CoverageCopy(backup("b", hours: 1)))
    )
    let day = GoDuration(seconds: 86_400)
    func isMet(_ finding: CoverageRow.Finding?, gaps: [CoverageGap] = []) -> Bool {
      let other = finding.map { [CoverageRow(object: .namespace("b"), finding: $0)] } ?? []
      return Coverage(rows: [fine] + other, gaps: gaps, moment: .test).isMet(maximumAge: day)
    }
    #expect(isMet(nil))
    #expect(isMet(.excluded(.label)))
    #expect(!isMet(.never))
    #expect(!isMet(.unknown))
    #expect(!isMet(.held(CoverageCopy(backup("b", hours: 25)))))
    #expect(!isMet(nil, gaps: [CoverageGap(resources: ["pods"], reason: "forbidden")]))
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `the rows are those of a search of everything at once`(seed: UInt64) async throws {
    var random = SplitMix64(state: seed)
    let model = CoverageModel(&random)
    let store = try await model.store()
    let coverage = try await CoverageReader.coverage(
      of: model.objects,
      in: BackupCatalog(store: store),
      cluster: ClusterIdentity(uid: "own"),
      now: .test
    )
    #expect(coverage.rows.map(\.text) == model.rows, "\(model.backups)")
  }
}
