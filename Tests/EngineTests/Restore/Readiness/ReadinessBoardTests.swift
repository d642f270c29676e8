// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// The board: what follows from objects that come, change and go in any order.
struct ReadinessBoardTests {
  private typealias Model = ReadinessModel

  private func board(_ targets: [(ReadinessType, String)], loaded: Bool = true) -> ReadinessBoard {
    var board = ReadinessBoard(
      targets.map { type, name in
        (
          ObjectAddress(type: type.rawValue, namespace: "shop", name: name), type,
          PlacedName(namespace: "shop", name: name)
        )
      }
    )
    for type in ReadinessType.allCases {
      board.scopes.set(loaded ? .loaded : .loading(), type, nil)
    }
    return board
  }

  private func put(_ board: inout ReadinessBoard, _ type: ReadinessType, _ object: JSONValue) throws
  {
    let interest = ReadinessInterest(board.targets.map { ($0.type, $0.place) })
    let item = try JSONReader().read(object.encoded()) { ReadinessItem($0, type, interest) }
    if let item { board.put(item) }
  }

  private func deployment(_ available: Int, of replicas: Int) -> JSONValue {
    Model.workload(
      Model.metadata("web", in: "shop", uid: "d"),
      kind: "Deployment",
      replicas: replicas,
      app: "web",
      status: Model.deploymentStatus(available, of: replicas)
    )
  }

  private let set = ReadinessModel.workload(
    ReadinessModel.metadata("web-5d", in: "shop", owner: ("Deployment", "web", "d"), uid: "r"),
    kind: "ReplicaSet",
    app: "web"
  )

  private func pod(
    _ name: String,
    owner: (kind: String, name: String, uid: String)?,
    _ status: JSONValue = ReadinessModel.podWaiting("ImagePullBackOff", "no such image")
  ) -> JSONValue {
    Model.pod(
      Model.metadata(name, in: "shop", owner: owner, labels: ["app": "web"], uid: name),
      status: status
    )
  }

