// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The form for programs, which `docs/preview.md` describes.
extension PreviewReport {
  /// The counts and all that is said about the filter.
  var json: JSONValue {
    let summary = preview.summary
    var value: JSONValue = [
      "taken": .number(JSONNumber(summary.taken)),
      "leftOut": .number(JSONNumber(summary.leftTotal)),
      "isEmpty": .bool(preview.isEmpty),
      "isExact": .bool(preview.exactness == .exact),
      "namespaces": .array(summary.namespaces.map { Self.json($0, "namespace") }),
      "resources": .array(summary.types.map { Self.json($0, "resource") }),
      "reasons": .array(summary.reasons.map(Self.json)),
      "remarks": .array(remarks.map(Self.json)),
      "gaps": .array(preview.gaps.map(Self.json)),
    ]
    if !preview.volumes.isEmpty { value["volumes"] = .array(preview.volumes.map(Self.json)) }
    if let earlier {
      value["earlierBackup"] = [
        "name": .string(earlier.name), "started": .string("\(earlier.started)"),
        "objects": .number(JSONNumber(earlier.objectCount)),
        "storedBytes": .number(JSONNumber(earlier.storedBytes)),
      ]
    }
    value["command"] = .string(command.line)
    value["fieldsWithoutFlag"] = .array(command.flaglessFields.map { .string($0) })
    value["spec"] = Backup(name: "", spec: backup.spec).ordered["spec"]
    let roots = BackupRoots(backup)
    if !roots.isEmpty {
      value["workloads"] = roots.json(.workload)
      value["helmReleases"] = roots.json(.helmRelease)
      value["translation"] = [
        "isExact": .bool(scope.translationRemark == nil),
        "spec": Backup(name: "", spec: scope.backup.spec).ordered["spec"] ?? [:],
      ]
    }
    return value
  }

  /// Objects of the cluster have no namespace: their row has no such member.
  private static func json(_ row: SelectionSummary.Row, _ title: String) -> JSONValue {
    var value: JSONValue = [:]
    if !row.name.isEmpty { value[title] = .string(row.name) }
    value["taken"] = .number(JSONNumber(row.taken))
    value["leftOut"] = .number(JSONNumber(row.leftTotal))
    var left: JSONValue = [:]
    for (kind, count) in row.left.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      left[kind.rawValue] = .number(JSONNumber(count))
    }
    value["leftOutBy"] = left
    return value
  }

  private static func json(_ reason: SelectionSummary.Reason) -> JSONValue {
    [
      "code": .string(reason.kind.rawValue), "reason": .string(reason.text),
      "leftOut": .number(JSONNumber(reason.count)),
    ]
  }

  static func json(_ remark: SelectionRemark) -> JSONValue {
    let severity =
      switch remark.severity {
      case .error: "error"
      case .warning: "warning"
      case .note: "note"
      }
    var value: JSONValue = [
      "severity": .string(severity), "message": .string(remark.message),
    ]
    if let part = remark.part {
      value["flag"] = .string(part.field.flag)
      value["part"] = .string(part.text)
    }
    if let hint = remark.hint { value["hint"] = .string(hint) }
    return value
  }

  private static func json(_ gap: PreviewGap) -> JSONValue {
    let subject =
      switch gap.subject {
      case .objects: "objects"
      case .relations: "relations"
      case .members: "members"
      case .group: "group"
      case .namespaces: "namespaces"
      }
    var value: JSONValue = ["subject": .string(subject), "resource": .string(gap.type)]
    if let names = gap.namespaces { value["namespaces"] = .array(names.map { .string($0) }) }
    value["reason"] = .string(gap.reason)
    return value
  }

  private static func json(_ volume: VolumeOutlook) -> JSONValue {
    var value: JSONValue = [:]
    if let pod = volume.pod {
      value["pod"] = .string(pod.path)
      value["name"] = .string(volume.name)
    }
    if let claim = volume.claim { value["claim"] = .string(claim.path) }
    if let volume = volume.volume { value["volume"] = .string(volume.name) }
    if let rule = volume.rule { value["rule"] = .number(JSONNumber(rule)) }
    if let action = volume.action { value["action"] = .string(action.rawValue) }
    return value
  }
}

extension PreviewObject {
  /// The form for programs.
  var json: JSONValue {
    var value: JSONValue = ["resource": .string(address.type)]
    if let namespace = address.namespace { value["namespace"] = .string(namespace) }
    value["name"] = .string(address.name)
    value["answer"] = isTaken ? "in" : "out"
    value["reason"] = .string(reason)
    return value
  }
}
