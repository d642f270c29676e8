// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import HTTP
public import Primitives

/// What an event of a watch says about its object.
public enum WatchEventKind: Sendable, Hashable {
  /// An object is new, or came to fit the selectors.
  case added
  /// An object has changed.
  case modified
  /// An object is gone, or no longer fits the selectors; its last state.
  case deleted
  /// Nothing up to the object's version was missed; there is no more to the object.
  case bookmark
}

extension KubernetesClient {
  /// Opens one answer of a watch, and returns when the server has begun it.
  ///
  /// Nothing is repeated, so that the caller knows at any time whether it is connected; `watch` goes on by itself.
  ///
  /// - Parameters:
  ///   - options: What to watch.
  ///   - skipped: Members of events that views are to be without.
  ///   - unread: Members of events that are to stay text; none of both may hold `resourceVersion`.
  /// - Returns: The answer, of which nothing is read yet.
  /// - Throws: Why there is no answer; `.expired` when the server no longer keeps the version.
  public func openWatch(
    _ options: WatchOptions,
    skipping skipped: [JSONReader.Member] = [],
    leaving unread: [JSONReader.Member] = []
  ) async throws(KubernetesError) -> WatchConnection {
    let usual = Duration.seconds(WatchOptions.usualTimeoutSeconds)
    let jittered = usual + transport.retrying.fraction(of: usual)
    let call = options.call(
      after: options.resourceVersion,
      timeoutSeconds: options.timeoutSeconds ?? Int(jittered.components.seconds)
    )
    do throws(CallFailure) {
      let response = try await transport.sendWithGoodCredentials(call)
      return WatchConnection(response, options, JSONReader(skipping: skipped, leaving: unread))
    } catch {
      throw error.error
    }
  }
}

/// One answer of a watch while it comes in; its events are read where they stand, and none is copied.
///
/// For a hundred watches with thousands of events a second. One task at a time may use it; dropping it ends the answer.
public struct WatchConnection {
  /// What is tried, for errors.
  private let doing: String
  private var body: HTTPBody.Iterator
  private let reader: JSONReader
  /// The beginning of a line whose end has not come yet.
  private var rest: [UInt8] = []
  /// Up to which version the events so far reach; from here another watch goes on.
  public private(set) var resourceVersion: String

  init(_ response: HTTPResponse, _ options: WatchOptions, _ reader: JSONReader) {
    self.reader = reader
    let subject = options.resource.description(namespace: options.namespace, name: nil)
    doing = "cannot watch \(subject)"
    resourceVersion = options.resourceVersion
    body = response.body.makeAsyncIterator()
  }

  /// Waits for what comes next, and passes each whole event of it to `onEvent`.
  ///
  /// - Parameter onEvent: Called for one event after the other; the view must not leave it.
  /// - Returns: False when the server has ended its answer, as it does every few minutes.
  /// - Throws: `.expired` when the server no longer keeps the version; any other error event; what breaks the connection.
  public mutating func next(
    _ onEvent: (WatchEventKind, JSONView) -> Void
  ) async throws(KubernetesError) -> Bool {
    let bytes: [UInt8]?
    do throws(HTTPError) {
      bytes = try await body.next()
    } catch {
      throw KubernetesError(error, doing: doing)
    }
    guard let bytes else { return false }
    var pending: [UInt8] = []
    swap(&pending, &rest)
    let scanned = pending.count
    if pending.isEmpty { pending = bytes } else { pending += bytes }
    let read = try pending.withUnsafeBufferPointer { (bytes) throws(KubernetesError) in
      try readLines(UnsafeRawBufferPointer(bytes), from: scanned, onEvent)
    }
    if read < pending.count { rest = Array(pending[read...]) }
    guard rest.count <= KubernetesClient.objectLimitBytes else {
      throw KubernetesError(
        code: .malformedResponse,
        message: "\(doing): an event is larger than \(KubernetesClient.objectLimitBytes) bytes"
      )
    }
    return true
  }

  /// Reads every whole line, and tells where the first one begins that is not whole.
  private mutating func readLines(
    _ bytes: UnsafeRawBufferPointer,
    from scanned: Int,
    _ onEvent: (WatchEventKind, JSONView) -> Void
  ) throws(KubernetesError) -> Int {
    var start = 0
    var from = scanned
    while let end = Self.lineEnd(bytes, from: from) {
      if end > start {
        try read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), onEvent)
      }
      start = end + 1
      from = start
    }
    return start
  }

  private static func lineEnd(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
    guard let base = bytes.baseAddress, start < bytes.count else { return nil }
    return memchr(base + start, Int32(UInt8(ascii: "\n")), bytes.count - start)
      .map { UnsafeRawPointer($0) - base }
  }

  private mutating func read(
    _ line: UnsafeRawBufferPointer,
    _ onEvent: (WatchEventKind, JSONView) -> Void
  ) throws(KubernetesError) {
    var failure: KubernetesError?
    var version: String?
    do {
      try reader.read(line) { event in
        guard let type = event["type"]?.string, let object = event["object"] else {
          failure = broken(line)
          return
        }
        if type == "ERROR" {
          failure = KubernetesError(status: object.value, httpStatus: nil, doing: doing)
          return
        }
        version = object["metadata"]?["resourceVersion"]?.string
        if let kind = Self.kinds[type] { onEvent(kind, object) }
      }
    } catch {
      failure = broken(line)
    }
    if let failure { throw failure }
    if let version, !version.isEmpty { resourceVersion = version }
  }

  private static let kinds: [String: WatchEventKind] = [
    "ADDED": .added, "MODIFIED": .modified, "DELETED": .deleted, "BOOKMARK": .bookmark,
  ]

  private func broken(_ line: UnsafeRawBufferPointer) -> KubernetesError {
    KubernetesError(body: Array(line), httpStatus: 200, mediaType: nil, doing: doing)
  }
}
