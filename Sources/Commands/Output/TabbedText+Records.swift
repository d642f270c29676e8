// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// The parts that Velero's descriptions of backups and restores have in common.
///
/// Source: Velero 1.18, `pkg/cmd/util/output/backup_describer.go` and `restore_describer.go`.
extension TabbedText {
  /// What stands for an empty list.
  static let none = "<none>"

  /// Adds `Label:` with a line for each pair of a map.
  mutating func map(_ label: String, _ entries: [String: String]) {
    let lines = entries.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    field(label, lines.first ?? Self.none)
    for line in lines.dropFirst() { add("\t\(line)") }
  }

  /// Adds what is wrong with a spec, when something is.
  mutating func validationErrors(_ problems: [String]) {
    guard !problems.isEmpty else { return }
    add()
    heading("Validation errors")
    for problem in problems { add("\t\(problem)") }
  }

  /// Adds the warnings and errors, when there are any.
  mutating func results(_ results: JSONValue?, of status: some OperationStatusRecord) {
    for (label, count) in [("Warnings", status.warnings), ("Errors", status.errors)]
    where count > 0 {
      add()
      heading(label)
      guard let result = results?[label.lowercased()] else {
        add("\t<the results file is missing; \(HumanText.count(count)) were counted>")
        continue
      }
      for (part, key) in [("Velero", "velero"), ("Cluster", "cluster")] {
        messages(part, result[key]?.array?.compactMap(\.string) ?? [], level: 1)
      }
      let namespaces = result["namespaces"]?.object?.members ?? []
      if namespaces.isEmpty {
        field("Namespaces", Self.none, level: 1)
      } else {
        heading("Namespaces", level: 1)
        for member in namespaces {
          messages(member.key, member.value.array?.compactMap(\.string) ?? [], level: 2)
        }
      }
    }
  }

  private mutating func messages(_ label: String, _ messages: [String], level: Int) {
    field(label, messages.first?.trimmed ?? Self.none, level: level)
    let indentation = String(repeating: "\t", count: level + 1)
    for message in messages.dropFirst() { add(indentation + message.trimmed) }
  }

  /// Adds what plugins did in the background.
  mutating func operations<Status: OperationStatusRecord>(
    _ operations: [JSONValue],
    of status: Status,
    withDetails: Bool
  ) {
    let attempted = status.itemOperationsAttempted
    let title = Status.operation.prefix(1).uppercased() + Status.operation.dropFirst()
    let more = withDetails ? "" : " (specify --details for more information)"
    field(
      "\(title) Item Operations",
      "\(status.itemOperationsCompleted) of \(attempted) completed successfully, "
        + "\(status.itemOperationsFailed) failed\(more)"
    )
    for operation in operations {
      let item = operation[path: "spec", "resourceIdentifier"]
      let place = [item?["Namespace"]?.string, item?["Name"]?.string]
        .compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: "/")
      heading("Operation for \(item?["Resource"]?.string ?? "") \(place)", level: 1)
      let action = ("\(title) Item Action Plugin", "spec", "\(Status.operation)ItemAction")
      for (label, part, key) in [action] + Self.operationFields {
        if let value = operation[path: part, key]?.string, !value.isEmpty {
          field(label, value, level: 2)
        }
      }
    }
  }

  private static let operationFields = [
    ("Operation ID", "spec", "operationID"), ("Phase", "status", "phase"),
    ("Operation Error", "status", "error"), ("Progress description", "status", "description"),
    ("Created", "status", "created"), ("Started", "status", "started"),
    ("Updated", "status", "updated"),
  ]

  /// Adds the names of all objects by kind.
  mutating func resources(_ list: JSONValue?, of kind: String) {
    guard let members = list?.object?.members else {
      return field("Resource List", "<\(kind) resource list not found>")
    }
    heading("Resource List")
    for member in members.sorted(by: { $0.key < $1.key }) {
      heading(member.key, level: 1)
      for name in member.value.array?.compactMap(\.string) ?? [] { add("\t\t- \(name)") }
    }
  }

  /// Adds how many hooks were run.
  mutating func hooks(of status: some OperationStatusRecord) {
    add()
    field("HooksAttempted", "\(status.hooksAttempted)")
    field("HooksFailed", "\(status.hooksFailed)")
  }
}

/// Values as Velero's descriptions print them.
enum RecordText {
  /// A list as text.
  static func joined(_ texts: [String], _ whenEmpty: String) -> String {
    texts.isEmpty ? whenEmpty : texts.joined(separator: ", ")
  }

  /// A truth value as one of three texts.
  static func choice(
    _ value: Bool?,
    no: String = "false",
    yes: String = "true",
    unset: String = "auto"
  ) -> String {
    value.map { $0 ? yes : no } ?? unset
  }

  /// The or-selectors as one text.
  static func either(_ selectors: [LabelSelector]) -> String {
    let texts = selectors.map { Optional($0).shown }
    return texts.isEmpty ? TabbedText.none : texts.joined(separator: " or ")
  }
}
