// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// The single objects of a restore.
struct AskedObjects {
  /// References that are named one by one in remarks.
  private static let namedReferences = 10

  /// The objects that the user named one by one.
  var named: Set<Int> = []
  /// The objects that may be restored; nil for all that the filter takes.
  var chosen: NamedObjects?
  /// What the user should know of them.
  var remarks: [SelectionRemark] = []

  /// Finds them, and what they refer to.
  ///
  /// - Parameters:
  ///   - objects: The objects that are asked for by name; none for all.
  ///   - withDependencies: Whether what they refer to is asked for too.
  ///   - index: The archive's objects.
  ///   - reader: Reads them.
  ///   - discovery: What the target serves.
  ///   - only: The objects that are to be restored of those that are asked for; nil for all.
  /// - Returns: The objects.
  /// - Throws: `EngineError` `.invalid`, `.notFound`, `.corrupt`; `ObjectStoreError`.
  static func read(
    _ objects: [String],
    withDependencies: Bool,
    in index: ArchiveIndex,
    _ reader: ArchiveItemReader,
    discovery: Discovery,
    only: Set<ObjectAddress>? = nil
  ) async throws -> AskedObjects {
    var asked = AskedObjects()
    if !objects.isEmpty {
      let named = try NamedObjects(objects, in: index, discovery: discovery)
      asked.named = named.numbers
      let others = try await ObjectDependencies.of(named.numbers, in: index, reader: reader)
      asked.tell(others, isTaken: withDependencies)
      asked.chosen =
        withDependencies
        ? NamedObjects(numbers: named.numbers.union(others.numbers)) : named
    }
    if let only {
      asked.chosen = NamedObjects(numbers: Set(only.compactMap { index.number(of: $0) }))
    }
    return asked
  }

  private mutating func tell(_ others: ObjectDependencies, isTaken: Bool) {
    // A namespace is made where it is missing, whatever was asked for.
    let left = others.numbers.compactMap { others.reason(for: $0) }
      .filter { !isTaken && $0.target.type != RestoreWave.namespaces }
    tell(.note, left, "not restored with it", hint: "--with-dependencies restores it too")
    tell(.warning, others.missing.filter { !$0.isOptional }, "not in the backup")
  }

  private mutating func tell(
    _ severity: SelectionRemark.Severity,
    _ references: [ObjectDependencies.Reference],
    _ what: String,
    hint: String? = nil
  ) {
    for reference in references.prefix(Self.namedReferences) {
      remarks.append(
        SelectionRemark(
          severity,
          "\(reference.target), \(reference.reason), is \(what)",
          hint: hint
        )
      )
    }
    let rest = references.count - Self.namedReferences
    if rest > 0 {
      remarks.append(
        SelectionRemark(
          severity,
          "\(rest) more objects that are referred to are \(what)",
          hint: hint
        )
      )
    }
  }
}
