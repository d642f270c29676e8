// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Testing

@Suite(.timeLimit(.minutes(10)))
struct ServerTests {
  private let path = "/api/v1/namespaces/default/configmaps"

  private func withServer(
    _ options: SandboxOptions = SandboxOptions(),
    _ body: (SandboxServer) throws -> Void
  ) throws {
    let server = try SandboxServer.start(options: options)
    defer { server.stop() }
    try body(server)
  }

  private func load(_ count: Int, bytes: Int, into server: SandboxServer) throws {
    let filler = String(repeating: "x", count: bytes)
    try server.cluster.load(
      documents: (0..<count).map { index in
        Array(
          """
          {"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"item-\(index)","namespace":"default"},
          "data":{"key":"\(filler)"}}
          """.utf8
        )
      }
    )
  }

  @Test func `a connection serves one request after the other`() throws {
    try withServer { server in
      let connection = try RawConnection(port: server.port)
      for _ in 0..<3 {
        connection.get(path, token: server.token)
        let response = try connection.response()
        #expect(response.head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(response.body.hasPrefix("{\"kind\":\"ConfigMapList\""))
      }
      let body = "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}"
      connection.send(
        "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.token)\r\n"
          + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
      )
      #expect(try connection.response().head.hasPrefix("HTTP/1.1 201 Created\r\n"))
      #expect(server.cluster.requests.map(\.status) == [200, 200, 200, 201])
    }
  }

  @Test func `big lists arrive whole`() throws {
    try withServer { server in
      try load(2_000, bytes: 3_000, into: server)
      let connection = try RawConnection(port: server.port)
      connection.get(path, token: server.token)
      let list = try JSONValue(parsing: try connection.response().body)
      let items = try #require(list["items"]?.array)
      #expect(items.count == 2_000)
      #expect(items.allSatisfy { $0[path: "data", "key"]?.string?.utf8.count == 3_000 })
    }
  }

  @Test func `a watch delivers an event as soon as it happens`() throws {
    try withServer { server in
      let connection = try RawConnection(port: server.port)
      connection.get(
        path + "?watch=1&resourceVersion=\(server.cluster.revision)",
        token: server.token
      )
      #expect(connection.read(until: "\r\n\r\n")?.contains("Transfer-Encoding: chunked") == true)
      try server.cluster.load([
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "a"]]
      ])
      #expect(connection.read(until: "\n\r\n")?.contains("{\"type\":\"ADDED\"") == true)
    }
  }

  @Test func `stopping ends the watches and joins the threads`() throws {
    let server = try SandboxServer.start()
    let connection = try RawConnection(port: server.port)
    connection.get(
      path + "?watch=1&resourceVersion=\(server.cluster.revision)",
      token: server.token
    )
    #expect(connection.read(until: "\r\n\r\n") != nil)
    server.stop()
    // The end of a chunked body may come before the connection's.
    #expect(["", "0\r\n\r\n"].contains(String(decoding: connection.readToEnd(), as: UTF8.self)))
    server.stop()
  }

  @Test func `cut answers end in the middle, truncated ones properly`() throws {
    try withServer { server in
      try load(50, bytes: 2_000, into: server)
      server.cluster.faults = [
        Fault(.cutInTheMiddle, occurrence: .nth(1)),
        Fault(.truncated(afterBytes: 100), occurrence: .nth(2)),
        Fault(.cut(afterBytes: 0), occurrence: .nth(3)),
      ]
      let cut = try RawConnection(port: server.port)
      cut.get(path, token: server.token)
      let head = try #require(cut.read(until: "\r\n\r\n"))
      let line = try #require(
        head.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }
      )
      let size = try #require(Int(line.dropFirst(16)))
      #expect(cut.readToEnd().count == size / 2)
      let truncated = try RawConnection(port: server.port)
      truncated.get(path, token: server.token)
      #expect(try truncated.response().body.utf8.count == 100)
      let silent = try RawConnection(port: server.port)
      silent.get(path, token: server.token)
      #expect(silent.readToEnd().isEmpty)
      let whole = try RawConnection(port: server.port)
      whole.get(path, token: server.token)
      #expect(try whole.response().body.utf8.count == size)
    }
  }

  @Test func `bodies over the limit are refused`() throws {
    try withServer { server in
      let connection = try RawConnection(port: server.port)
      let count = 4 * 1024 * 1024
      connection.send(
        "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.token)\r\n"
          + "Content-Length: \(count)\r\n\r\n" + String(repeating: " ", count: count)
      )
      #expect(try connection.response().head.hasPrefix("HTTP/1.1 413"))
    }
  }

  @Test func `a taken port is an error that names it`() throws {
    try withServer { server in
      do throws(SandboxError) {
        try SandboxServer.start(options: SandboxOptions(port: server.port)).stop()
        Issue.record("two servers listen on one port")
      } catch {
        #expect(error.code == .cannotListen)
        #expect(error.message.contains("127.0.0.1:\(server.port)"))
      }
    }
  }

  @Test func `a certificate that is none is an error`() {
    let tls = SandboxTLS(
      certificate: Array("x".utf8),
      key: Array("y".utf8),
      certificateAuthority: []
    )
    #expect(throws: SandboxError.self) {
      try SandboxServer.start(options: SandboxOptions(tls: tls)).stop()
    }
  }

  @Test func `the kubeconfig names the server and the administrator's token`() throws {
    let tokens = ["a": SandboxUser("jane"), "b": SandboxUser.administrator]
    try withServer(SandboxOptions(tokens: tokens)) { server in
      #expect(server.token == "b")
      #expect(server.kubeconfig.contains("server: http://127.0.0.1:\(server.port)\n"))
      #expect(server.kubeconfig.contains("token: \"b\"\n"))
    }
  }

  @Test(.timeLimit(.minutes(10)))
  func `latency delays an answer, and stopping does not wait for it`() throws {
    let server = try SandboxServer.start()
    server.cluster.faults = [Fault(.latency(.seconds(3600)))]
    let connection = try RawConnection(port: server.port)
    connection.get(path, token: server.token)
    server.stop()
  }

  @Test func `many connections read and write at once`() async throws {
    let server = try SandboxServer.start()
    defer { server.stop() }
    let connections = try (0..<8).map { _ in try RawConnection(port: server.port) }
    var statuses: Set<Substring> = []
    for number in 0..<25 {
      for (worker, connection) in connections.enumerated() {
        let body =
          "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"w\(worker)-\(number)\"}}"
        connection.send(
          "POST \(path) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.token)\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        connection.get(path + "?limit=5", token: server.token)
      }
      for connection in connections {
        for _ in 0..<2 { statuses.insert(try connection.response().head.prefix(12)) }
      }
    }
    #expect(statuses == ["HTTP/1.1 201", "HTTP/1.1 200"])
    #expect(server.cluster.objectCount("configmaps") == 200)
    await server.cluster.idle()
  }
}
