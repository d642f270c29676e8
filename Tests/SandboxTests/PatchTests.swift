// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct PatchTests {
  private let path = "/apis/apps/v1/namespaces/default/deployments"
  private let strategic = "application/strategic-merge-patch+json"
  private let apply = "application/apply-patch+yaml"

  private func makeDriver() -> Driver {
    let driver = Driver()
    driver.send("POST", path, WriteTests.deployment)
    return driver
  }

  private func containers(_ answer: Driver.Answer) -> [JSONValue] {
    answer.body[path: "spec", "template", "spec", "containers"]?.array ?? []
  }

  private func patch(containers: [JSONValue]) -> JSONValue {
    ["spec": ["template": ["spec": ["containers": .array(containers)]]]]
  }

  @Test func `strategic patches merge containers by name and variables by name`() {
    let answer = makeDriver().send(
      "PATCH",
      path + "/web",
      patch(containers: [["name": "one", "env": [["name": "B", "value": "2"]]]]),
      type: strategic
    )
    #expect(containers(answer).map { $0["name"] } == ["one", "two"])
    #expect(containers(answer)[0]["image"] == "one:1")
    #expect(containers(answer)[0]["env"]?.array?.compactMap { $0["name"]?.string } == ["A", "B"])
  }

  @Test func `strategic patches delete, replace and order elements`() {
    let driver = makeDriver()
    let deleted = driver.send(
      "PATCH",
      path + "/web",
      patch(containers: [["name": "two", "$patch": "delete"]]),
      type: strategic
    )
    #expect(containers(deleted).map { $0["name"] } == ["one"])
    var ordering = patch(containers: [["name": "three", "image": "three:1"]])
    ordering["spec"]?["template"]?["spec"]?["$setElementOrder/containers"] = [
      ["name": "three"], ["name": "one"],
    ]
    let ordered = driver.send("PATCH", path + "/web", ordering, type: strategic)
    #expect(containers(ordered).map { $0["name"] } == ["three", "one"])
    let replaced = driver.send(
      "PATCH",
      path + "/web",
      patch(containers: [["$patch": "replace"], ["name": "four", "image": "four:1"]]),
      type: strategic
    )
    #expect(containers(replaced).map { $0["name"] } == ["four"])
  }

  @Test func `merge patches replace lists`() {
    let answer = makeDriver().send(
      "PATCH",
      path + "/web",
      patch(containers: [["name": "one", "image": "one:2"]]),
      type: "application/merge-patch+json"
    )
    #expect(containers(answer).map { $0["image"] } == ["one:2"])
  }

  @Test(
    arguments: [
      (#"[{"op":"add","path":"/a/b","value":1}]"#, #"{"a":{"x":[1,2],"b":1}}"#),
      (#"[{"op":"add","path":"/a/x/1","value":9}]"#, #"{"a":{"x":[1,9,2]}}"#),
      (#"[{"op":"add","path":"/a/x/-","value":9}]"#, #"{"a":{"x":[1,2,9]}}"#),
      (#"[{"op":"remove","path":"/a/x/0"}]"#, #"{"a":{"x":[2]}}"#),
      (#"[{"op":"move","from":"/a/x","path":"/y"}]"#, #"{"a":{},"y":[1,2]}"#),
      (#"[{"op":"copy","from":"/a/x/1","path":"/a/c~1d"}]"#, #"{"a":{"x":[1,2],"c/d":2}}"#),
    ]
  )
  func `json patches do what RFC 6902 says`(patch: String, wanted: String) throws {
    let driver = Driver()
    driver.createGadgets()
    let gadgets = "/apis/example.org/v1/namespaces/default/gadgets"
    driver.send(
      "POST",
      gadgets,
      [
        "apiVersion": "example.org/v1", "kind": "Gadget", "metadata": ["name": "g"],
        "spec": ["size": 1, "free": ["a": ["x": [1, 2]]]],
      ]
    )
    let moved = patch.replacing("\"/", with: "\"/spec/free/")
    let answer = driver.send(
      "PATCH",
      gadgets + "/g",
      try JSONValue(parsing: moved),
      type: "application/json-patch+json"
    )
    #expect(answer.status == 200)
    #expect(answer.body[path: "spec", "free"] == (try JSONValue(parsing: wanted)))
  }

  @Test func `an applier owns what it states, and gives up what it drops`() {
    let driver = makeDriver()
    var configuration = WriteTests.deployment
    let target = path + "/web?fieldManager=kubectl&force=true"
    configuration["spec"]?["replicas"] = 3
    let first = driver.send("PATCH", target, configuration, type: apply)
    #expect(first.status == 200)
    #expect(first.body[path: "spec", "replicas"] == 3)
    configuration["spec"]?["template"]?["spec"]?["containers"] = [
      ["name": "one", "image": "one:5"]
    ]
    let second = driver.send("PATCH", target, configuration, type: apply)
    // The creator still owns the fields of the second container.
    #expect(containers(second).map { $0["image"] } == ["one:5", "two:1"])
    let other = path + "/web?fieldManager=autoscaler"
    let replicas: JSONValue = [
      "apiVersion": "apps/v1", "kind": "Deployment", "spec": ["replicas": 7],
    ]
    let conflict = driver.send("PATCH", other, replicas, type: apply)
    #expect(conflict.status == 409)
    #expect(
      conflict.message == "Apply failed with 1 conflict: conflict with \"kubectl\": .spec.replicas"
    )
    let forced = driver.send("PATCH", other + "&force=true", replicas, type: apply)
    #expect(forced.body[path: "spec", "replicas"] == 7)
  }

  @Test func `a field that its only applier drops goes away`() {
    let driver = Driver()
    let target = "/api/v1/namespaces/default/configmaps/a?fieldManager=m"
    var configuration: JSONValue = [
      "apiVersion": "v1", "kind": "ConfigMap", "data": ["a": "1", "b": "2"],
    ]
    #expect(driver.send("PATCH", target, configuration, type: apply).status == 201)
    configuration["data"] = ["a": "1"]
    let answer = driver.send("PATCH", target, configuration, type: apply)
    #expect(answer.body["data"] == ["a": "1"])
    let again = driver.send("PATCH", target, configuration, type: apply)
    #expect(again.revision == answer.revision)
  }

  @Test func `apply needs a manager, and custom resources take no strategic patches`() {
    let driver = Driver()
    driver.createGadgets()
    let body: JSONValue = ["apiVersion": "v1", "kind": "ConfigMap"]
    let path = "/api/v1/namespaces/default/configmaps/a"
    #expect(driver.send("PATCH", path, body, type: apply).status == 422)
    let gadget = "/apis/example.org/v1/namespaces/default/gadgets/g"
    #expect(driver.send("PATCH", gadget, [:], type: strategic).status == 415)
  }
}
