// SPDX-License-Identifier: Apache-2.0

/// The faults of a cluster with the count of the requests that each has seen.
struct FaultPlan {
  private var entries: [(fault: Fault, seen: Int)] = []

  var faults: [Fault] { entries.map(\.fault) }

  mutating func replace(with faults: [Fault]) { entries = faults.map { ($0, 0) } }

  mutating func add(_ fault: Fault) { entries.append((fault, 0)) }

  /// What strikes this request: the sum of the latencies, and the first other action.
  mutating func strike(method: String, path: String, query: String) -> FaultStrike {
    var strike = FaultStrike()
    for index in entries.indices
    where entries[index].fault.match.matches(method: method, path: path, query: query) {
      entries[index].seen += 1
      let fault = entries[index].fault
      guard fault.occurrence.strikes(entries[index].seen) else { continue }
      if case .latency(let delay) = fault.action {
        strike.delay += delay
      } else if strike.action == nil {
        strike.action = fault.action
      }
    }
    return strike
  }
}

/// What happens to one request.
struct FaultStrike: Sendable {
  var delay: Duration = .zero
  var action: FaultAction?
}

extension FaultMatch {
  /// Whether a request fulfils every condition.
  func matches(method: String, path: String, query: String) -> Bool {
    if let wanted = self.method, wanted != method { return false }
    if let glob = self.path, !Glob.matches(Array(glob.utf8)[...], Array(path.utf8)[...]) {
      return false
    }
    if let part = self.query, !query.contains(part) { return false }
    return true
  }
}

private enum Glob {
  static func matches(_ glob: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
    guard let first = glob.first else { return text.isEmpty }
    let rest = glob.dropFirst()
    switch first {
    case UInt8(ascii: "*"):
      let crossesSlashes = rest.first == UInt8(ascii: "*")
      let after = crossesSlashes ? rest.dropFirst() : rest
      var tail = text
      while true {
        if matches(after, tail) { return true }
        guard let next = tail.first, crossesSlashes || next != UInt8(ascii: "/") else {
          return false
        }
        tail = tail.dropFirst()
      }
    case UInt8(ascii: "?"):
      guard let next = text.first, next != UInt8(ascii: "/") else { return false }
      return matches(rest, text.dropFirst())
    default:
      return text.first == first && matches(rest, text.dropFirst())
    }
  }
}
