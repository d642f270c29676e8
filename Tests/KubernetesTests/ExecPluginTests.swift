// SPDX-License-Identifier: Apache-2.0

import Glibc
import HTTP
import Primitives
import TestSupport
import Testing

@testable import Kubernetes

/// Runs small shell scripts as credential plugins.
@Suite(.timeLimit(.minutes(10)))
struct ExecPluginTests {
  static let version = "client.authentication.k8s.io/v1"

  let folder: TemporaryDirectory

  init() throws { folder = try TemporaryDirectory() }

  /// Writes a script and gives a configuration that runs it.
  func configuration(
    _ script: String,
    exec: String = "interactiveMode: Never",
    cluster: String = "server: https://a:1",
    command: String = "./plugin",
    variables: [String: String] = [:],
    isInteractive: Bool = false
  ) throws -> ClientConfiguration {
    chmod(try folder.write("#!/bin/sh\n" + script, to: "plugin"), 0o755)
    let text = KubeconfigTests.text(
      cluster: cluster,
      user: "exec: {command: '\(command)', apiVersion: \(Self.version), \(exec)}"
    )
    return try Kubeconfig(reading: Array(text.utf8), file: folder.path("config")).configuration(
      environment: ProcessEnvironment(
        variables: ["PATH": "/usr/bin:/bin"].merging(variables) { $1 },
        isInteractive: isInteractive
      )
    )
  }

  static func answer(_ status: String) -> String {
    "printf '%s' '{\"apiVersion\":\"\(version)\",\"kind\":\"ExecCredential\",\"status\":\(status)}'"
  }

