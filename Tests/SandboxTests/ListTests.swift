// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct ListTests {
  private let path = "/api/v1/namespaces/default/configmaps"

  @Test(arguments: SandboxVersion.allCases)
  func `pages continue at the revision of the first one`(version: SandboxVersion) {
    let driver = Driver(version: version)
    for name in ["a", "b", "c", "d", "e"] { driver.createConfigMap(name) }
    let first = driver.get(path + "?limit=2")
    #expect(first.names == ["a", "b"])
    #expect(first.remaining == 3)
    driver.createConfigMap("bb")
    driver.send("DELETE", path + "/c")
    driver.send("PATCH", path + "/d", ["data": ["k": "new"]], type: "application/merge-patch+json")
    let second = driver.get(path + "?limit=2&continue=" + first.continueToken)
    #expect(second.names == ["c", "d"])
    #expect(second.revision == first.revision)
    #expect(second.remaining == 1)
    #expect(second.body["items"]?.array?[1][path: "data", "k"] == "v")
    let third = driver.get(path + "?limit=2&continue=" + second.continueToken)
    #expect(third.names == ["e"])
    #expect(third.continueToken == "")
    #expect(driver.get(path).names == ["a", "b", "bb", "d", "e"])
  }

  @Test func `keys sort as in etcd, with the slash behind the dash`() {
    let driver = Driver()
    driver.createNamespace("a")
    driver.createNamespace("a-b")
    driver.createConfigMap("x", namespace: "a")
    driver.createConfigMap("y", namespace: "a-b")
    #expect(driver.get("/api/v1/configmaps").names == ["y", "x"])
    let page = driver.get("/api/v1/configmaps?limit=1")
    #expect(driver.get("/api/v1/configmaps?limit=1&continue=" + page.continueToken).names == ["x"])
  }

  @Test(arguments: SandboxVersion.allCases)
  func `a forgotten revision is expired, with a token for an inconsistent rest`(
    version: SandboxVersion
  ) {
    let driver = Driver(version: version)
    for name in ["a", "b", "c"] { driver.createConfigMap(name) }
    let first = driver.get(path + "?limit=1")
    driver.createConfigMap("d")
    driver.cluster.compact()
    let expired = driver.get(path + "?limit=1&continue=" + first.continueToken)
    #expect(expired.status == 410)
    #expect(expired.reason == "Expired")
    let rest = driver.get(path + "?limit=9&continue=" + expired.continueToken)
    #expect(rest.names == ["b", "c", "d"])
    #expect(rest.revision == String(driver.cluster.revision))
    let exact = driver.get(
      path + "?resourceVersion=\(first.revision)&resourceVersionMatch=Exact"
    )
    #expect(exact.status == 410)
    #expect(exact.message == "The resourceVersion for the provided list is too old.")
  }

  @Test func `the history is bounded by its limit`() {
    let driver = Driver(version: .v1_36, historyLimit: 10)
    let start = driver.createConfigMap("a").revision
    for number in 0..<20 {
      driver.send(
        "PATCH",
        path + "/a",
        ["data": ["k": .string("\(number)")]],
        type: "application/merge-patch+json"
      )
    }
    #expect(driver.get(path + "?resourceVersion=\(start)&resourceVersionMatch=Exact").status == 410)
    let recent = driver.cluster.revision - 5
    let old = driver.get(path + "?resourceVersion=\(recent)&resourceVersionMatch=Exact")
    #expect(old.body["items"]?.array?[0][path: "data", "k"] == "14")
  }

  @Test(
    arguments: [
      ("app=shop", ["a", "b"]), ("app!=shop", ["c", "d"]), ("app in (shop,bank)", ["a", "b", "c"]),
      ("app notin (shop)", ["c", "d"]), ("app", ["a", "b", "c"]), ("!app", ["d"]),
      ("n>1", ["b", "c"]),
      ("n<2", ["a"]), ("app==shop,n=2", ["b"]), ("app=", []),
    ]
  )
  func `label selectors select`(selector: String, names: [String]) {
    let driver = Driver()
    driver.createConfigMap("a", labels: ["app": "shop", "n": "1"])
    driver.createConfigMap("b", labels: ["app": "shop", "n": "2"])
    driver.createConfigMap("c", labels: ["app": "bank", "n": "3"])
    driver.createConfigMap("d")
    let query = selector.replacing("=", with: "%3D").replacing(" ", with: "+")
    let answer = driver.get(path + "?labelSelector=" + query)
    #expect(answer.names == names)
    let page = driver.get(path + "?limit=1&labelSelector=" + query)
    #expect(page.remaining == nil)
    #expect(page.continueToken.isEmpty == (names.count < 2))
  }

  @Test(arguments: ["a in (", "a in b", "=b", "a,,b", "a=b)", "a b"])
  func `broken label selectors are bad requests`(selector: String) {
    let query = selector.replacing("=", with: "%3D").replacing(" ", with: "+")
    let answer = Driver().get(path + "?labelSelector=" + query)
    #expect(answer.status == 400)
    #expect(answer.message?.hasPrefix("unable to parse requirement: ") == true)
  }

  @Test func `field selectors select by name, namespace, and what a resource adds`() throws {
    let driver = Driver()
    try driver.cluster.load([
      [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
        "status": ["phase": "Running"],
      ],
      [
        "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "q"], "status": ["phase": "Failed"],
      ],
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"],
        "type": "helm.sh/release.v1",
      ],
    ])
    #expect(driver.get("/api/v1/pods?fieldSelector=status.phase%3DRunning").names == ["p"])
    #expect(driver.get("/api/v1/pods?fieldSelector=status.phase!%3DRunning").names == ["q"])
    #expect(driver.get("/api/v1/pods?fieldSelector=metadata.name%3Dq").names == ["q"])
    #expect(driver.get("/api/v1/pods?fieldSelector=metadata.namespace%3Dkube-system").names == [])
    #expect(driver.get("/api/v1/secrets?fieldSelector=type%3Dhelm.sh/release.v1").names == ["s"])
    #expect(
      driver.get("/api/v1/pods?fieldSelector=spec.x%3D1").message
        == "field label not supported: spec.x"
    )
  }

  @Test func `the wrong resource versions are refused`() {
    let driver = Driver()
    #expect(driver.get(path + "?resourceVersion=abc").status == 400)
    #expect(driver.get(path + "?resourceVersion=0&resourceVersionMatch=Exact").status == 422)
    #expect(driver.get(path + "?resourceVersion=1&resourceVersionMatch=Sometimes").status == 422)
    let token = "eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6LTEsInN0YXJ0IjoiYSJ9"
    #expect(driver.get(path + "?continue=\(token)&resourceVersion=5").status == 400)
  }

  @Test(arguments: ["!!", "e30%3D", "e30%0A", "e%2030", "%2Ba%2F", "e", "e30a4"])
  func `a continue token is base64url without padding and nothing else`(text: String) {
    let answer = Driver().get(path + "?continue=" + text)
    #expect(answer.status == 400)
    #expect(answer.message?.contains("illegal base64 data") == true, "\(answer.body)")
  }

  @Test func `a continue token may have the characters of base64url`() {
    let answer = Driver().get(path + "?continue=-_-_")
    #expect(
      answer.message?.contains(#"invalid character '\u00fb'"#) == true,
      "\(answer.body)"
    )
  }

  /// Random writes, with every remembered revision read back in pages of a random size.
  @Test(arguments: 0..<30 as Range<UInt64>)
  func `any revision reads back as it was`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let driver = Driver()
    var state: [String: String] = [:]
    var history: [(revision: Int64, state: [String: String])] = []
    for step in 0..<60 {
      let name = "n\(Int.random(in: 0..<12, using: &random))"
      if state[name] == nil {
        driver.createConfigMap(name, value: "\(step)")
        state[name] = "\(step)"
      } else if Bool.random(using: &random) {
        driver.send("DELETE", path + "/" + name)
        state[name] = nil
      } else {
        let patch: JSONValue = ["data": ["k": .string("\(step)")]]
        driver.send("PATCH", path + "/" + name, patch, type: "application/merge-patch+json")
        state[name] = "\(step)"
      }
      history.append((driver.cluster.revision, state))
    }
    for (revision, state) in history {
      let limit = Int.random(in: 1...5, using: &random)
      var query = "?limit=\(limit)&resourceVersion=\(revision)&resourceVersionMatch=Exact"
      var found: [String: String] = [:]
      while true {
        let page = driver.get(path + query)
        for item in page.body["items"]?.array ?? [] {
          let name = try #require(item[path: "metadata", "name"]?.string)
          #expect(found[name] == nil)
          found[name] = item[path: "data", "k"]?.string
        }
        #expect((page.remaining ?? 0) == Int64(state.count - found.count))
        if page.continueToken.isEmpty { break }
        query = "?limit=\(limit)&continue=" + page.continueToken
      }
      #expect(found == state)
    }
  }
}
