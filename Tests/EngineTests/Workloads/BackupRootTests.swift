// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

/// How workloads and releases are written, in flags and in records.
struct BackupRootTests {
  @Test func `roots are read as they are written`() throws {
    let api = try BackupRoot(workload: "deployments.apps/shop/api")
    #expect(api == .workload(kind: "deployments.apps", namespace: "shop", name: "api"))
    #expect(api.text == "deployments.apps/shop/api")
    #expect(api.entry.description == "--workload=deployments.apps/shop/api")
    let node = try BackupRoot(workload: "gadget/one")
    #expect(node == .workload(kind: "gadget", namespace: nil, name: "one"))
    let web = try BackupRoot(release: "shop/web")
    #expect(web.entry.description == "--helm-release=shop/web")
    #expect(web.namespace == "shop")
  }

  @Test(arguments: ["", "api", "deployment//api", "a/b/c/d", "deployment/shop/ api", "a/b/c,d"])
  func `other texts are refused with the form to write`(text: String) throws {
    let error = #expect(throws: EngineError.self) { try BackupRoot(workload: text) }
    #expect(error?.code == .invalid)
    #expect(error?.message == "'\(text)' cannot be the value of --workload")
    #expect(
      error?.hint == "write --workload KIND/NAMESPACE/NAME, such as --workload deployment/shop/api"
    )
    #expect(throws: EngineError.self) { try BackupRoot(release: text) }
  }

  @Test func `a record keeps what was asked for and gives it back`() throws {
    let roots = [
      try BackupRoot(workload: "deploy/shop/api"), try BackupRoot(workload: "sts/data/db"),
      try BackupRoot(release: "shop/web"),
    ]
    let annotations = BackupScope.annotations(of: roots)
    #expect(
      annotations == [
        "binnacle.io/workloads": "deploy/shop/api,sts/data/db",
        "binnacle.io/helm-releases": "shop/web",
      ]
    )
    #expect(try BackupScope.roots(in: annotations) == roots)
    #expect(try BackupScope.roots(in: [:]) == [])
    #expect(throws: EngineError.self) {
      try BackupScope.roots(in: ["binnacle.io/workloads": "what"])
    }
    var record = Backup(
      name: "b",
      spec: BackupSpec(json: ["includedNamespaces": ["shop"], "ttl": "1h0m0s"])
    )
    #expect(try BackupScope.asked(record).spec == record.spec)
    let asked = BackupSpec(json: ["excludedResources": ["events"]])
    record.annotations[BackupScope.filterAnnotation] = BackupScope.filterText(asked)
    let again = try BackupScope.asked(record)
    #expect(again.spec.excludedResources == ["events"])
    #expect(again.spec.includedNamespaces == [])
    #expect(again.spec.ttl == record.spec.ttl)
    #expect(again.annotations == [:])
    record.annotations[BackupScope.filterAnnotation] = "[]"
    #expect(throws: EngineError.self) { try BackupScope.asked(record) }
  }
}
