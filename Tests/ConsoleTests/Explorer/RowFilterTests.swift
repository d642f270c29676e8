// SPDX-License-Identifier: Apache-2.0

import Engine
import Kubernetes
import Primitives
import Testing

@testable import Console

/// The filter over rows against the plain one, which looks at texts.
struct RowFilterTests {
  private static let words = [
    "web", "WEB", "!web", "5c9f", "ns:shop", "ns:pay*", "!ns:shop", "label:app", "label:app=web",
    "label:app=none", "!label:app", "pod", "secret", "zzz", "!zzz", "re:^web", "!re:b2$",
    "ledger-key",
  ]

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `rows are found as the plain filter finds them`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let count = Int.random(in: 0...3, using: &random)
    let text = (0..<count).compactMap { _ in Self.words.randomElement(using: &random) }
      .joined(separator: " ")
    let query = FilterQuery(text)
    var cluster = try ClusterFixture.shop()
    let snapshot = cluster.snapshot()
    let list = snapshot.list(.everything, order: ObjectOrder(.namespace)) {}
    let found = list.narrowed(by: RowFilter(query.rowTerms, in: snapshot)) {}
    let expected = (0..<list.count).filter { position in
      let row = list.row(position)
      let type = snapshot.resource(ofType: row.type)
      return query.matches(
        FilterQuery.Subject(
          texts: [row.name, row.namespace ?? "", type.groupResource]
            + (text.contains("re:") ? [] : [type.kind]),
          namespace: row.namespace,
          label: { row.label($0) }
        )
      )
    }
    #expect(found.ids == expected.map { list.ids[$0] }, "\(text)")
  }

  @Test func `a filter that cannot be understood finds nothing`() throws {
    var cluster = try ClusterFixture.shop()
    let snapshot = cluster.snapshot()
    let list = snapshot.list(.everything, order: ObjectOrder(.namespace)) {}
    let filter = RowFilter(FilterQuery("re:(").rowTerms, in: snapshot)
    #expect(list.narrowed(by: filter) {}.count == 0)
  }

  @Test(arguments: ObjectOrder.Key.allCases, [true, false])
  func `an order is that of the values, and of names where these are equal`(
    key: ObjectOrder.Key,
    isAscending: Bool
  ) throws {
    var cluster = try ClusterFixture.shop()
    let snapshot = cluster.snapshot()
    let list = snapshot.list(.everything, order: ObjectOrder(key, isAscending: isAscending)) {}
    #expect(list.count == snapshot.rowCount)
    func values(_ position: Int) -> (value: String, rest: String) {
      let row = list.row(position)
      let type = snapshot.resource(ofType: row.type).groupResource
      let rest = "\(row.namespace ?? "~") \(type) \(row.name)"
      switch key {
      case .name: return (row.name, rest)
      case .namespace: return (row.namespace ?? "~", rest)
      case .type: return (type, rest)
      case .created: return (String(9_999_999_999 - (row.created?.seconds ?? 0)), rest)
      case .state: return ("", rest)
      }
    }
    for position in 1..<list.count {
      let (left, right) = (values(position - 1), values(position))
      if left.value == right.value {
        #expect(left.rest < right.rest, "what is equal stands in its usual order")
      } else {
        #expect((left.value < right.value) == isAscending, "\(left) \(right)")
      }
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func `an order that is kept moves nothing, and new objects stand at the end`(seed: UInt64) throws
  {
    var random = SplitMix64(state: seed)
    var cluster = try ClusterFixture.shop()
    let shown = cluster.snapshot().list(.everything, order: ObjectOrder(.name)) {}.ids.shuffled(
      using: &random
    )
    for number in 0..<Int.random(in: 0..<5, using: &random) {
      try cluster.add("configmaps", "shop", "new-\(number)")
    }
    try cluster.remove("pods", "shop", "web-old")
    let list = cluster.snapshot().list(.everything, order: ObjectOrder(.name)) {}
    let (kept, lateCount) = list.keepingOrder(of: shown)
    let live = Set(list.ids)
    let former = shown.filter(live.contains)
    #expect(Array(kept.ids.prefix(former.count)) == former)
    #expect(Set(kept.ids) == live)
    #expect(lateCount == live.count - former.count)
    // What comes behind it is as late, and what was late stays so until the order is made anew.
    try cluster.add("configmaps", "shop", "another")
    let later = cluster.snapshot().list(.everything, order: ObjectOrder(.name)) {}
    let next = later.keepingOrder(of: kept.ids, formerLateCount: lateCount)
    #expect(next.lateCount == lateCount + 1)
    #expect(Array(next.list.ids.prefix(kept.count)) == kept.ids)
    for position in 0..<kept.count {
      #expect(kept.ids[position] == kept.snapshot.identity(of: kept.places[position]))
    }
  }

  @Test func `labels are counted by key and value`() throws {
    var cluster = try ClusterFixture.shop()
    let facets = cluster.snapshot().labelFacets {}
    #expect(facets.map(\.key) == ["app", "pod-template-hash", "tier"])
    let app = try #require(facets.first)
    #expect(app.count == 17)
    #expect(app.values.map(\.text) == ["ledger", "web", "cart"])
    #expect(app.values.map(\.count) == [6, 6, 5])
  }

  @Test func `a stopped search throws and does not go on`() throws {
    var cluster = try ClusterFixture.shop()
    let snapshot = cluster.snapshot()
    #expect(throws: CancellationError.self) {
      try snapshot.list(.everything, order: ObjectOrder(.name)) { throw CancellationError() }
    }
  }
}
