// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

struct AccessTests {
  private func makeDriver(_ rules: [AccessRule]) -> Driver {
    var driver = Driver(
      SandboxOptions(
        tokens: ["root": .administrator, "j": SandboxUser("jane", groups: ["developers"])],
        access: rules,
        clock: Driver.clock
      )
    )
    driver.token = "j"
    return driver
  }

  @Test func `users may do what a rule allows and nothing else`() {
    let driver = makeDriver([
      .allow(
        users: ["jane"],
        verbs: ["get", "list"],
        resources: ["configmaps"],
        namespaces: ["default"]
      )
    ])
    #expect(driver.get("/api/v1/namespaces/default/configmaps").status == 200)
    #expect(driver.get("/api/v1/namespaces/default/configmaps/x").status == 404)
    #expect(
      driver.get("/api/v1/configmaps").message
        == "configmaps is forbidden: User \"jane\" cannot list resource \"configmaps\" in API group \"\" at the"
        + " cluster scope"
    )
    #expect(
      driver.send("DELETE", "/apis/apps/v1/namespaces/a/deployments/x").message
        == "deployments.apps \"x\" is forbidden: User \"jane\" cannot delete resource \"deployments\" in API"
        + " group \"apps\" in the namespace \"a\""
    )
    #expect(
      driver.get("/metrics").message == "forbidden: User \"jane\" cannot get path \"/metrics\""
    )
    #expect(driver.get("/apis").status == 200)
  }

  @Test func `the first rule that fits decides, for administrators too`() {
    var driver = makeDriver([
      .deny(users: ["admin"], verbs: ["list"], resources: ["secrets"]),
      .allow(users: ["admin"]),
    ])
    driver.token = "root"
    #expect(driver.get("/api/v1/secrets").status == 403)
    #expect(driver.get("/api/v1/configmaps").status == 200)
    driver.cluster.access = []
    #expect(driver.get("/api/v1/secrets").status == 200)
  }

  @Test func `reviews answer from the rules`() {
    let driver = makeDriver([
      AccessRule(
        isAllowed: true,
        groups: ["developers"],
        verbs: ["get"],
        apiGroups: ["apps"],
        resources: ["deployments"]
      )
    ])
    let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
    func isAllowed(_ verb: String) -> JSONValue? {
      let attributes: JSONValue = [
        "namespace": "x", "verb": .string(verb), "group": "apps", "resource": "deployments",
      ]
      return driver.send("POST", path, ["spec": ["resourceAttributes": attributes]])
        .body[path: "status", "allowed"]
    }
    #expect(isAllowed("get") == true)
    #expect(isAllowed("list") == false)
    let rules = driver.send(
      "POST",
      "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
      ["spec": ["namespace": "x"]]
    )
    #expect(
      rules.body[path: "status", "resourceRules"]?.array?.first?["resources"] == ["deployments"]
    )
    let me = driver.send("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", [:])
    #expect(me.body[path: "status", "userInfo", "username"] == "jane")
  }

  @Test func `impersonation takes the right to it`() {
    var driver = makeDriver([])
    let headers = [
      SandboxHeader("Impersonate-User", "bob"),
      SandboxHeader("Impersonate-Group", "system:masters"),
    ]
    #expect(driver.send("GET", "/api/v1/pods", headers: headers).status == 403)
    driver.token = "root"
    #expect(driver.send("GET", "/api/v1/pods", headers: headers).status == 200)
    #expect(driver.send("GET", "/api/v1/pods", headers: [headers[0]]).status == 403)
  }

  @Test func `requests without a token can be given to a user`() {
    let options = SandboxOptions(anonymousUser: .administrator)
    let cluster = SandboxCluster(options: options)
    #expect(cluster.handle(SandboxRequest(target: "/api/v1/secrets")).status == 200)
    let wrong = SandboxRequest(
      target: "/api/v1/secrets",
      headers: [SandboxHeader("Authorization", "Bearer wrong")]
    )
    #expect(cluster.handle(wrong).status == 401)
  }

  @Test func `everybody may ask whether the server is well`() {
    let cluster = SandboxCluster()
    for path in ["/healthz", "/livez", "/readyz", "/version"] {
      #expect(cluster.handle(SandboxRequest(target: path)).status == 200)
    }
    #expect(cluster.handle(SandboxRequest(target: "/api")).status == 403)
  }
}