  @Test func `a Deployment's pods are found through its ReplicaSet, in whatever order they come`()
    throws
  {
    let objects: [(ReadinessType, JSONValue)] = [
      (.deployments, deployment(0, of: 1)), (.replicaSets, set),
      (.pods, pod("web-5d-x", owner: ("ReplicaSet", "web-5d", "r"))),
    ]
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
      var board = board([(.deployments, "web")])
      for place in order {
        try put(&board, objects[place].0, objects[place].1)
        _ = board.judge(at: .zero)
      }
      guard case .stuck(.imagePull, let words) = board.entries[0].state else {
        Issue.record("in the order \(order) it is \(board.entries[0].state)")
        continue
      }
      #expect(words.contains("no such image"))
    }
  }

  @Test func `where ReplicaSets may not be seen, pods are found by the Deployment's name`() throws {
    var board = board([(.deployments, "web")])
    board.scopes.set(.gap("not allowed"), .replicaSets, nil)
    try put(&board, .deployments, deployment(0, of: 1))
    try put(&board, .pods, pod("web-5d-x", owner: ("ReplicaSet", "web-5d", "r")))
    _ = board.judge(at: .zero)
    #expect(board.entries[0].state.isStuck)
  }

  @Test func `pods without a controller are the workload's whose selector takes them`() throws {
    var board = board([(.deployments, "web"), (.pods, "web-5d-x")])
    try put(&board, .deployments, deployment(0, of: 1))
    _ = board.judge(at: .zero)
    try put(&board, .pods, pod("web-5d-x", owner: nil))
    _ = board.judge(at: .zero)
    #expect(board.entries.count { $0.state.isStuck } == board.entries.count)
    try put(&board, .pods, pod("web-5d-x", owner: ("Other", "o", "other")))
    _ = board.judge(at: .zero)
    #expect(board.entries[0].state == .waiting("0 of 1 replicas are available"))
    board.remove(.pods, PlacedName(namespace: "shop", name: "web-5d-x"))
    _ = board.judge(at: .zero)
    #expect(board.entries[1].state.isReadyWithNote, "the Deployment makes its own")
  }

  @Test func `a service waits for what is behind it, and is ready without anything`() throws {
    var board = board([(.services, "web"), (.deployments, "web")])
    try put(
      &board,
      .services,
      Model.service(Model.metadata("web", in: "shop", uid: "s"), app: "web")
    )
    try put(&board, .deployments, deployment(0, of: 0))
    _ = board.judge(at: .zero)
    #expect(board.entries[0].state.isReady)
    try put(&board, .deployments, deployment(0, of: 1))
    _ = board.judge(at: .zero)
    #expect(board.entries[0].state.isWaiting)
    try put(&board, .endpointSlices, Model.slice("web-a", of: "web", in: "shop", ready: 1))
    _ = board.judge(at: .zero)
    #expect(board.entries[0].state == .ready())
    try put(&board, .endpointSlices, Model.slice("web-a", of: "web", in: "shop", ready: 0))
    _ = board.judge(at: .zero)
    #expect(board.entries[0].state.isWaiting)
  }

  @Test func `nothing is missing or ready before it has been looked at`() throws {
    var board = board(
      ReadinessType.allCases.filter(\.isTarget).map { ($0, "web") },
      loaded: false
    )
    _ = board.judge(at: .zero)
    #expect(board.entries.count { $0.state.isWaiting } == board.entries.count)
    for type in ReadinessType.allCases { board.scopes.set(.loaded, type, nil) }
    board.markAll()
    _ = board.judge(at: .zero)
    #expect(board.entries.allSatisfy { $0.state == .stuck(.missing, "it is not in the cluster") })
  }

  @Test func `what a workload has replaced is not waited for`() throws {
    var board = board([
      (.pods, "web-5d-x"), (.replicaSets, "web-5d"), (.pods, "webs-1"), (.deployments, "web"),
    ])
    _ = board.judge(at: .zero)
    #expect(board.entries.count { $0.state.isStuck } == 4)
    try put(&board, .deployments, deployment(1, of: 1))
    _ = board.judge(at: .zero)
    #expect(board.entries.map(\.state.isReady) == [true, true, false, true])
    #expect(board.entries[0].state.words?.contains("deployments.apps 'shop/web'") == true)
    board.remove(.deployments, PlacedName(namespace: "shop", name: "web"))
    _ = board.judge(at: .zero)
    #expect(board.entries.count { $0.state.isStuck } == 4)
  }

  @Test func `since when a state holds does not move with its words`() throws {
    var board = board([(.deployments, "web")])
    try put(&board, .deployments, deployment(0, of: 3))
    let change1 = board.judge(at: .seconds(1))
    #expect(change1)
    #expect(board.entries[0].since == .zero, "it has waited from the start")
    try put(&board, .deployments, deployment(2, of: 3))
    let change2 = board.judge(at: .seconds(2))
    #expect(change2)
    #expect(board.entries[0].since == .zero)
    try put(&board, .deployments, deployment(3, of: 3))
    let change3 = board.judge(at: .seconds(3))
    #expect(change3)
    #expect(board.entries[0].since == .seconds(3))
    try put(&board, .deployments, deployment(3, of: 3))
    let change4 = board.judge(at: .seconds(4))
    #expect(!change4, "nothing is new")
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `judging what has changed comes to the same as judging all anew`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let history = try RandomReadiness(&random)
    var board = board(RandomReadiness.targets)
    for change in history.changes {
      change.apply(to: &board)
      if Int.random(in: 0..<3, using: &random) == 0 { _ = board.judge(at: .zero) }
    }
    _ = board.judge(at: .zero)
    var fresh = self.board(RandomReadiness.targets)
    for change in history.rest.shuffled(using: &random) + history.events {
      change.apply(to: &fresh)
    }
    _ = fresh.judge(at: .zero)
    for (one, other) in zip(board.entries, fresh.entries) {
      #expect(one.state == other.state, "\(one.address)")
    }
    for type in ReadinessType.allCases {
      #expect(board.places(type, in: nil).count == fresh.places(type, in: nil).count)
    }
  }
}
