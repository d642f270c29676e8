// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

extension BackupExpiry {
  /// When the backup ends, for people: `in 28d`, `3h ago`, `protected`, `never`, `being deleted`.
  func ends(at now: Timestamp) -> String {
    switch standing {
    case .kept(let moment): "in \(HumanText.age(moment - now))"
    case .overdue(let moment): "\(HumanText.age(now - moment)) ago"
    case .protected: "protected"
    case .unlimited: "never"
    case .deleting: "being deleted"
    }
  }
}

extension ExpiryEntry {
  /// What programs are told of the backup's end.
  func json(now: Timestamp) -> JSONValue {
    var value: JSONValue = [
      "name": .string(name), "phase": .string(backup.record.shownPhase),
      "files": .number(JSONNumber(backup.files)), "bytes": .number(JSONNumber(backup.sizeBytes)),
    ]
    if let cluster = backup.cluster { value["cluster"] = .string(cluster.uid) }
    switch expiry.standing {
    case .kept(let moment):
      value["ends"] = "kept"
      value["expiration"] = .string("\(moment)")
    case .overdue(let moment):
      value["ends"] = "overdue"
      value["expiration"] = .string("\(moment)")
    case .protected(let former):
      value["ends"] = "protected"
      if let former { value["formerExpiration"] = .string("\(former)") }
    case .unlimited: value["ends"] = "never"
    case .deleting: value["ends"] = "deleting"
    }
    if let hold { value["keptBecause"] = .string(hold.reason) }
    return value
  }
}
