// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Testing
import Velero

@testable import Engine

/// Every row is a sentence of velero/05, section 8.
struct VersionChoiceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    /// Directories of the archive; the first is the preferred one.
    var archived: [String]
    /// What the target serves; the first is the preferred one.
    var served: [String]
    var listed: [String] = []
    var version: String?
    var reason: VersionChoice.Reason?
    var testDescription: String { name }
  }

  static let rows = [
    Row(
      name: "the user's list, its first version that both have",
      archived: ["v1", "v2"],
      served: ["v1", "v2"],
      listed: ["v3", "v2", "v1"],
      version: "v2",
      reason: .listed
    ),
    Row(
      name: "the target's preferred version",
      archived: ["v1", "v2"],
      served: ["v2", "v1"],
      version: "v2",
      reason: .preferredByTarget
    ),
    Row(
      name: "the backup's preferred version",
      archived: ["v1", "v1beta1"],
      served: ["v2", "v1", "v1beta1"],
      version: "v1",
      reason: .preferredByBackup
    ),
    Row(
      name: "the newest common one",
      archived: ["v3", "v1beta1", "v1beta2", "v1alpha1"],
      served: ["v2", "v1alpha1", "v1beta1", "v1beta2"],
      version: "v1beta2",
      reason: .common
    ),
    Row(
      name: "the backup's preferred one where nothing is common",
      archived: ["v1", "v2"],
      served: ["v3"],
      version: "v1",
      reason: VersionChoice.Reason.none
    ),
    Row(name: "no directories", archived: [], served: ["v1"], version: nil, reason: nil),
  ]

  @Test(arguments: rows)
  func `a version is chosen`(row: Row) {
    let resources = row.served.map {
      APIResource(
        group: "example.com",
        version: $0,
        name: "gadgets",
        kind: "Gadget",
        isNamespaced: true,
        verbs: []
      )
    }
    let discovery = Discovery(
      groups: [
        APIGroup(
          name: "example.com",
          versions: row.served,
          preferredVersion: row.served.first ?? ""
        )
      ],
      resources: resources
    )
    var directories: Set<ArchivePath.Version> = [.unversioned]
    for (place, version) in row.archived.enumerated() {
      directories.insert(place == 0 ? .preferred(version) : .other(version))
    }
    let choice = VersionChoice.choose(
      resource: "gadgets.example.com",
      archived: directories,
      discovery: discovery,
      listed: row.listed
    )
    #expect(choice?.version == row.version)
    #expect(choice?.reason == row.reason)
    if let choice, let version = row.version {
      #expect(
        choice.directory == (version == row.archived.first ? .preferred(version) : .other(version))
      )
    }
  }

  @Test func `versions are in Kubernetes' order`() {
    let names = [
      "foo10", "v11alpha2", "v1", "v10", "v2", "v3beta1", "v10beta3", "v12alpha1", "v11beta2",
      "foo1",
    ]
    // Source: Kubernetes documentation, "Versions in CustomResourceDefinitions".
    #expect(
      names.sorted { KubernetesVersion.precedes($0, $1) } == [
        "v10", "v2", "v1", "v11beta2", "v10beta3", "v3beta1", "v12alpha1", "v11alpha2", "foo1",
        "foo10",
      ]
    )
  }

  @Test func `the list of a ConfigMap is read line by line`() {
    #expect(
      VersionChoice.priorities(parsing: "a.example.com=v2, v1\n\nnonsense\nb = v1\n")
        == ["a.example.com": ["v2", "v1"], "b": ["v1"]]
    )
  }
}
