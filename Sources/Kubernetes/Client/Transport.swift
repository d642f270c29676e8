// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives
internal import Synchronization

/// Sends calls with credentials: renews those that are refused, repeats what may be repeated, types what fails.
final class Transport: Sendable {
  /// The most of an error's body that is read, in bytes; a Status with many causes has some KiB.
  static let errorBodyLimitBytes = 1 << 20

  /// The most connections for watches; a cluster with many custom resources has some hundred types.
  static let watchConnectionLimit = 512

  private struct State {
    var client: HTTPClient?
    /// For watches: each holds a connection for minutes where the server has no HTTP/2.
    var watchClient: HTTPClient?
    /// The client certificate that the clients present instead of the configuration's.
    var certificate: PEM?
    var hasConnected = false
    var warnings: Set<String> = []
  }

  let configuration: ClientConfiguration
  let options: ClientOptions
  let retrying: Retrying
  private let store: CredentialStore
  private let state = Mutex(State())

  init(configuration: ClientConfiguration, options: ClientOptions) {
    self.configuration = configuration
    self.options = options
    retrying = Retrying(options: options)
    store = CredentialStore(configuration: configuration, wallClock: options.wallClock)
  }

  /// Closes all connections; requests that run are cancelled.
  func shutdown() async {
    let clients = state.withLock { state in
      defer { (state.client, state.watchClient) = (nil, nil) }
      return [state.client, state.watchClient]
    }
    for client in clients { await client?.shutdown() }
  }

  /// Sends a call, as often as its failures allow, and gives the first answer with a status of 2xx.
  func send(_ call: APICall) async throws(KubernetesError) -> HTTPResponse {
    var attempt = 1
    while true {
      let failure: CallFailure
      do throws(CallFailure) {
        return try await sendWithGoodCredentials(call)
      } catch {
        failure = error
      }
      guard let delay = delay(after: failure, attempt: attempt, call) else { throw failure.error }
      try await retrying.wait(delay)
      attempt += 1
    }
  }

  /// Sends a call once; when the server refuses the credentials and others can be had, a second time with those.
  func sendWithGoodCredentials(_ call: APICall) async throws(CallFailure) -> HTTPResponse {
    do throws(CallFailure) {
      return try await sendOnce(call)
    } catch {
      guard error.error.code == .unauthorized, let generation = error.generation,
        await store.discard(generation: generation)
      else { throw error }
    }
    return try await sendOnce(call)
  }

  /// What `sendWithGoodCredentials` returns or throws.
  func result(of call: APICall) async -> Result<HTTPResponse, CallFailure> {
    do throws(CallFailure) {
      return .success(try await sendWithGoodCredentials(call))
    } catch {
      return .failure(error)
    }
  }

  /// The wait before a call is sent again; nil when it is not to be.
  func delay(after failure: CallFailure, attempt: Int, _ call: APICall) -> Duration? {
    guard call.isRepeated else { return nil }
    return retrying.delay(
      after: failure,
      attempt: attempt,
      isRead: call.isRead,
      hasConnected: state.withLock { $0.hasConnected }
    )
  }

  private func sendOnce(_ call: APICall) async throws(CallFailure) -> HTTPResponse {
    if Task.isCancelled { throw CallFailure(error: .cancelled) }
    let credentials: Credentials
    do {
      credentials = try await store.current()
    } catch {
      throw CallFailure(error: error)
    }
    var headers = configuration.impersonation.headers
    if let authorization = credentials.authorization {
      headers.append((name: "Authorization", value: authorization.value))
    }
    var request = call.request(server: configuration.server, headers: headers)
    if !call.isWatch { request.totalTimeout = configuration.requestTimeout }
    let response: HTTPResponse
    do {
      response = try await client(for: credentials, isWatch: call.isWatch).send(request)
    } catch {
      throw CallFailure(
        error: KubernetesError(error, doing: call.doing),
        isUnsent: error.isSafeToRetry,
        generation: credentials.generation
      )
    }
    state.withLock { $0.hasConnected = true }
    report(response.headers, call)
    guard (200..<300).contains(response.status) else {
      throw CallFailure(
        error: await error(of: response, call),
        generation: credentials.generation
      )
    }
    return response
  }

  /// The connections that present the credentials' certificate; others are left to end what they are at.
  private func client(for credentials: Credentials, isWatch: Bool) -> HTTPClient {
    state.withLock { state in
      if state.certificate != credentials.certificate {
        (state.client, state.watchClient) = (nil, nil)
        state.certificate = credentials.certificate
      }
      if let client = isWatch ? state.watchClient : state.client { return client }
      let client = newClient(credentials, isWatch: isWatch)
      if isWatch { state.watchClient = client } else { state.client = client }
      return client
    }
  }

  private func newClient(_ credentials: Credentials, isWatch: Bool) -> HTTPClient {
    var tls = configuration.tls
    if let certificate = credentials.certificate {
      tls.clientCertificate = certificate
      tls.clientKey = credentials.key
    }
    return HTTPClient(
      options: HTTPClientOptions(
        tls: tls,
        proxy: configuration.proxy,
        connectTimeout: options.connectTimeout,
        idleTimeout: options.idleTimeout,
        maximumConnectionsPerHost: isWatch
          ? Self.watchConnectionLimit : options.maximumConnections,
        userAgent: options.userAgent
      )
    )
  }

  private func error(of response: HTTPResponse, _ call: APICall) async -> KubernetesError {
    let body: [UInt8]
    do {
      body = try await response.body.collect(upTo: Self.errorBodyLimitBytes)
    } catch {
      if error.code == .cancelled { return .cancelled }
      // The status tells enough; what the server says about it got lost on the way.
      body = []
    }
    var result: KubernetesError
    if let status = try? JSONValue(parsing: body), status["kind"]?.string == "Status" {
      result = KubernetesError(status: status, httpStatus: response.status, doing: call.doing)
    } else {
      result = KubernetesError(
        body: body,
        httpStatus: response.status,
        mediaType: response.headers["Content-Type"],
        doing: call.doing
      )
    }
    if let seconds = response.headers["Retry-After"].flatMap({ Int($0) }), seconds >= 0 {
      result.retryAfterSeconds = seconds
    }
    return result
  }

  private func report(_ headers: HTTPHeaders, _ call: APICall) {
    guard let onWarning = options.onWarning else { return }
    for text in headers.values("Warning").flatMap(WarningHeader.texts) {
      let isNew = state.withLock { state in
        state.warnings.count < WarningHeader.keptLimit && state.warnings.insert(text).inserted
      }
      if isNew { onWarning(ServerWarning(text: text, request: call.doing)) }
    }
  }
}
