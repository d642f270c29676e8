// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

struct ObjectIndexTests {
  private struct Key: Hashable {
    var type: Int
    var namespace: String?
    var name: String

    var text: String { namespace.map { "\($0)/\(name)" } ?? name }
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `it answers as a set of keys does`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var index = ObjectIndex()
    var model: Set<Key> = []
    for _ in 0..<3000 {
      // A type is either cluster-scoped or in namespaces.
      let type = Int.random(in: 0..<4, using: &random)
      let namespace = ["a", "a-b", "ab", "b"][Int.random(in: 0..<4, using: &random)]
      let key = Key(
        type: type,
        namespace: type == 0 ? nil : namespace,
        name: String(Int.random(in: 0..<600, using: &random), radix: 36)
      )
      #expect(
        index.contains(type: key.type, namespace: key.namespace, name: key.name)
          == model.contains(key)
      )
      let isNew = index.insert(type: key.type, namespace: key.namespace, name: key.name)
      let isNewToModel = model.insert(key).inserted
      #expect(isNew == isNewToModel)
    }
    #expect(index.count == model.count)
    for type in index.types {
      var texts: [String] = []
      index.forEachSorted(ofType: type) { texts.append($0) }
      let expected = model.filter { $0.type == type }.map(\.text)
        .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      #expect(texts == expected)
      #expect(index.count(ofType: type) == expected.count)
    }
  }

  @Test func `a cluster-scoped object is not one of a namespace without a name`() {
    var index = ObjectIndex()
    let isFirstNew = index.insert(type: 0, namespace: nil, name: "x")
    #expect(isFirstNew)
    #expect(!index.contains(type: 0, namespace: "", name: "x"))
    let isSecondNew = index.insert(type: 0, namespace: "", name: "x")
    #expect(isSecondNew)
  }
}
