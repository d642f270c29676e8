// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// What one request presents.
struct Credentials: Sendable {
  /// The value of the `Authorization` header; nil for none.
  var authorization: Secret?
  /// A plugin's certificate and key, which take the place of the kubeconfig's.
  var certificate: PEM?
  var key: PEM?
  /// Counts how often credentials were renewed.
  var generation = 0
}

/// Gets credentials, keeps them while they are good and renews them when the server refuses them.
///
/// Runs on a queue of its own, since plugins and files block. Concurrent requests share one run of a plugin.
actor CredentialStore {
  private let executor = QueueExecutor(label: "binnacle.credentials")
  private let configuration: ClientConfiguration
  private let wallClock: WallClock
  private var kept: Credentials?
  /// When the kept credentials are to be renewed; nil for never.
  private var renewal: Timestamp?

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(configuration: ClientConfiguration, wallClock: WallClock) {
    self.configuration = configuration
    self.wallClock = wallClock
  }

  /// The credentials that need no waiting: none, a token, or a name with password.
  nonisolated var fixed: Credentials? {
    switch configuration.credentials {
    case .none: Credentials()
    case .token(let token): Credentials(authorization: Self.bearer(token))
    case .basic(let username, let password):
      Credentials(
        authorization: Secret("Basic " + Base64.encode(Array("\(username):\(password.value)".utf8)))
      )
    case .tokenFile, .plugin: nil
    }
  }

  /// Good credentials, fetched when there are none.
  ///
  /// - Throws: `.credentials` when a plugin or file gives none; `.cancelled`.
  nonisolated func current() async throws(KubernetesError) -> Credentials {
    if let fixed { return fixed }
    let cancellation = ChildProcess.Cancellation()
    let result = await withTaskCancellationHandler {
      await fetch(cancellation)
    } onCancel: {
      cancellation.cancel()
    }
    return try result.get()
  }

  /// Forgets credentials that the server has refused.
  ///
  /// - Returns: Whether others may be had by asking again.
  func discard(generation: Int) -> Bool {
    switch configuration.credentials {
    case .none, .token, .basic: return false
    case .tokenFile, .plugin:
      if let kept, kept.generation == generation { renewal = Timestamp(seconds: 0) }
      return true
    }
  }

  private func fetch(
    _ cancellation: ChildProcess.Cancellation
  ) -> Result<Credentials, KubernetesError> {
    if cancellation.isCancelled { return .failure(.cancelled) }
    if let kept, renewal.map({ wallClock.now() < $0 }) ?? true { return .success(kept) }
    do {
      var credentials = try renewed(cancellation)
      credentials.generation = (kept?.generation ?? 0) + 1
      kept = credentials
      return .success(credentials)
    } catch {
      return .failure(error)
    }
  }

  private func renewed(
    _ cancellation: ChildProcess.Cancellation
  ) throws(KubernetesError) -> Credentials {
    switch configuration.credentials {
    case .none, .token, .basic: return fixed ?? Credentials()
    case .tokenFile(let path, let fallback):
      let token = try read(path, fallback: fallback)
      renewal = wallClock.now() + GoDuration(seconds: TokenFile.lifetimeSeconds)
      return Credentials(authorization: Self.bearer(token))
    case .plugin(let plugin):
      let answer = try plugin.run(configuration, cancellation)
      renewal = answer.expiration
      return Credentials(
        authorization: answer.token.map(Self.bearer),
        certificate: answer.certificate,
        key: answer.key
      )
    }
  }

  private func read(_ path: String, fallback: Secret?) throws(KubernetesError) -> Secret {
    do {
      let token = TokenFile.token(in: try LocalFile.read(path))
      if !token.value.isEmpty { return token }
      if let fallback { return fallback }
      throw missing(path, "it is empty")
    } catch let failure as LocalFile.Failure {
      if let fallback { return fallback }
      throw missing(path, failure.text)
    } catch {
      throw .wrapping(error, doing: "cannot read the token file '\(path)'")
    }
  }

  private func missing(_ path: String, _ reason: String) -> KubernetesError {
    KubernetesError(
      code: .credentials,
      message: "cannot read the token file '\(path)': \(reason)",
      hint: "have the token written again; it is read once a minute"
    )
  }

  private nonisolated static func bearer(_ token: Secret) -> Secret {
    Secret("Bearer \(token.value)")
  }
}
