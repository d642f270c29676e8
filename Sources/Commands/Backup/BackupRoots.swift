// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The workloads and Helm releases that a Backup asks for, as they are shown.
struct BackupRoots: Sendable, Hashable {
  /// In the order of the record, workloads first.
  let all: [BackupRoot]

  /// Takes them from the annotations of a Backup; what is no entry is left out, since it is among the annotations all the same.
  init(_ backup: Backup) { all = (try? BackupScope.roots(in: backup.annotations)) ?? [] }

  /// Whether it is a plain backup.
  var isEmpty: Bool { all.isEmpty }

  /// Those of one kind, as their flag takes them.
  func texts(_ field: FilterField) -> [String] {
    all.filter { $0.entry.field == field }.map(\.text)
  }

  /// Those of one kind; nil when there are none.
  func json(_ field: FilterField) -> JSONValue? {
    let texts = texts(field)
    return texts.isEmpty ? nil : .array(texts.map { .string($0) })
  }
}
