// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct WriteTests {
  private let path = "/api/v1/namespaces/default/configmaps"
  private let merge = "application/merge-patch+json"

  @Test func `put needs the newest version where it names one`() {
    let driver = Driver()
    let created = driver.createConfigMap("a")
    var body = created.body
    body["data"] = ["k": "2"]
    let updated = driver.send("PUT", path + "/a", body)
    #expect(updated.status == 200)
    #expect(updated.body[path: "metadata", "uid"] == created.body[path: "metadata", "uid"])
    #expect(driver.send("PUT", path + "/a", body).reason == "Conflict")
    body["metadata"]?["resourceVersion"] = nil
    body["data"] = ["k": "3"]
    #expect(driver.send("PUT", path + "/a", body).status == 200)
    body["metadata"]?["uid"] = "another"
    #expect(driver.send("PUT", path + "/a", body).status == 409)
    body["metadata"]?["name"] = "b"
    #expect(driver.send("PUT", path + "/a", body).status == 400)
  }

  @Test func `an update that changes nothing makes no revision`() {
    let driver = Driver()
    let created = driver.createConfigMap("a")
    let answer = driver.send("PUT", path + "/a", created.body)
    #expect(answer.status == 200)
    #expect(answer.revision == created.revision)
    #expect(String(driver.cluster.revision) == created.revision)
  }

  @Test func `dry runs leave nothing behind`() {
    let driver = Driver()
    driver.createConfigMap("a")
    let before = driver.cluster.revision
    let body: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "b"]]
    #expect(driver.send("POST", path + "?dryRun=All", body).status == 201)
    let patch: JSONValue = ["data": ["k": "new"]]
    let patched = driver.send("PATCH", path + "/a?dryRun=All", patch, type: merge)
    #expect(patched.body[path: "data", "k"] == "new")
    #expect(driver.send("DELETE", path + "/a?dryRun=All").status == 200)
    #expect(driver.send("DELETE", path + "?dryRun=All").status == 200)
    #expect(driver.cluster.revision == before)
    #expect(driver.get(path).names == ["a"])
  }

  @Test func `generated names are new and follow their prefix`() {
    let driver = Driver()
    let body: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["generateName": "x-"],
    ]
    let names = (0..<50).compactMap { _ in
      driver.send("POST", path, body).body[path: "metadata", "name"]?.string
    }
    #expect(Set(names).count == 50)
    #expect(names.allSatisfy { $0.hasPrefix("x-") && $0.count == 7 })
  }

  @Test func `finalizers hold an object until the last is gone`() {
    let driver = Driver()
    driver.createConfigMap("a", finalizers: ["example.com/one", "example.com/two"])
    let deleted = driver.send("DELETE", path + "/a")
    #expect(deleted.body[path: "metadata", "deletionTimestamp"] != nil)
    #expect(driver.get(path).names == ["a"])
    let more: JSONValue = ["metadata": ["finalizers": ["example.com/three"]]]
    #expect(driver.send("PATCH", path + "/a", more, type: merge).status == 422)
    let one: JSONValue = ["metadata": ["finalizers": ["example.com/two"]]]
    #expect(driver.send("PATCH", path + "/a", one, type: merge).status == 200)
    let none: JSONValue = ["metadata": ["finalizers": .null]]
    #expect(driver.send("PATCH", path + "/a", none, type: merge).status == 200)
    #expect(driver.get(path + "/a").status == 404)
  }

  @Test func `a namespace takes its contents with it, and waits for what is held`() {
    let driver = Driver()
    driver.createNamespace("shop")
    driver.createConfigMap("free", namespace: "shop")
    driver.createConfigMap("held", namespace: "shop", finalizers: ["example.com/hold"])
    let deleted = driver.send("DELETE", "/api/v1/namespaces/shop")
    #expect(deleted.body[path: "status", "phase"] == "Terminating")
    #expect(driver.get("/api/v1/namespaces/shop/configmaps").names == ["held"])
    #expect(driver.createConfigMap("late", namespace: "shop").status == 403)
    let none: JSONValue = ["metadata": ["finalizers": .null]]
    driver.send("PATCH", "/api/v1/namespaces/shop/configmaps/held", none, type: merge)
    #expect(driver.get("/api/v1/namespaces/shop").status == 404)
    #expect(driver.createConfigMap("late", namespace: "shop").status == 404)
  }

  @Test func `an empty namespace goes at once`() {
    let driver = Driver()
    let start = driver.createNamespace("shop").revision
    driver.send("DELETE", "/api/v1/namespaces/shop")
    #expect(driver.get("/api/v1/namespaces/shop").status == 404)
    let events = driver.events("/api/v1/namespaces?watch=1&resourceVersion=" + start)
    #expect(Driver.summary(events) == ["MODIFIED shop", "DELETED shop"])
  }

  @Test func `a collection is deleted by selector`() {
    let driver = Driver()
    driver.createConfigMap("a", labels: ["app": "x"])
    driver.createConfigMap("b", labels: ["app": "y"])
    driver.createConfigMap("c", labels: ["app": "x"])
    let answer = driver.send("DELETE", path + "?labelSelector=app%3Dx", ["kind": "DeleteOptions"])
    #expect(answer.status == 200)
    #expect(answer.names == ["a", "c"])
    #expect(driver.get(path).names == ["b"])
  }

  @Test func `a delete keeps to its preconditions`() {
    let driver = Driver()
    let created = driver.createConfigMap("a")
    let wrong: JSONValue = ["preconditions": ["resourceVersion": "1"]]
    #expect(driver.send("DELETE", path + "/a", wrong).status == 409)
    let right: JSONValue = [
      "preconditions": ["resourceVersion": .string(created.revision)],
      "propagationPolicy": "Foreground",
    ]
    #expect(driver.send("DELETE", path + "/a", right).status == 200)
  }

  @Test func `status is written through its own path only`() {
    let driver = Driver()
    let deployments = "/apis/apps/v1/namespaces/default/deployments"
    driver.send("POST", deployments, Self.deployment)
    let status: JSONValue = ["status": ["replicas": 3], "spec": ["replicas": 9]]
    let main = driver.send("PATCH", deployments + "/web", status, type: merge)
    #expect(main.body["status"] == [:])
    #expect(main.body[path: "metadata", "generation"] == 2)
    let sub = driver.send(
      "PATCH",
      deployments + "/web/status",
      ["status": ["replicas": 3], "spec": ["replicas": 1]],
      type: merge
    )
    #expect(sub.body[path: "status", "replicas"] == 3)
    #expect(sub.body[path: "spec", "replicas"] == 9)
    #expect(sub.body[path: "metadata", "generation"] == 2)
    let scaled = driver.send("PUT", deployments + "/web/scale", ["spec": ["replicas": 4]])
    #expect(scaled.body[path: "spec", "replicas"] == 4)
    #expect(driver.get(deployments + "/web").body[path: "spec", "replicas"] == 4)
  }

  @Test func `plain text in secrets becomes data`() {
    let driver = Driver()
    let answer = driver.send(
      "POST",
      "/api/v1/namespaces/default/secrets",
      [
        "apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"],
        "stringData": ["a": "hello"],
      ]
    )
    #expect(answer.body["data"] == ["a": "aGVsbG8="])
    #expect(answer.body["type"] == "Opaque")
    #expect(answer.body["stringData"] == nil)
  }

  @Test func `what objects of a kind must have is demanded`() {
    let driver = Driver()
    let body: JSONValue = [
      "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
      "spec": ["containers": [["name": "c"]]],
    ]
    let answer = driver.send("POST", "/api/v1/namespaces/default/pods", body)
    #expect(answer.status == 422)
    #expect(answer.message == "Pod \"p\" is invalid: spec.containers[0].image: Required value")
    let nameless: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": [:]]
    #expect(
      driver.send("POST", path, nameless).message?.contains("name or generateName is required")
        == true
    )
  }

  static let deployment: JSONValue = [
    "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
    "spec": [
      "selector": ["matchLabels": ["app": "web"]],
      "template": [
        "metadata": ["labels": ["app": "web"]],
        "spec": [
          "containers": [
            ["name": "one", "image": "one:1", "env": [["name": "A", "value": "1"]]],
            ["name": "two", "image": "two:1"],
          ]
        ],
      ],
    ],
  ]
}
