// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct CustomResourceTests {
  private let path = "/apis/example.org/v1/namespaces/default/gadgets"

  private func gadget(_ name: String, spec: JSONValue = ["size": 1]) -> JSONValue {
    [
      "apiVersion": "example.org/v1", "kind": "Gadget", "metadata": ["name": .string(name)],
      "spec": spec,
    ]
  }

  @Test func `a definition is served as soon as it is there, and no longer than that`() {
    let driver = Driver()
    #expect(driver.get(path).status == 404)
    driver.createGadgets(versions: ["v1", "v2beta1", "v1alpha1"])
    #expect(driver.send("POST", path, gadget("g")).status == 201)
    let group = driver.get("/apis/example.org").body
    let versions = group["versions"]?.array?.compactMap { $0["version"]?.string }
    #expect(versions == ["v1", "v2beta1", "v1alpha1"])
    let beta = driver.get("/apis/example.org/v2beta1/namespaces/default/gadgets/g")
    #expect(beta.body["apiVersion"] == "example.org/v2beta1")
    let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    driver.send("DELETE", definitions + "/gadgets.example.org")
    #expect(driver.get(path).status == 404)
    #expect(driver.get("/apis/example.org").status == 404)
    driver.createGadgets()
    #expect(driver.get(path).names == [])
  }

  @Test func `objects are checked against the schema`() {
    let driver = Driver()
    driver.createGadgets()
    let text = driver.send("POST", path, gadget("g", spec: ["size": "big"]))
    #expect(
      text.message
        == "Gadget.example.org \"g\" is invalid: spec.size: Invalid value: \"string\":"
        + " spec.size in body must be of type integer: \"string\""
    )
    let low = driver.send("POST", path, gadget("g", spec: ["size": 0]))
    #expect(low.message?.contains("should be greater than or equal to 1") == true)
    let color = driver.send("POST", path, gadget("g", spec: ["size": 1, "color": "green"]))
    #expect(color.message?.contains("supported values: \"red\", \"blue\"") == true)
  }

  @Test func `unknown fields are pruned but where the schema keeps them`() {
    let driver = Driver()
    driver.createGadgets()
    let spec: JSONValue = ["size": 1, "unknown": true, "free": ["any": ["thing": 1]]]
    let answer = driver.send("POST", path, gadget("g", spec: spec))
    #expect(answer.body["spec"] == ["size": 1, "free": ["any": ["thing": 1]]])
  }

  @Test func `updates need a resource version, and count generations`() {
    let driver = Driver()
    driver.createGadgets()
    var body = driver.send("POST", path, gadget("g")).body
    body["spec"] = ["size": 2]
    let updated = driver.send("PUT", path + "/g", body)
    #expect(updated.body[path: "metadata", "generation"] == 2)
    body["metadata"]?["resourceVersion"] = nil
    #expect(driver.send("PUT", path + "/g", body).status == 422)
    let status = driver.send(
      "PATCH",
      path + "/g/status",
      ["status": ["ready": true]],
      type: "application/merge-patch+json"
    )
    #expect(status.body[path: "metadata", "generation"] == 2)
    #expect(status.body[path: "status", "ready"] == true)
  }

  @Test func `cluster-scoped resources have no namespace`() {
    let driver = Driver()
    driver.createGadgets(scope: "Cluster")
    #expect(driver.send("POST", path, gadget("g")).status == 404)
    let answer = driver.send("POST", "/apis/example.org/v1/gadgets", gadget("g"))
    #expect(answer.status == 201)
    #expect(answer.body[path: "metadata", "namespace"] == nil)
  }

  @Test func `aggregated discovery spells out the kinds of definitions`() {
    let driver = Driver()
    driver.createGadgets()
    let accept =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json"
    let first = driver.get("/apis", accept: accept)
    let group = first.body["items"]?.array?.last
    #expect(group?[path: "metadata", "name"] == "example.org")
    let resource = group?["versions"]?.array?.first?["resources"]?.array?.first
    #expect(
      resource?["responseKind"] == ["group": "example.org", "version": "v1", "kind": "Gadget"]
    )
    let tag = SandboxHeader("If-None-Match", first.response.header("Etag") ?? "")
    #expect(driver.send("GET", "/apis", accept: accept, headers: [tag]).status == 304)
  }
}
