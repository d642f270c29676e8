// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The form for programs, which `docs/restore.md` describes.
extension RestorePreviewReport {
  /// All of it, every object of the backup and every difference included.
  var json: JSONValue {
    [
      "restore": preview.restore.ordered,
      "backup": .string(preview.backup.name),
      "source": preview.source.json, "target": preview.target.json,
      "isSound": .bool(preview.isSound),
      "isCheckedByServer": .bool(preview.isCheckedByServer),
      "counts": preview.counts.json,
      "resources": .array(
        types.map { ["resource": .string($0.name), "counts": $0.counts.json] }
      ),
      "namespaces": .array(preview.namespaces.map { .string($0) }),
      "findings": .array(preview.findings.map(Self.json)),
      "remarks": .array(preview.remarks.map(PreviewReport.json)),
      "issues": .array(preview.issues.map(Self.json)),
      "objects": .array(preview.entries.map(Self.json)),
    ]
  }

  private static func json(_ finding: PreflightFinding) -> JSONValue {
    var value: JSONValue = [
      "severity": .string(finding.severity.rawValue), "kind": .string(finding.kind.rawValue),
      "message": .string(finding.message),
      "subjects": .array(finding.subjects.map { .string($0.text) }),
      "count": .number(JSONNumber(finding.count)),
    ]
    value["hint"] = finding.hint.map { .string($0) }
    return value
  }

  private static func json(_ issue: Issue) -> JSONValue {
    var value: JSONValue = [
      "severity": .string(issue.severity.rawValue), "message": .string(issue.message),
    ]
    value["resource"] = issue.subject.resource.map { .string($0) }
    value["namespace"] = issue.subject.namespace.map { .string($0) }
    value["name"] = issue.subject.name.map { .string($0) }
    value["cause"] = issue.cause.map { .string($0) }
    value["hint"] = issue.hint.map { .string($0) }
    return value
  }

  private static func json(_ entry: RestoreEntry) -> JSONValue {
    var value: JSONValue = [
      "source": .string(entry.source.text), "target": .string(entry.target.text),
      "action": .string(entry.verdict.action.rawValue),
    ]
    switch entry.verdict {
    case .create, .skipIdentical: break
    case .skipDifferent(let changes), .update(let changes), .recreate(let changes):
      value["changes"] = .array(
        SecretMask.masked(changes, ofType: entry.source.type).map(json)
      )
    case .leave(let reason): value["reason"] = .string("\(reason)")
    case .fail(let failure):
      value["cause"] = .string(failure.cause.rawValue)
      value["message"] = .string(failure.message)
      value["hint"] = failure.hint.map { .string($0) }
    }
    return value
  }

  /// A side that has nothing there lacks its member, so that `null` in an object is told from that.
  private static func json(_ change: FieldChange) -> JSONValue {
    var value: JSONValue = ["path": .string(change.path)]
    value["before"] = change.before
    value["after"] = change.after
    return value
  }
}
