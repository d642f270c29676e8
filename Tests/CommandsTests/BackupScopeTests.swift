// SPDX-License-Identifier: Apache-2.0

import Commands
import Primitives
import Sandbox
import TestSupport
import Testing

/// `backup create` with workloads and Helm releases, and what is shown of such backups.
@Suite(.timeLimit(.minutes(10)))
struct BackupScopeTests {
  private func withDemo(_ body: (TemporaryDirectory, SandboxServer) async throws -> Void)
    async throws
  {
    let server = try await startSandbox(.demo)
    let directory = try TemporaryDirectory()
    try directory.write(server.kubeconfig, to: ".kube/config")
    try await body(directory, server)
    await stopSandbox(server)
  }

  private func run(_ directory: TemporaryDirectory, _ line: String) async -> CommandRun {
    await CommandRun.of(
      line.split(separator: " ").map(String.init),
      environment: ["HOME": directory.path]
    )
  }

  @Test func `a workload is backed up, and its record says what was asked for`() async throws {
    try await withDemo { directory, _ in
      let created = await run(
        directory,
        "backup create api --workload deploy/shop/checkout --exclude-resources pods"
      )
      #expect(created.code == 0, "\(created.errorOutput)")
      let contents = await run(directory, "backup contents api -o json")
      let items = try JSONValue(parsing: contents.output)["items"]?.array ?? []
      #expect(
        created.errorOutput.contains(
          "warning: no filter of Velero's own takes just these \(items.count) objects; the nearest"
        )
      )
      let names = items.map { "\($0["resource"]?.string ?? "") \($0["name"]?.string ?? "")" }
      #expect(names.contains("secrets checkout"))
      #expect(names.contains("ingresses.networking.k8s.io shop") == false)
      #expect(names.contains("rolebindings.rbac.authorization.k8s.io order-writer"))
      #expect(!names.contains("secrets cart"))
      #expect(!names.contains { $0.hasPrefix("pods ") })
      let description = await run(directory, "backup describe api")
      #expect(description.output.contains("\nWorkloads:    deploy/shop/checkout\n"))
      let structured = await run(directory, "backup describe api -o json")
      #expect(
        try JSONValue(parsing: structured.output)[path: "binnacle", "workloads"]
          == ["deploy/shop/checkout"]
      )
      let record = await run(directory, "backup get api -o json")
      let backup = try JSONValue(parsing: record.output)
      let annotations = backup[path: "metadata", "annotations"]
      #expect(annotations?["binnacle.io/workloads"] == "deploy/shop/checkout")
      #expect(
        annotations?["binnacle.io/asked-filter"]?.string
          == "{\"includedNamespaces\":[\"*\"],\"excludedResources\":[\"pods\"]}"
      )
      #expect(backup[path: "spec", "excludedResources"] == nil)
      #expect(backup[path: "spec", "includedNamespaces"] == ["monitoring", "shop"])
    }
  }

  @Test func `a release is backed up with its records`() async throws {
    try await withDemo { directory, _ in
      let created = await run(directory, "backup create db --helm-release data/postgres")
      #expect(created.code == 0, "\(created.errorOutput)")
      let contents = await run(directory, "backup contents db")
      #expect(contents.output.contains("sh.helm.release.v1.postgres.v5"))
      #expect(contents.output.contains("data-postgres-2"))
      #expect(!contents.output.contains("redis"))
      let description = await run(directory, "backup describe db")
      #expect(description.output.contains("\nHelm Releases:  data/postgres\n"))
    }
  }

  @Test func `the object for a server is in Velero's terms, with labels that would make it exact`()
    async throws
  {
    try await withDemo { directory, _ in
      let printed = await run(
        directory,
        "backup create api --workload deployment/shop/catalog -o yaml"
      )
      #expect(printed.code == 0)
      expectGolden(printed.output, "workload.yaml")
      expectGolden(printed.errorOutput, "workload-labels.txt")
      let listed = await run(directory, "backup get")
      #expect(!listed.output.contains("api"))
    }
  }

  @Test(arguments: [
    "--exclude-resources pods --workload deploy/shop/checkout", "--helm-release data/postgres",
    "--workload deployment/shop/catalog --helm-release data/postgres",
  ])
  func `a preview shows what the backup then holds, from flags and from its record`(flags: String)
    async throws
  {
    try await withDemo { directory, _ in
      let shown = await run(directory, "backup preview \(flags) -o name")
      #expect(shown.code == 0, "\(shown.errorOutput)")
      let created = await run(directory, "backup create one \(flags)")
      #expect(created.code == 0, "\(created.errorOutput)")
      let contents = await run(directory, "backup contents one -o json")
      let items = try JSONValue(parsing: contents.output)["items"]?.array ?? []
      let held = items.map { item in
        [item["resource"], item["namespace"], item["name"]].compactMap { $0?.string }
          .filter { !$0.isEmpty }.joined(separator: "/")
      }
      #expect(Set(shown.output.split(separator: "\n").map(String.init)) == Set(held))
      let again = await run(directory, "backup preview --from-backup one -o name")
      #expect(again.output == shown.output)
      let report = await run(directory, "backup preview two --from-backup one -o json")
      let json = try JSONValue(parsing: report.output)
      #expect(json["command"] == .string("binnacle backup create two \(flags)"))
      #expect(json[path: "translation", "isExact"] == false)
      #expect(json["taken"]?.int64 == Int64(held.count))
      let spec = await run(directory, "backup preview one \(flags) --spec")
      let printed = await run(directory, "backup create one \(flags) -o yaml")
      #expect(spec.output == printed.output)
    }
  }

  @Test(arguments: [
    ("--workload shop", 2, "'shop' cannot be the value of --workload"),
    ("--workload shop/api", 2, "the API server does not serve 'shop'"),
    ("--workload deployment/shop/nothing", 10, "there is no deployment 'shop/nothing'"),
    ("--helm-release shop", 2, "'shop' cannot be the value of --helm-release"),
    ("--helm-release shop/nothing", 10, "there is no Helm release 'nothing'"),
    ("--workload deployment/shop/nothing -o yaml", 10, "there is no deployment 'shop/nothing'"),
  ])
  func `what is not there, or no name, is an error, and nothing is written`(
    flags: String,
    code: Int32,
    message: String
  ) async throws {
    try await withDemo { directory, _ in
      let created = await run(directory, "backup create one \(flags)")
      #expect(created.code == code)
      #expect(created.errorOutput.contains("error: \(message)"), "\(created.errorOutput)")
      let listed = await run(directory, "backup get")
      #expect(!listed.output.contains("one"))
    }
  }
}
