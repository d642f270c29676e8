// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

extension KubernetesClient {
  /// Follows the changes of objects from a version on.
  ///
  /// The watch goes on over broken connections from the last version it has seen, and ends with `.expired` when the server
  /// no longer keeps that version. Nothing runs while nobody asks for the next event: what waits is bounded by
  /// the connection's buffer. Dropping the iterator ends the watch.
  public func watch(_ options: WatchOptions) -> Watch {
    Watch(transport: transport, options: options)
  }
}

/// A watch on objects; each iteration is one of its own.
public struct Watch: AsyncSequence, Sendable {
  /// What the watch tells.
  public typealias Element = WatchEvent
  /// Why it cannot go on.
  public typealias Failure = KubernetesError

  let transport: Transport
  let options: WatchOptions

  /// Begins the watch; it connects when the first event is asked for.
  public func makeAsyncIterator() -> Iterator {
    Iterator(transport: transport, options: options)
  }

  /// The events in order.
  public struct Iterator: AsyncIteratorProtocol {
    private let transport: Transport
    private let options: WatchOptions
    private var version: String
    private var body: HTTPBody.Iterator?
    private var lines = LineSplitter(limitBytes: KubernetesClient.objectLimitBytes)
    private var isFinished = false
    /// How many answers in a row have ended without an event.
    private var emptyAnswers = 0

    init(transport: Transport, options: WatchOptions) {
      self.transport = transport
      self.options = options
      version = options.resourceVersion
    }

    /// The next event, or nil after `.expired`.
    ///
    /// - Throws: What keeps the watch from going on: `.forbidden`, `.notFound`, `.unavailable` after the last try, `.cancelled`.
    public mutating func next() async throws(KubernetesError) -> WatchEvent? {
      try await next(isolation: #isolation)
    }

    /// The next event, or nil after `.expired`.
    public mutating func next(
      isolation actor: isolated (any Actor)?
    ) async throws(KubernetesError) -> WatchEvent? {
      if isFinished { return nil }
      do throws(KubernetesError) {
        return try await nextEvent()
      } catch {
        isFinished = true
        body = nil
        if error.code == .expired { return .expired(error) }
        throw error
      }
    }

    private mutating func nextEvent() async throws(KubernetesError) -> WatchEvent {
      while true {
        if Task.isCancelled { throw .cancelled }
        if let line = lines.next() {
          if let event = try await take(line) { return event }
          continue
        }
        guard body != nil else {
          try await connect()
          continue
        }
        try await readMore()
      }
    }

    private mutating func connect() async throws(KubernetesError) {
      if emptyAnswers > 0 {
        // A server that hangs up at once is not to be asked in a tight loop.
        let policy = transport.retrying.policy
        try await transport.retrying.wait(policy.longestDelay(attempt: emptyAnswers))
      }
      let usual = Duration.seconds(WatchOptions.usualTimeoutSeconds)
      let jittered = usual + transport.retrying.fraction(of: usual)
      let call = options.call(
        after: version,
        timeoutSeconds: options.timeoutSeconds ?? Int(jittered.components.seconds)
      )
      emptyAnswers += 1
      lines = LineSplitter(limitBytes: KubernetesClient.objectLimitBytes)
      body = try await transport.send(call).body.makeAsyncIterator()
    }

    private mutating func readMore() async throws(KubernetesError) {
      do throws(HTTPError) {
        if let bytes = try await body?.next() {
          guard lines.add(bytes) else {
            throw HTTPError(
              code: .tooLarge,
              message: "an event is larger than \(KubernetesClient.objectLimitBytes) bytes"
            )
          }
          return
        }
        body = nil
      } catch {
        body = nil
        switch error.code {
        case .cancelled: throw .cancelled
        case .tooLarge:
          throw KubernetesError(error, doing: "cannot watch \(options.resource.groupResource)")
        default: break
        }
      }
    }

    /// Reads one line; nil when it is to be passed over and the watch goes on.
    private mutating func take(_ line: [UInt8]) async throws(KubernetesError) -> WatchEvent? {
      let doing = "cannot watch \(options.resource.groupResource)"
      guard let event = try? JSONValue(parsing: line), let object = event["object"],
        let type = event["type"]?.string
      else {
        throw KubernetesError(
          body: line,
          httpStatus: 200,
          mediaType: nil,
          doing: doing
        )
      }
      if type == "ERROR" {
        let error = KubernetesError(status: object, httpStatus: nil, doing: doing)
        guard error.isTransient else { throw error }
        body = nil
        return nil
      }
      emptyAnswers = 0
      if let seen = object[path: "metadata", "resourceVersion"]?.string, !seen.isEmpty {
        version = seen
      }
      switch type {
      case "ADDED": return .added(object)
      case "MODIFIED": return .modified(object)
      case "DELETED": return .deleted(object)
      case "BOOKMARK": return .bookmark(resourceVersion: version)
      default: return nil
      }
    }
  }
}

/// Cuts bytes into lines.
struct LineSplitter {
  private var bytes: [UInt8] = []
  /// Where the next line begins.
  private var start = 0
  /// Up to where no line end was found.
  private var scanned = 0
  private let limitBytes: Int

  init(limitBytes: Int) { self.limitBytes = limitBytes }

  /// Adds bytes; false when a line is longer than the limit.
  mutating func add(_ more: [UInt8]) -> Bool {
    if start > 0 {
      bytes.removeFirst(start)
      scanned -= start
      start = 0
    }
    bytes += more
    return bytes.count <= limitBytes
  }

  /// The next whole line that is not empty, without its end.
  mutating func next() -> [UInt8]? {
    while let end = bytes[scanned...].firstIndex(of: UInt8(ascii: "\n")) {
      let line = bytes[start..<end]
      start = end + 1
      scanned = start
      if !line.isEmpty { return Array(line) }
    }
    scanned = bytes.count
    return nil
  }
}
