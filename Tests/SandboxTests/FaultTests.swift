// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct FaultTests {
  private let path = "/api/v1/namespaces/default/configmaps"

  @Test func `a fault strikes the requests that it counts`() {
    let driver = Driver()
    driver.cluster.faults = [
      Fault(
        .tooManyRequests(retryAfterSeconds: 2),
        on: FaultMatch(method: "GET", path: "/api/v1/**"),
        occurrence: .nth(2)
      )
    ]
    #expect(driver.get(path).status == 200)
    let struck = driver.get(path)
    #expect(struck.status == 429)
    #expect(struck.response.header("Retry-After") == "2")
    #expect(struck.body[path: "details", "retryAfterSeconds"] == 2)
    #expect(driver.get(path).status == 200)
    driver.cluster.faults = [Fault(.status(500), occurrence: .first(2))]
    #expect([1, 2, 3].map { _ in driver.get(path).status } == [500, 500, 200])
    driver.cluster.faults = [Fault(.status(503), occurrence: .everyNth(2))]
    #expect([1, 2, 3, 4].map { _ in driver.get(path).status } == [200, 503, 200, 503])
  }

  @Test(
    arguments: [
      ("/api/*/pods", "/api/v1/pods", true), ("/api/*/pods", "/api/v1/x/pods", false),
      ("/api/**/pods", "/api/v1/x/pods", true), ("/api/v?/pods", "/api/v1/pods", true),
      ("**", "/anything", true), ("/api", "/api/v1", false),
    ]
  )
  func `globs on paths mind slashes`(glob: String, path: String, isStruck: Bool) {
    let driver = Driver()
    driver.cluster.add(Fault(.status(500), on: FaultMatch(path: glob)))
    #expect((driver.get(path).status == 500) == isStruck)
  }

  @Test func `a continue token can be made to expire`() {
    let driver = Driver()
    for name in ["a", "b", "c"] { driver.createConfigMap(name) }
    driver.cluster.faults = [
      Fault(.expiredContinue, on: FaultMatch(query: "continue="), occurrence: .first(1))
    ]
    let page = driver.get(path + "?limit=1")
    let expired = driver.get(path + "?limit=1&continue=" + page.continueToken)
    #expect(expired.status == 410)
    #expect(driver.get(path + "?limit=5&continue=" + expired.continueToken).names == ["b", "c"])
    driver.cluster.faults = [Fault(.gone)]
    #expect(driver.get(path).status == 410)
  }

  @Test func `bodies are truncated or cut`() {
    let driver = Driver()
    let whole = driver.get(path).response.bytes
    driver.cluster.faults = [Fault(.truncated(afterBytes: 10))]
    #expect(driver.get(path).response.bytes == Array(whole.prefix(10)))
    driver.cluster.faults = [Fault(.truncatedInTheMiddle)]
    #expect(driver.get(path).response.bytes.count == whole.count / 2)
    driver.cluster.faults = [Fault(.cut(afterBytes: 7))]
    #expect(driver.get(path).response.cutAfterBytes == 7)
  }

  @Test func `a refused request has no effect, and every request is on record`() {
    let driver = Driver()
    driver.cluster.faults = [Fault(.status(500), on: FaultMatch(method: "POST"))]
    #expect(driver.createConfigMap("a").status == 500)
    driver.cluster.faults = []
    #expect(driver.get(path + "?limit=3").names == [])
    let records = driver.cluster.requests
    #expect(records.map(\.method) == ["POST", "GET"])
    #expect(records.map(\.status) == [500, 200])
    #expect(records[1].query == "limit=3")
    driver.cluster.clearRequests()
    #expect(driver.cluster.requests.isEmpty)
  }
}
