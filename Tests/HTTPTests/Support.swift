// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import HTTP
import Synchronization

/// A value that one side sets once and the other waits for, as a task.
final class Signal<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var waiters: [CheckedContinuation<Value, Never>] = []
  }

  private let state = Mutex(State())

  func send(_ value: Value) {
    let waiters = state.withLock { state in
      state.value = value
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  func wait() async -> Value {
    await withCheckedContinuation { waiter in
      let value = state.withLock { state in
        if state.value == nil { state.waiters.append(waiter) }
        return state.value
      }
      if let value { waiter.resume(returning: value) }
    }
  }
}

/// Holds a server's thread until the test opens it.
final class Gate: Sendable {
  private let semaphore = DispatchSemaphore(value: 0)

  func open() { semaphore.signal() }

  func wait() { semaphore.wait() }
}

/// Runs work on a thread of its own.
func startThread(_ work: @escaping @Sendable () -> Void) -> pthread_t {
  final class Box: Sendable {
    let work: @Sendable () -> Void
    init(_ work: @escaping @Sendable () -> Void) { self.work = work }
  }
  var thread = pthread_t()
  let context = Unmanaged.passRetained(Box(work)).toOpaque()
  let code = pthread_create(
    &thread,
    nil,
    { context in
      if let context { Unmanaged<Box>.fromOpaque(context).takeRetainedValue().work() }
      return nil
    },
    context
  )
  precondition(code == 0, "a thread can be had")
  return thread
}

/// Does blocking work on a thread of its own, so that it takes none of the tasks' threads.
func onThread<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value
{
  let result: Result<Value, any Error> = await withCheckedContinuation { waiter in
    let thread = startThread { waiter.resume(returning: Result { try work() }) }
    pthread_detach(thread)
  }
  return try result.get()
}

func loopback(port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  address.sin_port = port.bigEndian
  return address
}

func withSocketAddress<Value>(
  _ address: inout sockaddr_in,
  _ body: (UnsafeMutablePointer<sockaddr>) -> Value
) -> Value {
  withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
  }
}

/// Runs `body` with a directory that is removed afterwards.
func withTemporaryDirectory<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  var template = Array((NSTemporaryDirectory() + "binnacle-http-XXXXXX").utf8CString)
  guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

/// The error that a call ends with, or nil when it does not.
func failure<Value>(_ body: () async throws(HTTPError) -> Value) async -> HTTPError? {
  do throws(HTTPError) {
    _ = try await body()
    return nil
  } catch {
    return error
  }
}

extension HTTPClient {
  /// Sends a request and reads the whole body as text.
  func text(_ request: HTTPRequest) async throws(HTTPError) -> (HTTPResponse, String) {
    let response = try await send(request)
    let body = try await response.body.collect(upTo: 1 << 30)
    return (response, String(decoding: body, as: UTF8.self))
  }
}
