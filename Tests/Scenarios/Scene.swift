// SPDX-License-Identifier: Apache-2.0

import Foundation
import Primitives
import Sandbox
import TestSupport
import Testing

/// One user of the program: a cluster, and a home of his own with a kubeconfig, a store and a state directory.
struct Scene: Sendable {
  let server: SandboxServer
  let home: TemporaryDirectory

  /// The program, which is built beside the tests.
  static let binary = BuiltProgram.path("binnacle")

  /// The scene on the sandbox of the running test.
  init() throws {
    try self.init(.current)
  }

  init(_ server: SandboxServer) throws {
    self.server = server
    home = try TemporaryDirectory()
    try home.write(server.kubeconfig, to: "kubeconfig")
  }

  var cluster: SandboxCluster { server.cluster }
  var store: StoredFiles { StoredFiles(root: home.path("data/binnacle/store")) }
  /// The journal of running operations.
  var journal: [String] { (try? home.names(in: "state/binnacle/operations")) ?? [] }

  var environment: [String: String?] {
    var environment: [String: String?] = [
      "HOME": home.path, "KUBECONFIG": home.path("kubeconfig"),
      "XDG_DATA_HOME": home.path("data"), "XDG_STATE_HOME": home.path("state"),
      "XDG_CONFIG_HOME": home.path("config"), "XDG_CACHE_HOME": home.path("cache"),
      "VELERO_NAMESPACE": nil,
    ]
    for name in ["http_proxy", "https_proxy", "all_proxy", "no_proxy"] {
      environment.updateValue(nil, forKey: name)
      environment.updateValue(nil, forKey: name.uppercased())
    }
    return environment
  }

  /// The command line `binnacle` with these words.
  func binnacle(_ words: String...) -> Command { command([Self.binary] + words) }

  /// Any command, where the program is `$BINNACLE`.
  func command(_ words: [String]) -> Command {
    var environment = environment
    environment["BINNACLE"] = Self.binary
    return Command(words, environment: environment, directory: home.path)
  }

  /// The names that `backup get` lists.
  func listed() async throws -> [String] {
    let result = try await binnacle("backup", "get", "-o", "json").run()
    #expect(result.exitCode == 0, "\(result.error)")
    let value = try JSONValue(parsing: result.outputBytes)
    return (value["items"]?.array ?? [value]).compactMap { $0["metadata"]?["name"]?.string }
  }

  /// Text without what differs from run to run: directories, ports.
  func normalized(_ text: String) -> String {
    text.replacingOccurrences(of: home.path, with: "HOME")
      .replacingOccurrences(of: Self.binary, with: "binnacle")
      .replacingOccurrences(of: "127.0.0.1:\(server.port)", with: "127.0.0.1:PORT")
  }

  /// What is said at the end on standard error: the error and its hint, without the lines of progress before.
  func complaint(_ result: ProcessResult) -> String {
    let text = normalized(result.error)
    let start = text.range(of: "error: ")?.lowerBound ?? text.startIndex
    return "\(text[start...])exit code: \(result.exitCode)\n"
  }

  /// Nothing is listed and nothing has stayed, neither in the store nor in the journal.
  func expectUntouched(
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    #expect(try await listed() == [], comment, sourceLocation: sourceLocation)
    #expect(store.all == [], comment, sourceLocation: sourceLocation)
    #expect(journal == [], comment, sourceLocation: sourceLocation)
  }
}

extension String {
  /// Whether it is the line of a command that did what it should.
  var isCompletion: Bool { contains(" is Completed: ") }
}
