// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import TestSupport
import Testing
import Velero

@testable import Commands

struct RestoreDraftTests {
  private func request(_ flags: [String], isForServer: Bool = false) throws -> RestoreRequest {
    let command = RestoreCreate.command
    let parser = FlagParser(flags: command.allFlags, command: command.path)
    let draft = FlaggedRestore(
      arguments: try parser.parse(flags),
      namespace: "velero",
      isForServer: isForServer
    )
    return try draft.request(named: "r")
  }

  private func complaint(_ flags: [String], isForServer: Bool = false) -> String? {
    do {
      _ = try request(flags, isForServer: isForServer)
      return nil
    } catch let error as UsageError {
      return error.message
    } catch let error as CommandFailure {
      return error.message
    } catch {
      return "\(error)"
    }
  }

  @Test func `Velero's flags become the fields of the spec`() throws {
    let spec = try request([
      "--include-namespaces", "shop,pay", "--exclude-namespaces", "pay-x",
      "--namespace-mappings", "shop:copy,pay:pay-copy", "--include-resources", "pods",
      "--exclude-resources", "secrets", "--include-cluster-resources=false", "-l", "app=web",
      "--preserve-nodeports", "--restore-volumes=false", "--existing-resource-policy", "update",
      "--status-include-resources", "jobs.batch", "--status-exclude-resources", "pods",
      "--resource-modifier-configmap", "rules", "--item-operation-timeout", "1h",
      "--write-sparse-files", "--parallel-files-download", "4",
    ]).restore.spec
    #expect(spec.includedNamespaces == ["shop", "pay"])
    #expect(spec.excludedNamespaces == ["pay-x"])
    #expect(spec.namespaceMapping == ["shop": "copy", "pay": "pay-copy"])
    #expect(spec.includedResources == ["pods"] && spec.excludedResources == ["secrets"])
    #expect(spec.includeClusterResources == false)
    #expect(spec.labelSelector?.description == "app=web")
    #expect(spec.preserveNodePorts == true && spec.restorePVs == false)
    #expect(spec.existingResourcePolicy == "update")
    #expect(spec.restoreStatus?.includedResources == ["jobs.batch"])
    #expect(spec.restoreStatus?.excludedResources == ["pods"])
    #expect(spec.resourceModifierName == "rules")
    #expect(spec.itemOperationTimeout == GoDuration(seconds: 3600))
    #expect(spec.writeSparseFiles == true && spec.parallelFilesDownload == 4)
  }

  @Test func `without flags all of the backup is taken, and nothing else is said`() throws {
    let request = try request([])
    #expect(request.options == RestoreOptions())
    #expect(request.restore.spec.json == ["includedNamespaces": ["*"]])
  }

  @Test func `our own flags become options`() throws {
    let request = try request([
      "--object", "configmaps/shop/a", "--object", "persistentvolumes/pv", "--with-dependencies",
      "--existing-resource-policy", "recreate", "--keep-owners", "--map-storage-class", "a=b,c=d",
      "--map-image", "docker.io/=registry.local:5000/", "--map-image", "old=new",
      "--map-node-selector", "disk=hdd:disk=ssd,zone=a:",
      "--restore-resource-priorities", "secrets,configmaps,-,pods",
    ])
    #expect(
      request.options
        == RestoreOptions(
          objects: ["configmaps/shop/a", "persistentvolumes/pv"],
          takesDependencies: true,
          recreates: true,
          keepsOwners: true,
          maps: RestoreMaps(
            images: [
              .init(old: "docker.io/", new: "registry.local:5000/"), .init(old: "old", new: "new"),
            ],
            storageClasses: ["a": "b", "c": "d"],
            nodeLabels: ["disk=hdd": "disk=ssd", "zone=a": ""]
          ),
          order: RestoreOrder(high: ["secrets", "configmaps"], low: ["pods"])
        )
    )
    #expect(request.restore.spec.existingResourcePolicy == "")
  }

  struct Wrong: CustomTestStringConvertible {
    var flags: [String]
    var message: String
    var testDescription: String { flags.joined(separator: " ") }

    init(_ message: String, _ flags: String...) {
      self.flags = flags
      self.message = message
    }
  }

  @Test(arguments: [
    Wrong("flag '--object' cannot be 'pods'", "--object", "pods"),
    Wrong("'--with-dependencies' needs '--object'", "--with-dependencies"),
    Wrong("'--restore-volumes' is not supported in direct mode yet", "--restore-volumes"),
    Wrong("'B' cannot be a namespace", "--namespace-mappings", "a:B"),
    Wrong("it is no key with a value", "--namespace-mappings", "a=b"),
    Wrong("flag '--map-node-selector' cannot hold 'a:b'", "--map-node-selector", "a:b"),
    Wrong("cannot be used together", "-l", "a=b", "--or-selector", "c=d"),
    Wrong("never restored", "--include-resources", "nodes"),
    Wrong("there is no file '/nonexistent'", "--resource-modifiers", "/nonexistent"),
    Wrong(
      "do not go together",
      "--resource-modifiers",
      "/nonexistent",
      "--resource-modifier-configmap",
      "x"
    ),
  ])
  func `flags that make no sense are told`(_ wrong: Wrong) {
    #expect(
      complaint(wrong.flags)?.contains(wrong.message) == true,
      "\(complaint(wrong.flags) ?? "")"
    )
  }

  @Test(arguments: [
    ["--object", "pods/a/b"], ["--keep-owners"], ["--map-image", "a=b"],
    ["--existing-resource-policy", "recreate"], ["--restore-resource-priorities", "pods"],
  ])
  func `what a server does not know is not printed for it`(flags: [String]) {
    let message = complaint(flags, isForServer: true)
    #expect(message?.contains("is not known to a Velero server") == true)
    #expect(complaint(["--restore-volumes"], isForServer: true) == nil)
  }

  @Test func `rules out of a file are kept in the record when they are sound`() throws {
    let directory = try TemporaryDirectory()
    let rules = "version: v1\nresourceModifierRules: []\n"
    try directory.write(rules, to: "rules.yaml")
    let request = try request(["--resource-modifiers", directory.path("rules.yaml")])
    #expect(request.restore.annotations == ["binnacle.io/resource-modifiers": rules])
    try directory.write("version: v2\n", to: "rules.yaml")
    let message = complaint(["--resource-modifiers", directory.path("rules.yaml")])
    #expect(message?.contains("only 'v1' is known") == true)
  }

  @Test func `every flag of the command is read by the draft, the source or the run`() {
    let names = RestoreCreate.command.flags.map(\.name)
    #expect(Set(names).count == names.count)
    // Velero's flags of `restore create`, velero/07, section 4.
    let expected: Set = [
      "from-backup", "from-schedule", "include-namespaces", "exclude-namespaces",
      "include-resources", "exclude-resources", "namespace-mappings", "selector", "or-selector",
      "labels", "annotations", "restore-volumes", "preserve-nodeports",
      "include-cluster-resources", "existing-resource-policy", "status-include-resources",
      "status-exclude-resources", "allow-partially-failed", "resource-modifier-configmap",
      "item-operation-timeout", "write-sparse-files", "parallel-files-download", "wait",
    ]
    #expect(expected.isSubset(of: names))
  }
}
