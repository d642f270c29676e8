// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Velero

/// What belongs to the roots of a backup, and how Velero would take it.
struct ScopeReading: Sendable {
  /// The filter, restricted to what belongs to the roots.
  let filter: BackupFilter
  /// The plain filter that comes nearest.
  let translation: VeleroTranslation

  /// Reads both.
  ///
  /// - Parameters:
  ///   - roots: At least one.
  ///   - filter: What else was asked for.
  ///   - name: The backup's name.
  ///   - reader: Reads the cluster, at the revision that it is made for.
  ///   - client: For relations of what is taken.
  /// - Returns: The restricted filter and its translation.
  /// - Throws: As `ObjectSetReader.read`.
  static func read(
    _ roots: [BackupRoot],
    _ filter: BackupFilter,
    name: String,
    _ reader: ObjectSetReader,
    _ client: KubernetesClient
  ) async throws -> ScopeReading {
    var filter = filter
    let only = try await reader.read(roots)
    filter.only = only
    let inventory = try await reader.inventory(around: only)
    let relations = RelationStore(client: client)
    let ground = PreviewGround(inventory, relations.snapshot)
    func settled(_ filter: BackupFilter) async throws -> Preview {
      var preview = ground.with(relations.snapshot).evaluate(filter)
      // Each round reads all that is lacking; what is still lacking in the end is not known, and no translation is exact then.
      for _ in 0..<Self.roundLimit where preview.pending > 0 {
        try await relations.resolve(preview)
        preview = ground.with(relations.snapshot).evaluate(filter)
      }
      return preview
    }
    return ScopeReading(
      filter: filter,
      translation: try await VeleroTranslation.make(
        of: try await settled(filter),
        name: name,
        evaluate: settled
      )
    )
  }

  /// Chains of relations are shorter than this.
  private static let roundLimit = 16

  /// The Backup as its record keeps it: Velero's filter in the spec, and what was asked for in annotations.
  func recorded(_ backup: Backup) -> Backup {
    var record = backup
    record.spec = translation.applied(to: backup.spec)
    record.annotations[BackupScope.filterAnnotation] = BackupScope.filterText(backup.spec)
    return record
  }
}

/// A Backup of workloads or Helm releases, and how a server would take it that knows nothing of these.
public struct ScopedBackup: Sendable {
  /// The filter of the Backup, restricted to what belongs to its roots.
  public let filter: BackupFilter
  /// The Backup, with Velero's filter in its spec and what was asked for in its annotations.
  public let backup: Backup
  /// What the user should know: references that lead nowhere, and what may be missing since it could not be read.
  public let remarks: [SelectionRemark]
  /// What the spec takes too much or too little; nil when it takes the same objects.
  public let translationRemark: SelectionRemark?
}

extension BackupScope {
  /// Finds out what a Backup takes, and translates it.
  ///
  /// - Parameters:
  ///   - backup: The Backup; comes back as it is when its annotations name neither workloads nor releases.
  ///   - client: The cluster.
  /// - Returns: The filter and the translation.
  /// - Throws: As `BackupFilter.read(_:inNamespace:with:)`; `EngineError` `.notFound` for a workload or release that does not exist,
  ///   `.invalid` for one that cannot be; `KubernetesError` when it cannot be read.
  public static func read(_ backup: Backup, with client: KubernetesClient) async throws
    -> ScopedBackup
  {
    let roots = try roots(in: backup.annotations)
    let filter = try await BackupFilter.read(
      backup.spec,
      inNamespace: backup.namespace,
      with: client
    )
    guard !roots.isEmpty, filter.problems.isEmpty else {
      return ScopedBackup(filter: filter, backup: backup, remarks: [], translationRemark: nil)
    }
    let reader = ObjectSetReader(client: client, discovery: try await client.discover())
    let scope = try await ScopeReading.read(roots, filter, name: backup.name, reader, client)
    let only = scope.filter.only
    let gaps = (only?.gaps ?? []).map { SelectionRemark($0, of: only?.title ?? "") }
    return ScopedBackup(
      filter: scope.filter,
      backup: scope.recorded(backup),
      remarks: (only?.remarks ?? []) + gaps,
      translationRemark: scope.translation.remark
    )
  }
}
