// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct WatchTests {
  private let path = "/api/v1/namespaces/default/configmaps"

  @Test func `a watch tells the changes after its revision`() {
    let driver = Driver()
    let start = driver.createConfigMap("a").revision
    driver.createConfigMap("b")
    driver.createNamespace("other")
    driver.createConfigMap("c", namespace: "other")
    driver.send("PATCH", path + "/a", ["data": ["k": "2"]], type: "application/merge-patch+json")
    driver.send("DELETE", path + "/b")
    let events = driver.events(path + "?watch=1&resourceVersion=" + start)
    #expect(Driver.summary(events) == ["ADDED b", "MODIFIED a", "DELETED b"])
    let last = events.last?[path: "object", "metadata", "resourceVersion"]?.string
    #expect(last == String(driver.cluster.revision))
    let everywhere = driver.events("/api/v1/configmaps?watch=1&resourceVersion=" + start)
    #expect(Driver.summary(everywhere) == ["ADDED b", "ADDED c", "MODIFIED a", "DELETED b"])
  }

  @Test func `an object that enters or leaves the selector is added or deleted`() {
    let driver = Driver()
    let start = driver.createConfigMap("a", labels: ["app": "x"]).revision
    for value in ["shop", "bank"] {
      driver.send(
        "PATCH",
        path + "/a",
        ["metadata": ["labels": ["app": .string(value)]]],
        type: "application/merge-patch+json"
      )
    }
    let events = driver.events(path + "?watch=1&labelSelector=app%3Dshop&resourceVersion=" + start)
    #expect(Driver.summary(events) == ["ADDED a", "DELETED a"])
    #expect(events[1][path: "object", "metadata", "labels", "app"] == "shop")
    #expect(
      events[1][path: "object", "metadata", "resourceVersion"]?.string
        == String(driver.cluster.revision)
    )
  }

  @Test func `a watch from a forgotten revision gets one error event`() {
    let driver = Driver()
    let start = driver.createConfigMap("a").revision
    driver.createConfigMap("b")
    driver.cluster.compact()
    let events = driver.events(path + "?watch=1&resourceVersion=" + start)
    #expect(events.count == 1)
    #expect(events[0]["type"] == "ERROR")
    #expect(events[0][path: "object", "code"] == 410)
    #expect(events[0][path: "object", "reason"] == "Expired")
  }

  @Test func `a watch without revision starts with what is there`() {
    let driver = Driver()
    driver.createConfigMap("a")
    #expect(Driver.summary(driver.events(path + "?watch=true")) == ["ADDED a"])
  }

  @Test func `streaming lists end with a bookmark on 1_36 only`() {
    let query =
      "?watch=1&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
    let driver = Driver(version: .v1_36)
    driver.createConfigMap("a")
    let events = driver.events(path + query)
    #expect(Driver.summary(events) == ["ADDED a", "BOOKMARK "])
    let annotations = events[1][path: "object", "metadata", "annotations"]
    #expect(annotations?["k8s.io/initial-events-end"] == "true")
    #expect(Driver(version: .v1_20).get(path + query).status == 422)
    #expect(driver.get(path + "?watch=1&sendInitialEvents=true").status == 422)
  }

  @Test func `bookmarks come to the watches that allow them`() {
    let driver = Driver()
    let start = driver.createConfigMap("a").revision
    let allowing = driver.get(path + "?watch=1&allowWatchBookmarks=true&resourceVersion=" + start)
    let plain = driver.get(path + "?watch=1&resourceVersion=" + start)
    // The first step of a watch notes which bookmarks were there before it.
    guard case .stream(let stream) = allowing.response.body else {
      Issue.record("a watch is a stream")
      return
    }
    #expect(stream.take().isEmpty)
    driver.createNamespace("other")
    driver.cluster.sendBookmarks()
    let events = Driver.lines(allowing.response)
    #expect(Driver.summary(events) == ["BOOKMARK "])
    #expect(
      events[0][path: "object", "metadata", "resourceVersion"]?.string
        == String(driver.cluster.revision)
    )
    #expect(Driver.lines(plain.response).isEmpty)
  }

  @Test func `metadata and tables can be watched`() {
    let driver = Driver()
    driver.createConfigMap("a")
    for (form, kind) in [("PartialObjectMetadata", "PartialObjectMetadata"), ("Table", "Table")] {
      let accept = "application/json;as=\(form);g=meta.k8s.io;v=v1"
      let events = Driver.lines(driver.get(path + "?watch=1", accept: accept).response)
      #expect(events.first?[path: "object", "kind"]?.string == kind)
      #expect(events.first?[path: "object", "data"] == nil)
    }
  }

  @Test func `one object is watched by its name`() {
    let driver = Driver()
    let start = driver.createConfigMap("a").revision
    driver.createConfigMap("b")
    driver.send("DELETE", path + "/a")
    let events = driver.events(path + "/a?watch=1&resourceVersion=" + start)
    #expect(Driver.summary(events) == ["DELETED a"])
  }

  @Test(.timeLimit(.minutes(10)))
  func `idle returns when every watch has everything`() async {
    let driver = Driver()
    let start = driver.createConfigMap("a").revision
    let answer = driver.get(path + "?watch=1&resourceVersion=" + start)
    driver.createConfigMap("b")
    #expect(Driver.summary(Driver.lines(answer.response)) == ["ADDED b"])
    await driver.cluster.idle()
  }
}
