// SPDX-License-Identifier: Apache-2.0

import Console
import Primitives
import TestSupport
import Testing
import Velero

@testable import Commands

struct FilterFilesTests {
  private let directory: TemporaryDirectory
  private var library: FilterLibrary { FilterFiles(directory: directory.path("filters")).library }

  init() throws { directory = try TemporaryDirectory() }

  @Test func `a filter comes back as it was kept`() async throws {
    #expect(try await library.names() == [])
    var backup = Backup(name: "shop", namespace: "velero")
    backup.spec.includedNamespaces = ["shop"]
    backup.spec.hookResources = [["name": "freeze"]]
    backup.spec.ttl = GoDuration(seconds: 3600)
    backup.labels = ["team": "web"]
    let place = try await library.write("shop", backup)
    #expect(place.hasSuffix("/filters/shop.yaml"))
    #expect(try await library.names() == ["shop"])
    let filter = try await library.read("shop")
    // As Go writes it: with the fields that are always there.
    #expect(filter.backup.encoded() == backup.encoded())
    #expect(filter.findings == [])
  }

  @Test func `what a file has beside is told, and what is no name is passed over`() async throws {
    let text = """
      apiVersion: velero.io/v1
      kind: Backup
      metadata: {name: mine}
      spec:
        includedNamespaces: [shop]
        includeNamespaces: [other]

      """
    try directory.write(text, to: "filters/mine.yaml")
    try directory.write(text, to: "filters/No Name.yaml")
    try directory.write("spec: [", to: "filters/broken.yaml")
    #expect(try await library.names().sorted() == ["broken", "mine"])
    let filter = try await library.read("mine")
    #expect(filter.backup.spec.includedNamespaces == ["shop"])
    #expect(filter.findings.count == 1)
    #expect(filter.findings.first?.contains("includeNamespaces") == true)
    await #expect(throws: Failure.self) { try await library.read("broken") }
  }
}
