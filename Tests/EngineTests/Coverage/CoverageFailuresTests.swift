// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

struct CoverageFailuresTests {
  /// The deployments `shop/api`, `shop/web` and `data/api`, the stateful set `shop/api` and the namespaces that errors concern.
  private func concerned(_ errors: OperationResults.Messages) -> Set<String> {
    let failures = CoverageFailures(OperationResults(errors: errors))
    var set = CoverageObject.deployment("shop", "api")
    (set.kind, set.resource) = ("StatefulSet", "statefulsets.apps")
    let objects: [String: CoverageObject] = [
      "shop/api": .deployment("shop", "api"), "shop/web": .deployment("shop", "web"),
      "data/api": .deployment("data", "api"), "set": set, "shop": .namespace("shop"),
      "data": .namespace("data"),
    ]
    return Set(objects.filter { failures.concern($0.value) }.keys)
  }

  @Test(arguments: ["deployments.apps", "deployments"])
  func `an error of an object concerns that object`(resource: String) {
    let text = " resource: /\(resource) name: /api message: /Error backing up item error: /gone"
    #expect(concerned(.init(namespaces: ["shop": [text]])) == ["shop/api"])
  }

  @Test func `an error of a type concerns the type where the error is`() {
    let text = " resource: /deployments message: /Error listing items name: /web error: /gone"
    #expect(concerned(.init(namespaces: ["shop": [text]])) == ["shop/api", "shop/web"])
    let all: Set = ["shop/api", "shop/web", "data/api"]
    #expect(concerned(.init(velero: [text])) == all)
    #expect(concerned(.init(cluster: [" resource: /deployments.apps error: /x"])) == all)
  }

  @Test func `an error that names just a namespace concerns all of it`() {
    let shop: Set = ["shop/api", "shop/web", "set", "shop"]
    #expect(concerned(.init(namespaces: ["shop": [" message: /hook failed"]])) == shop)
    #expect(concerned(.init(namespaces: ["shop": [" name: /api error: /x"]])) == shop)
  }

  @Test func `errors of the cluster concern what they name`() {
    #expect(concerned(.init(cluster: [" resource: /namespaces name: /shop error: /x"])) == ["shop"])
    #expect(concerned(.init(cluster: [" resource: /persistentvolumes name: /shop"])).isEmpty)
    #expect(concerned(.init(velero: [" message: /the store is slow"])).isEmpty)
    #expect(concerned(.init(namespaces: ["other": [" message: /x"]])).isEmpty)
    #expect(concerned(.init()).isEmpty)
  }
}
