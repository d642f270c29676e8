// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing

/// A child process whose standard input and output are held by this one; its errors go nowhere.
///
/// Every wait blocks the thread.
final class Subprocess: Sendable {
  private let id: pid_t
  /// This side of the child's standard input and output.
  private let end: Int32

  init(_ path: String, _ arguments: [String]) throws {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(socketpair(AF_UNIX, kind, 0, &ends) == 0)
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var id = pid_t()
    let code = posix_spawn(&id, path, &actions, nil, &words, environ)
    close(ends[1])
    try #require(code == 0, "\(path) can be run")
    self.id = id
    end = ends[0]
  }

  /// Up to that many bytes of the output; nil at its end.
  func read(upTo count: Int) -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: count)
    let got = recv(end, &buffer, count, 0)
    return got > 0 ? Array(buffer.prefix(got)) : nil
  }

  /// Puts everything into the input.
  func write(_ bytes: [UInt8]) {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        send(end, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return }
      sent += count
    }
  }

  /// Waits for the end by itself, and returns the exit status.
  func wait() -> Int32 {
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    close(end)
    return status
  }

  /// Ends it and waits for its end.
  func stop() {
    // Not SIGTERM: the child has inherited the signal mask of a thread of the test's pool.
    kill(id, SIGKILL)
    _ = wait()
  }
}

/// `openssl s_server` on a free loopback port.
struct TLSServer: Sendable {
  let port: Int
  let process: Subprocess

  /// Runs `body` with a server that is ended afterwards.
  static func run<Value>(
    _ arguments: [String],
    body: (TLSServer) async throws -> Value
  ) async throws -> Value {
    let server = try await onThread { try TLSServer(arguments) }
    do {
      let value = try await body(server)
      try await onThread { server.process.stop() }
      return value
    } catch {
      try await onThread { server.process.stop() }
      throw error
    }
  }

  private init(_ arguments: [String]) throws {
    process = try Subprocess(
      "/usr/bin/openssl",
      ["s_server", "-accept", "127.0.0.1:0"] + arguments
    )
    var line: [UInt8] = []
    var port: Int?
    while port == nil, let byte = process.read(upTo: 1)?.first {
      guard byte == 0x0A else {
        line.append(byte)
        continue
      }
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("ACCEPT ") { port = text.split(separator: ":").last.flatMap { Int($0) } }
      line = []
    }
    self.port = try #require(port, "s_server tells its port")
  }
}
