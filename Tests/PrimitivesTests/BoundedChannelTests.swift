// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

private actor Collector {
  var values: [Int] = []
  func append(_ value: Int) { values.append(value) }
}

@Suite(.timeLimit(.minutes(10)))
struct BoundedChannelTests {
  @Test func `every value arrives once, from many senders to many receivers`() async throws {
    let channel = BoundedChannel<Int>(capacity: 3)
    let received = Collector()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          while let value = await channel.receive() { await received.append(value) }
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { senders in
        for sender in 0..<5 {
          senders.addTask { for index in 0..<200 { try await channel.send(sender * 200 + index) } }
        }
        try await senders.waitForAll()
      }
      channel.finish()
      try await group.waitForAll()
    }
    #expect(await received.values.sorted() == Array(0..<1000))
  }

  @Test func `one sender's values arrive in order`() async throws {
    let channel = BoundedChannel<Int>(capacity: 1)
    async let sent: Void = {
      for index in 0..<100 { try await channel.send(index) }
      channel.finish()
    }()
    var received: [Int] = []
    while let value = await channel.receive() { received.append(value) }
    try await sent
    #expect(received == Array(0..<100))
  }

  @Test func `a full channel holds its sender until it is cancelled`() async throws {
    let channel = BoundedChannel<Int>(capacity: 1)
    try await channel.send(1)
    let task = Task { try await channel.send(2) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    channel.finish()
    #expect(await channel.receive() == 1)
    #expect(await channel.receive() == nil)
  }

  @Test func `a cancelled receiver gets nil and takes nothing`() async throws {
    let channel = BoundedChannel<Int>(capacity: 1)
    let task = Task { await channel.receive() }
    task.cancel()
    #expect(await task.value == nil)
    try await channel.send(7)
    #expect(await channel.receive() == 7)
  }

  @Test func `a finished channel takes nothing more`() async {
    let channel = BoundedChannel<Int>(capacity: 1)
    channel.finish()
    await #expect(throws: CancellationError.self) { try await channel.send(1) }
    #expect(await channel.receive() == nil)
  }
}
