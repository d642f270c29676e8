// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Commands

struct TranscriptTests {
  /// Replays a transcript in a directory and compares it with what the file says.
  private func replay(_ name: String, in directory: TemporaryDirectory, file: String = #filePath)
    async throws
  {
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let bytes = try readFile("\(folder)/Transcripts/\(name).txt")
    let transcript = Transcript(text: String(decoding: bytes, as: UTF8.self))
    let text = await transcript.replayed(in: directory.path)
    expectGolden(text, "../Transcripts/\(name).txt")
  }

  @Test func `reading backups of a store`() async throws {
    let directory = try TemporaryDirectory()
    try await StoreFixture.write(into: directory)
    try await replay("reading", in: directory)
  }

  @Test func `deleting backups of a store`() async throws {
    let directory = try TemporaryDirectory()
    try await StoreFixture.write(into: directory)
    try await replay("deleting", in: directory)
    #expect(try directory.names(in: "store/backups").contains("half/"))
  }

  @Test func `reading and deleting restores of a store`() async throws {
    let directory = try TemporaryDirectory()
    try RestoreFixture.write(into: directory)
    try await replay("restores", in: directory)
    #expect(try directory.names(in: "store/restores").contains("by-velero/"))
  }

  @Test func `printing the object of a backup`() async throws {
    try await replay("printing", in: try TemporaryDirectory())
  }

  @Test func `wrong command lines`() async throws {
    try await replay("usage", in: try TemporaryDirectory())
  }

  @Test func `contexts of a kubeconfig`() async throws {
    let directory = try TemporaryDirectory()
    try directory.write(StoreFixture.kubeconfig, to: ".kube/config")
    try await replay("contexts", in: directory)
  }

  @Test func `locations of a configuration`() async throws {
    let directory = try TemporaryDirectory()
    try LocationFixture.write(into: directory)
    try await replay("locations", in: directory)
  }

  @Test func `changing when backups end, and collecting them`() async throws {
    let directory = try TemporaryDirectory()
    try LocationFixture.write(into: directory)
    try await replay("expiry", in: directory)
    #expect(try directory.names(in: "nas/team-a/backups") == ["half/"])
  }
}