  @Test func `arguments, variables and the cluster go to the plugin`() async throws {
    let ca = Base64.encode(Array("-----BEGIN CERTIFICATE-----".utf8))
    let configuration = try configuration(
      """
      printf '%s' "$KUBERNETES_EXEC_INFO" > info
      printf '{"apiVersion":"\(Self.version)","kind":"ExecCredential","status":{"token":"%s"}}' \
        "$1-$EXTRA-$KEPT"
      """.replacing("> info", with: "> \(folder.path("info"))"),
      exec: "interactiveMode: IfAvailable, provideClusterInfo: true, args: [one], "
        + "env: [{name: EXTRA, value: two}]",
      cluster: "server: https://a:1, tls-server-name: b, certificate-authority-data: \(ca), "
        + "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: x}}]",
      variables: ["KEPT": "three"]
    )
    let store = CredentialStore(configuration: configuration, wallClock: .fixed())
    #expect(try await store.current().authorization == Secret("Bearer one-two-three"))
    let info = try JSONValue(parsing: try readFile(folder.path("info")))
    #expect(
      info == [
        "kind": "ExecCredential", "apiVersion": .string(Self.version),
        "spec": [
          "interactive": false,
          "cluster": [
            "server": "https://a:1", "tls-server-name": "b", "config": ["audience": "x"],
            "certificate-authority-data": .string(ca),
          ],
        ],
      ]
    )
  }

  @Test func `credentials are kept until they end, and fetched once for all`() async throws {
    let count = folder.path("count")
    let configuration = try configuration(
      "printf x >> \(count)\n"
        + Self.answer("{\"token\":\"t\",\"expirationTimestamp\":\"2026-03-14T10:00:00Z\"}")
    )
    let clock = SteppedClock()
    let store = CredentialStore(configuration: configuration, wallClock: clock.wallClock())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<20 { group.addTask { _ = try await store.current() } }
      try await group.waitForAll()
    }
    #expect(try readFile(count).count == 1)
    clock.advance(by: .seconds(33 * 60))
    #expect(try await store.current().generation == 1)
    clock.advance(by: .seconds(60))
    #expect(try await store.current().generation == 2)
    #expect(try readFile(count).count == 2)
  }

  @Test func `refused credentials are fetched again, once for many refusals`() async throws {
    let store = CredentialStore(
      configuration: try configuration(Self.answer("{\"token\":\"t\"}")),
      wallClock: .fixed()
    )
    #expect(try await store.current().generation == 1)
    #expect(await store.discard(generation: 1))
    #expect(try await store.current().generation == 2)
    #expect(await store.discard(generation: 1))
    #expect(try await store.current().generation == 2)
  }

  @Test func `a certificate can be given`() async throws {
    let store = CredentialStore(
      configuration: try configuration(
        Self.answer("{\"clientCertificateData\":\"C\",\"clientKeyData\":\"K\"}")
      ),
      wallClock: .fixed()
    )
    let credentials = try await store.current()
    #expect(credentials.authorization == nil)
    #expect(credentials.certificate == .data(Array("C".utf8)))
    #expect(credentials.key == .data(Array("K".utf8)))
  }

  /// On a real cluster whose kubeconfig has a client certificate; the sandbox has no such thing.
  @Test(arguments: ClusterUnderTest.all.filter { $0.configuration.tls.clientCertificate != nil })
  func `a plugin's certificate is presented to the server`(cluster: ClusterUnderTest) async throws {
    guard case .data(let certificate)? = cluster.configuration.tls.clientCertificate,
      case .data(let key)? = cluster.configuration.tls.clientKey,
      case .data(let authority)? = cluster.configuration.tls.certificateAuthority
    else { return }
    let answer: JSONValue = [
      "apiVersion": .string(Self.version), "kind": "ExecCredential",
      "status": [
        "clientCertificateData": .string(String(decoding: certificate, as: UTF8.self)),
        "clientKeyData": .string(String(decoding: key, as: UTF8.self)),
      ],
    ]
    let file = try folder.write(answer.encoded(), to: "answer")
    let configuration = try configuration(
      "cat \(file)",
      cluster: "server: '\(cluster.configuration.server)', "
        + "certificate-authority-data: \(Base64.encode(authority))"
    )
    let client = KubernetesClient(configuration: configuration)
    _ = try await client.get(ObjectReference(.namespaces, name: "default"))
  }

  @Test func `a plugin is found in PATH`() async throws {
    let store = CredentialStore(
      configuration: try configuration(
        Self.answer("{\"token\":\"t\"}"),
        command: "plugin",
        variables: ["PATH": "/none:\(folder.path):/bin"]
      ),
      wallClock: .fixed()
    )
    #expect(try await store.current().authorization == Secret("Bearer t"))
  }

  struct Broken: Sendable, CustomTestStringConvertible {
    var name: String
    var script: String
    var problem: String
    var hint: String? = "run the command by hand and compare; it may need an update"
    var exec = "interactiveMode: Never"
    var command = "./plugin"
    var testDescription: String { name }
  }

  @Test(arguments: [
    Broken(
      name: "an exit code",
      script: "echo >&2\necho '  token expired\u{1B}[0m' >&2\necho more >&2\nexit 3",
      problem: "exit code 3, saying: token expired[0m",
      hint: "log in again with the tool that the plugin belongs to"
    ),
    Broken(
      name: "a signal",
      script: "kill -9 $$",
      problem: "signal 9 ended it",
      hint: "log in again with the tool that the plugin belongs to"
    ),
    Broken(name: "silence", script: "true", problem: "it printed nothing"),
    Broken(
      name: "another kind",
      script: "echo '{\"kind\":\"Pod\"}'",
      problem: "what it printed is no ExecCredential"
    ),
    Broken(
      name: "another version",
      script:
        "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"client.authentication.k8s.io/v1beta1\"}'",
      problem: "it answered in version 'client.authentication.k8s.io/v1beta1', "
        + "the kubeconfig says 'client.authentication.k8s.io/v1'"
    ),
    Broken(
      name: "no status",
      script: "echo '{\"kind\":\"ExecCredential\",\"apiVersion\":\"\(version)\"}'",
      problem: "its answer has no status"
    ),
    Broken(
      name: "nothing in it",
      script: answer("{}"),
      problem: "it gave neither a token nor a certificate"
    ),
    Broken(
      name: "half a pair",
      script: answer("{\"token\":\"t\",\"clientKeyData\":\"k\"}"),
      problem: "it gave only one of certificate and key"
    ),
    Broken(
      name: "an odd time",
      script: answer("{\"token\":\"t\",\"expirationTimestamp\":\"soon\"}"),
      problem: "its expiration 'soon' is no RFC 3339 time"
    ),
    Broken(
      name: "no terminal",
      script: "true",
      problem: "it has to talk to the user, and there is no terminal to do so",
      hint: "log in with the plugin in a terminal first, or use credentials that need no login",
      exec: "interactiveMode: Always"
    ),
    Broken(
      name: "no such program",
      script: "true",
      problem: "no such program in PATH",
      hint: "Get it at example.com. Then log in.",
      exec: "interactiveMode: Never, installHint: \"Get it at example.com.\\nThen log in.\"",
      command: "no-such-plugin"
    ),
    Broken(
      name: "no such file",
      script: "true",
      problem: "cannot run it: no such file or directory",
      hint: "install the program that the kubeconfig names, or correct the kubeconfig",
      command: "./none"
    ),
  ])
  func `a plugin that fails is a clear error`(row: Broken) async throws {
    let configuration = try configuration(row.script, exec: row.exec, command: row.command)
    let store = CredentialStore(configuration: configuration, wallClock: .fixed())
    let error = await #expect(throws: KubernetesError.self) { try await store.current() }
    let command = row.command.contains("/") ? folder.path(row.command) : row.command
    #expect(error?.code == .credentials)
    #expect(
      error?.message
        == "the credential plugin '\(command)' ('\(folder.path("config"))' line 9, field "
        + "'users[0].user.exec') gives no credentials: \(row.problem)"
    )
    #expect(error?.hint == row.hint)
  }

  @Test func `what is no JSON is told without showing it`() async throws {
    let store = CredentialStore(
      configuration: try configuration("echo hunter2"),
      wallClock: .fixed()
    )
    let error = await #expect(throws: KubernetesError.self) { try await store.current() }
    #expect(error?.message.contains("what it printed is no JSON") == true)
    #expect(error?.message.contains("hunter2") == false)
  }

  @Test func `an endless output is cut off`() async throws {
    let store = CredentialStore(
      configuration: try configuration("exec yes"),
      wallClock: .fixed()
    )
    let error = await #expect(throws: KubernetesError.self) { try await store.current() }
    #expect(error?.message.hasSuffix("it printed more than 1 MiB") == true)
  }

  @Test func `a run can be cancelled and takes its children along`() async throws {
    let pidFile = folder.path("pid")
    try await withTemporaryDirectory { started in
      let fifo = started.path("fifo")
      mkfifo(fifo, 0o600)
      let store = CredentialStore(
        configuration: try configuration(
          "sh -c 'echo $$ > \(pidFile); echo up > \(fifo); exec cat \(fifo).none /dev/tty' & wait; cat < \(fifo)"
        ),
        wallClock: .fixed()
      )
      let task = Task { try await store.current() }
      // Reading returns when the plugin's child has come this far.
      let command = Command(["cat", fifo])
      #expect(try await command.run().output == "up\n")
      task.cancel()
      let error = await #expect(throws: KubernetesError.self) { try await task.value }
      #expect(error?.code == .cancelled)
    }
    let child = try #require(
      pid_t(String(decoding: try readFile(pidFile), as: UTF8.self).dropLast())
    )
    // The child is killed but still there until the first process of the machine buries it.
    while kill(child, 0) == 0, !isDead(child) { await Task.yield() }
  }

  /// Whether a process that nobody has waited for yet has come to its end.
  private func isDead(_ process: pid_t) -> Bool {
    guard let bytes = try? readFile("/proc/\(process)/stat") else { return true }
    let state = String(decoding: bytes, as: UTF8.self).split(separator: ")").last?.trimmingPrefix(
      " "
    )
    return state?.first == "Z"
  }

  @Test func `a run has a time limit`() throws {
    let process = ChildProcess(
      path: "/bin/sh",
      arguments: ["-c", "cat /dev/zero > /dev/null"],
      environment: [],
      usesTerminal: false,
      timeLimit: .milliseconds(20)
    )
    #expect(throws: ChildProcess.Failure.timedOut) {
      try process.run(ChildProcess.Cancellation())
    }
  }
}

