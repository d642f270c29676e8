// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A warning that the server sent along with an answer.
public struct ServerWarning: Sendable, Hashable {
  /// The server's words, such as `v1 ComponentStatus is deprecated in v1.19+`.
  public var text: String
  /// What was being done.
  public var request: String

  /// Makes a warning.
  public init(text: String, request: String) {
    self.text = text
    self.request = request
  }
}

/// How a client behaves, apart from where it connects to.
public struct ClientOptions: Sendable {
  /// The name the client gives itself.
  public var userAgent: String
  /// The owner of the fields that the client sets, when a request names none.
  public var fieldManager: String
  /// How often and after which waits a request is tried again that may be.
  public var retry: RetryPolicy
  /// What waits for retries; a test's clock returns at once.
  public var clock: any Clock<Duration>
  /// What tells when credentials end.
  public var wallClock: WallClock
  /// Where the jitter of waits starts from.
  public var randomSeed: UInt64
  /// The most connections to the server.
  public var maximumConnections: Int
  /// The longest silence of the server in the middle of an answer.
  public var idleTimeout: Duration
  /// The longest time until a connection stands.
  public var connectTimeout: Duration
  /// Called for each warning of the server, once for the same text.
  public var onWarning: (@Sendable (ServerWarning) -> Void)?

  /// Makes options.
  public init(
    userAgent: String = "binnacle",
    fieldManager: String = "binnacle",
    retry: RetryPolicy = RetryPolicy(),
    clock: any Clock<Duration> = ContinuousClock(),
    wallClock: WallClock = .system,
    randomSeed: UInt64 = .random(in: .min ... .max),
    onWarning: (@Sendable (ServerWarning) -> Void)? = nil
  ) {
    self.userAgent = userAgent
    self.fieldManager = fieldManager
    self.retry = retry
    self.clock = clock
    self.wallClock = wallClock
    self.randomSeed = randomSeed
    self.onWarning = onWarning
    maximumConnections = 16
    idleTimeout = .seconds(60)
    connectTimeout = .seconds(10)
  }
}
