// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import ObjectStorage
internal import Primitives
internal import Velero

/// What a restore is planned from: what is asked for, the backup with its index, and what the target serves.
struct RestoreGround: Sendable {
  let request: RestoreRequest
  let backup: Backup
  let index: ArchiveIndex
  let reader: ArchiveItemReader
  let volumes: VolumeKnowledge
  let modifiers: ResourceModifiers?
  let discovery: Discovery
  /// Where the objects go.
  let target: ClusterName
  /// What the user should know of all this.
  let issues: [Issue]

  var spec: RestoreSpec { request.restore.spec }
  /// Where the objects come from.
  var source: ClusterName {
    ClusterName(identity: ClusterIdentity(annotations: backup.annotations))
  }

  /// Reads all of it.
  ///
  /// - Throws: `EngineError` `.invalid`, also for a backup that is being deleted, `.notFound` for one that is not there, `.corrupt`; `VeleroError` for an archive or
  ///   resource modifiers that cannot be used; `ObjectStoreError`; `KubernetesError` when the target cannot be asked.
  static func read(
    _ request: RestoreRequest,
    from catalog: BackupCatalog,
    _ indexes: ArchiveIndexes,
    into client: KubernetesClient,
    context: String?
  ) async throws -> RestoreGround {
    let name = request.restore.spec.backupName
    guard !name.isEmpty else {
      throw EngineError(.invalid, "the restore names no backup", hint: "give --from-backup NAME")
    }
    let backup = try await kept(name, in: catalog)
    async let discovered = client.discover()
    async let identity = ClusterIdentity.read(with: client)
    let index = try await indexes.index(of: name)
    let modifiers = try await modifiers(request, client)
    let discovery = try await discovered
    return RestoreGround(
      request: request,
      backup: backup,
      index: index,
      reader: ArchiveItemReader(
        store: catalog.store,
        key: catalog.layout.key(.contents, ofBackup: name),
        index: index
      ),
      volumes: try await volumes(of: name, catalog),
      modifiers: modifiers,
      discovery: discovery,
      target: ClusterName(
        context: context,
        server: client.configuration.server,
        identity: try await identity
      ),
      issues: doubts(about: backup) + discovery.failures.map(issue)
    )
  }

  /// Reads the record of a backup that something can be restored from.
  private static func kept(_ name: String, in catalog: BackupCatalog) async throws -> Backup {
    guard let backup = try await catalog.record(name) else {
      throw EngineError(
        .notFound,
        "there is no backup '\(name)' in \(catalog.store.name)",
        hint: "'binnacle backup get' lists the backups"
      )
    }
    guard backup.status.phase != .deleting else {
      throw EngineError(
        .invalid,
        "the backup '\(name)' is being deleted: its deletion has begun, and files of it may be gone",
        hint: "choose another backup; 'binnacle backup get' lists them"
      )
    }
    return backup
  }

  /// Looks again whether a backup is still to be restored from, once others can see that somebody does.
  ///
  /// - Throws: `EngineError` `.invalid` or `.notFound` when its deletion has begun; `ObjectStoreError`.
  static func checkIsKept(_ name: String, in catalog: BackupCatalog) async throws {
    _ = try await kept(name, in: catalog)
  }

  private static func modifiers(
    _ request: RestoreRequest,
    _ client: KubernetesClient
  ) async throws -> ResourceModifiers? {
    if let own = try RestoreOptions.modifiers(in: request.restore.annotations) { return own }
    let name = request.restore.spec.resourceModifierName
    guard !name.isEmpty else { return nil }
    let namespace = request.restore.namespace
    let configMaps = GroupVersionResource(group: "", version: "v1", resource: "configmaps")
    do {
      let object = try await client.get(
        ObjectReference(configMaps, namespace: namespace, name: name)
      )
      return try ResourceModifiers(configMap: object, source: "\(namespace)/\(name)")
    } catch let error as KubernetesError where error.code == .notFound {
      throw EngineError(
        .invalid,
        "there is no ConfigMap '\(namespace)/\(name)', which the restore names for its resource modifiers",
        hint: "correct --resource-modifier-configmap, or give --resource-modifiers FILE"
      )
    }
  }

  private static func volumes(
    of name: String,
    _ catalog: BackupCatalog
  ) async throws -> VolumeKnowledge {
    let infos = try await catalog.json(.volumeInfo, of: name)
    let snapshots = try await catalog.json(.volumeSnapshots, of: name)
    let files = try await catalog.json(.podVolumeBackups, of: name)
    let csi = try await catalog.json(.csiVolumeSnapshots, of: name)
    let claims = (csi?.array ?? []).compactMap { snapshot -> String? in
      guard let namespace = snapshot[path: "metadata", "namespace"]?.string,
        let claim = snapshot[path: "spec", "source", "persistentVolumeClaimName"]?.string
      else { return nil }
      return "\(namespace)/\(claim)"
    }
    return VolumeKnowledge(
      infos: infos?.array?.map { VolumeInfo(json: $0) },
      snapshots: (snapshots?.array ?? []).map { VolumeSnapshot(json: $0) },
      podVolumeBackups: (files?.array ?? []).map { PodVolumeBackup(json: $0) },
      claimsWithSnapshots: Set(claims)
    )
  }

  /// What the backup's own record says against relying on it.
  private static func doubts(about backup: Backup) -> [Issue] {
    let status = backup.status
    switch status.phase {
    case .completed: return []
    case .partiallyFailed:
      return [
        Issue(
          .warning,
          "the backup '\(backup.name)' is PartiallyFailed: \(status.errors) of its objects or volumes are missing",
          hint: "'binnacle backup describe \(backup.name) --details' names them"
        )
      ]
    default:
      return [
        Issue(
          .warning,
          "the backup '\(backup.name)' is \(status.phase.text), so that objects may be missing from it",
          hint: "'binnacle backup describe \(backup.name)' says more"
        )
      ]
    }
  }

  private static func issue(_ failure: DiscoveryFailure) -> Issue {
    Issue(
      .warning,
      "the API group '\(failure.group)' of the target could not be discovered; its objects cannot be restored",
      subject: Issue.Subject(resource: failure.group),
      cause: failure.message,
      hint: "'kubectl get apiservices' shows which aggregated API server is down"
    )
  }
}