@Suite struct TokenFileTests {
  let folder: TemporaryDirectory
  let clock = SteppedClock()

  init() throws { folder = try TemporaryDirectory() }

  func store(fallback: String? = nil) throws -> CredentialStore {
    var configuration = ClientConfiguration(server: "https://a")
    configuration.credentials = .tokenFile(
      path: folder.path("token"),
      fallback: fallback.map(Secret.init)
    )
    return CredentialStore(configuration: configuration, wallClock: clock.wallClock())
  }

  @Test func `a token file is read again after a minute`() async throws {
    try folder.write(" one\n", to: "token")
    let store = try store()
    #expect(try await store.current().authorization == Secret("Bearer one"))
    try folder.write("two\n", to: "token")
    clock.advance(by: .seconds(59))
    #expect(try await store.current().authorization == Secret("Bearer one"))
    clock.advance(by: .seconds(1))
    #expect(try await store.current().authorization == Secret("Bearer two"))
  }

  @Test func `a refused token is read again at once`() async throws {
    try folder.write("one", to: "token")
    let store = try store()
    let first = try await store.current()
    try folder.write("two", to: "token")
    #expect(await store.discard(generation: first.generation))
    #expect(try await store.current().authorization == Secret("Bearer two"))
  }

  @Test func `a token file that is gone is an error unless there is another token`() async throws {
    let missing = try store()
    let error = await #expect(throws: KubernetesError.self) { try await missing.current() }
    #expect(error?.code == .credentials)
    #expect(
      error?.message
        == "cannot read the token file '\(folder.path("token"))': no such file or directory"
    )
    let other = try store(fallback: "spare")
    #expect(try await other.current().authorization == Secret("Bearer spare"))
  }

  @Test func `a name with password is base 64`() throws {
    var configuration = ClientConfiguration(server: "https://a")
    configuration.credentials = .basic(username: "Aladdin", password: Secret("open sesame"))
    let store = CredentialStore(configuration: configuration, wallClock: .fixed())
    #expect(store.fixed?.authorization == Secret("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
  }
}
