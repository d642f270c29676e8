// SPDX-License-Identifier: Apache-2.0

internal import Dispatch
public import Primitives
public import Sandbox
public import Testing

/// Starts a sandbox server for each test, on a free port of 127.0.0.1, and stops it afterwards.
///
/// On a suite it is for each of the suite's tests. The test finds its server at `SandboxServer.current`.
public struct SandboxTrait: TestTrait, SuiteTrait, TestScoping {
  /// What is in the cluster when the test begins, beside what every cluster has.
  public enum Content: Sendable {
    /// Nothing.
    case empty
    /// The demo cluster.
    case demo
    /// A cluster of this size.
    case populated(PopulatedCluster)
  }

  @TaskLocal static var server: SandboxServer?

  let content: Content
  let usesTLS: Bool
  let options: SandboxOptions

  /// Each test gets a server of its own, since tests change what is in it.
  public var isRecursive: Bool { true }

  /// Starts the server, runs the test and stops the server.
  ///
  /// - Throws: What starting the server, loading its content or the test throws.
  @concurrent
  public func provideScope(
    for test: Test,
    testCase: Test.Case?,
    performing function: @concurrent @Sendable () async throws -> Void
  ) async throws {
    let server = try await startSandbox(content, usesTLS: usesTLS, options: options)
    do {
      try await Self.$server.withValue(server) { try await function() }
    } catch {
      await stopSandbox(server)
      throw error
    }
    await stopSandbox(server)
  }
}

extension Trait where Self == SandboxTrait {
  /// An empty sandbox like Kubernetes 1.36, with plain HTTP.
  public static var sandbox: SandboxTrait { sandbox() }

  /// A sandbox for each test.
  ///
  /// - Parameters:
  ///   - content: What is in the cluster when the test begins.
  ///   - version: Which Kubernetes it behaves like.
  ///   - usesTLS: Whether it speaks TLS, with a certificate for `localhost` and `127.0.0.1` that the kubeconfig
  ///     trusts.
  ///   - access: The scripted rights.
  ///   - tokens: The bearer tokens that are known, with their users.
  ///   - clock: Where the creation times come from.
  /// - Returns: The trait.
  public static func sandbox(
    _ content: SandboxTrait.Content = .empty,
    version: SandboxVersion = .v1_36,
    usesTLS: Bool = false,
    access: [AccessRule] = [],
    tokens: [String: SandboxUser] = SandboxOptions().tokens,
    clock: WallClock = .fixed()
  ) -> SandboxTrait {
    let options = SandboxOptions(version: version, tokens: tokens, access: access, clock: clock)
    return SandboxTrait(content: content, usesTLS: usesTLS, options: options)
  }
}

/// The test has no sandbox.
public struct NoSandbox: Error, CustomStringConvertible {
  /// What to do about it.
  public var description: String { "no sandbox is running: give the test or its suite '.sandbox'" }
}

extension SandboxServer {
  /// The server of the running test.
  ///
  /// - Throws: `NoSandbox` when neither the test nor a suite it is in has the trait `.sandbox`.
  public static var current: SandboxServer {
    get throws {
      guard let server = SandboxTrait.server else { throw NoSandbox() }
      return server
    }
  }
}

/// Starts a sandbox with content; for tests that need a second one or start it themselves.
///
/// - Parameters:
///   - content: What is in the cluster when it begins to listen.
///   - usesTLS: Whether it speaks TLS; otherwise what the options say.
///   - options: Everything else.
/// - Returns: The server; `stopSandbox` or letting go of it ends it.
/// - Throws: `SandboxError`, and `CertificateError` when no certificate can be made.
public func startSandbox(
  _ content: SandboxTrait.Content = .empty,
  usesTLS: Bool = false,
  options: SandboxOptions = SandboxOptions(clock: .fixed())
) async throws -> SandboxServer {
  var options = options
  if usesTLS { options.tls = try TestCertificates.shared.get().server }
  let started = options
  return try await blocking("sandbox") {
    let cluster = SandboxCluster(options: started)
    switch content {
    case .empty: break
    case .demo:
      let objects = DemoCluster.objects(now: started.clock.now(), version: started.version)
      try cluster.load(objects)
    case .populated(let population): try cluster.load(population)
    }
    return try SandboxServer.start(cluster: cluster)
  }
}

/// Stops a sandbox and returns when its last thread is gone.
public func stopSandbox(_ server: SandboxServer) async {
  try? await blocking("sandbox") { server.stop() }
}

/// The authority that all tests of a run trust, and what it has signed.
public struct TestCertificates: Sendable {
  /// The authority, for certificates that a test asks for itself.
  public let authority: CertificateAuthority
  /// The certificate of the sandbox, for `localhost`, `127.0.0.1` and `::1`.
  public let server: SandboxTLS

  /// Made once a run, valid for a year from now.
  public static let shared = Result { try TestCertificates() }

  private init() throws {
    authority = try CertificateAuthority.make()
    server = try SandboxTLS.loopback(signedBy: authority)
  }
}

/// Runs something that blocks on a thread of its own, not on one of Swift's few.
func blocking<Value: Sendable>(
  _ label: String,
  _ body: @escaping @Sendable () throws -> Value
) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    DispatchQueue(label: label).async { continuation.resume(with: Result { try body() }) }
  }
}
