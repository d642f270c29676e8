// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Sandbox

/// Config maps of an embedded cluster that change at a steady rate.
///
/// Each change is labelled with when it was made, by the clock that all processes of the machine share.
struct ClusterChanges {
  static let perSecond = 5000
  static let seconds = 5
  static let objectCount = 200
  /// The name of the object that comes after all changes.
  static let lastName = "changes-end"

  let server: SandboxServer

  func run() {
    for number in 0..<Self.objectCount {
      send("POST", "", "{\"metadata\":{\"name\":\"changes-\(number)\"}}")
    }
    // Fifty at a time: a sleep takes longer than the time between two changes.
    let batch = 50
    let start = Self.now
    for number in 0..<Self.perSecond * Self.seconds {
      if number % batch == 0 {
        let due = start + number * 1_000_000_000 / Self.perSecond
        let early = due - Self.now
        if early > 0 { usleep(UInt32(early / 1000)) }
      }
      send(
        "PATCH",
        "/changes-\(number % Self.objectCount)",
        "{\"metadata\":{\"labels\":{\"at\":\"\(Self.now)\",\"app\":\"changes\"}}}"
      )
    }
    let took = Double(Self.now - start) / 1e9
    send(
      "POST",
      "",
      "{\"metadata\":{\"name\":\"\(Self.lastName)\",\"labels\":{\"took\":\"\(took)\"}}}"
    )
  }

  /// In nanoseconds.
  static var now: Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }

  private func send(_ method: String, _ name: String, _ body: String) {
    let type = method == "PATCH" ? "application/merge-patch+json" : "application/json"
    let response = server.cluster.handle(
      SandboxRequest(
        method: method,
        target: "/api/v1/namespaces/default/configmaps\(name)",
        headers: [
          SandboxHeader("Authorization", "Bearer \(server.token)"),
          SandboxHeader("Content-Type", type),
        ],
        body: Array(body.utf8)
      )
    )
    precondition((200..<300).contains(response.status), "the cluster takes the change")
  }
}
