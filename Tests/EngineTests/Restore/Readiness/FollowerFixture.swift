// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox
import Synchronization
import TestSupport
import Testing

@testable import Engine

/// Workloads of a cluster that a test fills and changes as controllers would, and a follower of them.
struct FollowerFixture: Sendable {
  let api: PlainAPI
  let clock: any Clock<Duration>
  private let client: KubernetesClient
  var options = ReadinessOptions()

  init(
    _ configuration: ClientConfiguration,
    _ api: PlainAPI,
    clock: any Clock<Duration> = ContinuousClock()
  ) {
    self.api = api
    self.clock = clock
    client = KubernetesClient(
      configuration: configuration,
      options: ClientOptions(retry: RetryPolicy(maximumAttempts: 2), clock: clock, randomSeed: 7)
    )
    options.randomSeed = 7
  }

  /// A follower of a sandbox, on a clock that is held.
  init(_ server: SandboxServer, token: String? = nil, clock: HeldClock) {
    self.init(
      ClientConfiguration(
        server: server.url,
        credentials: .token(Secret(token ?? server.token))
      ),
      PlainAPI(server),
      clock: clock
    )
  }

  /// Follows workloads while `body` changes the cluster and looks at the reports.
  func follow(
    _ targets: [ObjectAddress],
    timeLimit: Duration = .seconds(600),
    _ body: @escaping @Sendable (ReportLog) async throws -> Void
  ) async throws -> ReadinessReport {
    let log = ReportLog()
    let follower = ReadinessFollower(
      client: client,
      discovery: try await client.discover(),
      clock: clock,
      options: options
    )
    let result: Result<ReadinessReport, any Error>
    do {
      result = .success(
        try await withThrowingTaskGroup(of: ReadinessReport?.self) { group in
          group.addTask {
            defer { log.finish() }
            return try await follower.follow(targets, timeLimit: timeLimit) { log.add($0) }
          }
          group.addTask {
            try await body(log)
            return nil
          }
          var report: ReadinessReport?
          for try await part in group { report = part ?? report }
          return try #require(report)
        }
      )
    } catch {
      result = .failure(error)
    }
    await client.shutdown()
    return try result.get()
  }

  // MARK: What controllers would do

  /// Makes an object in a namespaced type and gives it its status; returns its uid.
  @discardableResult
  func create(_ path: String, _ object: JSONValue) async throws -> String {
    var plain = object
    plain["status"] = nil
    plain["metadata"]?["uid"] = nil
    let created = try await api.send(.post, path, plain)
    if let status = object["status"] {
      let name = object[path: "metadata", "name"]?.string ?? ""
      try await setStatus("\(path)/\(name)", status)
    }
    return try #require(created[path: "metadata", "uid"]?.string)
  }

  func setStatus(_ path: String, _ status: JSONValue) async throws {
    try await patch("\(path)/status", ["status": status])
  }

  func patch(_ path: String, _ change: JSONValue) async throws {
    try await api.send(.patch, path, change, contentType: "application/merge-patch+json")
  }

  func createNamespace(_ name: String) async throws {
    try await api.send(
      .post,
      "/api/v1/namespaces",
      ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": .string(name)]]
    )
  }
}

/// The reports of a follower, for one who waits for some of them.
final class ReportLog: Sendable {
  private let reports = Mutex<[ReadinessReport]>([])
  private let news: AsyncStream<Void>
  private let tell: AsyncStream<Void>.Continuation

  init() { (news, tell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

  var all: [ReadinessReport] { reports.withLock { $0 } }

  func add(_ report: ReadinessReport) {
    reports.withLock { $0.append(report) }
    tell.yield()
  }

  func finish() { tell.finish() }

  /// Waits until the newest report is as wanted; the suite's time limit ends the wait.
  ///
  /// - Throws: When the follower ends before.
  @discardableResult
  func report(when isWanted: (ReadinessReport) -> Bool) async throws -> ReadinessReport {
    if let last = all.last, isWanted(last) { return last }
    for await _ in news {
      if let last = all.last, isWanted(last) { return last }
    }
    let last = try #require(all.last)
    return try #require(isWanted(last) ? last : nil, "it ended at \(last.entries)")
  }
}

extension ReadinessReport {
  /// How a workload stands, by its type and name.
  func state(_ type: String, _ name: String) -> ReadinessState? {
    entries.first { $0.address.type == type && $0.address.name == name }?.state
  }
}
