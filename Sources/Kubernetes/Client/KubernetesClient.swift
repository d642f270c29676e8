// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// Talks to one cluster as one user.
///
/// Objects go in and out as they are, as JSON without a model. Copies share their connections and credentials.
/// Reads that fail for a moment's reason are repeated by the options' policy; writes only when nothing
/// was sent, or when the server has turned them away and says when to come back.
public struct KubernetesClient: Sendable {
  /// The largest single object, in bytes; etcd takes requests of 1.5 MiB, aggregated APIs may have more.
  static let objectLimitBytes = 64 << 20

  let transport: Transport

  /// Makes a client; it connects with its first request.
  public init(configuration: ClientConfiguration, options: ClientOptions = ClientOptions()) {
    transport = Transport(configuration: configuration, options: options)
  }

  /// How the client reaches the cluster.
  public var configuration: ClientConfiguration { transport.configuration }

  /// Closes all connections; what is under way is cancelled.
  public func shutdown() async { await transport.shutdown() }

  /// The server's version.
  ///
  /// - Parameter isRepeated: Whether it is asked again where it does not answer, as the client's options say.
  /// - Returns: The version.
  /// - Throws: Whatever keeps the server from being reached or from accepting the user.
  public func serverVersion(isRepeated: Bool = true) async throws(KubernetesError) -> ServerVersion
  {
    var call = APICall(path: "/version", doing: "cannot read the version of the API server")
    call.isRepeated = isRepeated
    let value = try await json(call)
    return ServerVersion(
      gitVersion: value["gitVersion"]?.string ?? "",
      major: value["major"]?.string ?? "",
      minor: value["minor"]?.string ?? ""
    )
  }

  /// Sends a call and reads its answer as one JSON object.
  func json(_ call: APICall) async throws(KubernetesError) -> JSONValue {
    let (response, bytes) = try await answer(call)
    if let value = try? JSONValue(parsing: bytes), value.object != nil { return value }
    throw KubernetesError(
      body: bytes,
      httpStatus: response.status,
      mediaType: response.headers["Content-Type"],
      doing: call.doing
    )
  }

  /// Sends a call and reads its answer's body.
  func body(_ call: APICall) async throws(KubernetesError) -> [UInt8] {
    try await answer(call).body
  }

  private func answer(
    _ call: APICall
  ) async throws(KubernetesError) -> (response: HTTPResponse, body: [UInt8]) {
    var attempt = 1
    while true {
      let response = try await transport.send(call)
      do {
        return (response, try await response.body.collect(upTo: Self.objectLimitBytes))
      } catch {
        // The head is here but not the body: a read can be done again.
        let failure = CallFailure(error: KubernetesError(error, doing: call.doing), isCut: true)
        guard let delay = transport.delay(after: failure, attempt: attempt, call),
          error.code != .cancelled, error.code != .tooLarge
        else { throw failure.error }
        try await transport.retrying.wait(delay)
        attempt += 1
      }
    }
  }
}

/// What an API server says about itself.
public struct ServerVersion: Sendable, Hashable {
  /// The release, such as `v1.31.2` or `v1.31.2-gke.100`.
  public var gitVersion: String
  /// The major version, such as `1`.
  public var major: String
  /// The minor version, such as `31` or `31+`.
  public var minor: String

  /// Makes a version.
  public init(gitVersion: String, major: String, minor: String) {
    self.gitVersion = gitVersion
    self.major = major
    self.minor = minor
  }

  /// The minor version as a number; nil when there is none in it.
  public var minorNumber: Int? { Int(minor.prefix(while: \.isNumber)) }
}
