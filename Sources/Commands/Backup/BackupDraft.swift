// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// Makes the Backup object that the flags of `backup create` ask for.
struct BackupDraft {
  /// The flags.
  let arguments: ParsedArguments
  /// The namespace that the record names.
  let namespace: String
  /// Whether the object is for a server, which does more than a run without one.
  let isForServer: Bool
  /// What the flags change; nil where they say everything.
  var base: BackupSource?
  /// The location that a run writes to, which its record names.
  var location = StorageLocation.embeddedName

  private typealias Flags = BackupCreateFlags

  /// The object, without status.
  ///
  /// - Parameter name: The backup's name, which is checked.
  /// - Returns: What would be created; its filters are sound by Velero's rules.
  /// - Throws: `UsageError` for flags that contradict each other or cannot be read; `CommandFailure` for what does
  ///   not work without a server yet.
  func backup(named name: String) throws -> Backup {
    if !isForServer { try refuseUnsupported() }
    try refuseMixedFilters()
    try ObjectName.check(name)
    var backup = Backup(name: name, namespace: namespace, spec: try spec())
    backup.labels = (base?.labels ?? [:]).merging(try arguments.labels()) { $1 }
    backup.annotations = (base?.annotations ?? [:]).merging(arguments.map(Flags.annotations)) { $1 }
    backup.annotations.merge(BackupScope.annotations(of: try roots())) { $1 }
    let problems = try BackupFilter(backup.spec).problems
    guard problems.isEmpty else {
      throw UsageError(
        problems.joined(separator: "\n"),
        hint: "correct the filter; 'binnacle backup create --help' explains its flags"
      )
    }
    return backup
  }

  /// The workloads and Helm releases that the flags name.
  private func roots() throws -> [BackupRoot] {
    do {
      return try (arguments[Flags.workloads] ?? []).map { try BackupRoot(workload: $0) }
        + (arguments[Flags.releases] ?? []).map { try BackupRoot(release: $0) }
    } catch let error as EngineError {
      throw UsageError(error.message, hint: error.hint)
    }
  }

  private func spec() throws -> BackupSpec {
    var spec = base?.spec ?? startingSpec
    setFilters(&spec)
    try arguments.setSelectors(&spec)
    if arguments.has(Flags.orderedResources.spec) {
      spec.orderedResources = try orderedResources()
    }
    setVolumes(&spec)
    if let location = arguments[Flags.storageLocation] { spec.storageLocation = location }
    if let name = arguments[Flags.resourcePolicies] { spec.resourcePolicyName = name }
    if let kept = arguments[Flags.timeToLive] { spec.ttl = kept }
    if let timeout = arguments[Flags.csiSnapshotTimeout] { spec.csiSnapshotTimeout = timeout }
    if let timeout = arguments[Flags.itemOperationTimeout] { spec.itemOperationTimeout = timeout }
    return spec
  }

  /// What the flags change where there is nothing to start from.
  private var startingSpec: BackupSpec {
    var spec = BackupSpec()
    spec.includedNamespaces = ["*"]
    if !isForServer { spec.storageLocation = location }
    return spec
  }

  private func setFilters(_ spec: inout BackupSpec) {
    if let names = arguments[Flags.includeNamespaces] { spec.includedNamespaces = names }
    if let names = arguments[Flags.excludeNamespaces] { spec.excludedNamespaces = names }
    if let names = arguments[Flags.includeResources] { spec.includedResources = names }
    if let names = arguments[Flags.excludeResources] { spec.excludedResources = names }
    if let takes = arguments[Flags.includeClusterResources] { spec.includeClusterResources = takes }
    if let names = arguments[Flags.includeClusterScoped] {
      spec.includedClusterScopedResources = names
    }
    if let names = arguments[Flags.excludeClusterScoped] {
      spec.excludedClusterScopedResources = names
    }
    if let names = arguments[Flags.includeNamespaceScoped] {
      spec.includedNamespaceScopedResources = names
    }
    if let names = arguments[Flags.excludeNamespaceScoped] {
      spec.excludedNamespaceScopedResources = names
    }
  }

  private func setVolumes(_ spec: inout BackupSpec) {
    if let names = arguments[Flags.volumeSnapshotLocations] { spec.volumeSnapshotLocations = names }
    if let name = arguments[Flags.dataMover] { spec.dataMover = name }
    if let takes = arguments[Flags.snapshotVolumes] { spec.snapshotVolumes = takes }
    if let moves = arguments[Flags.snapshotMoveData] { spec.snapshotMoveData = moves }
    if let takes = arguments[Flags.volumesToFileSystemBackup] {
      spec.defaultVolumesToFsBackup = takes
    }
    if let count = arguments[Flags.parallelFilesUpload] { spec.parallelFilesUpload = count }
  }

  /// Reads `pods=ns/a,ns/b;persistentvolumes=x`.
  private func orderedResources() throws(UsageError) -> [String: String] {
    var order: [String: String] = [:]
    for part in (arguments[Flags.orderedResources] ?? "").split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1).map(\.trimmed)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
        throw UsageError(
          "flag '--ordered-resources' cannot hold '\(part)'",
          hint: "write resources with their objects, such as 'pods=shop/db-0,shop/db-1'"
        )
      }
      order[pair[0]] = pair[1]
    }
    return order
  }

  private func refuseMixedFilters() throws(UsageError) {
    let old = Flags.oldStyle.filter(arguments.has).map { "--\($0.name)" }
    let new = Flags.newStyle.filter(arguments.has).map { "--\($0.name)" }
    guard let first = old.first, let second = new.first else { return }
    throw UsageError(
      "'\(first)' and '\(second)' do not go together",
      hint: "use the flags for cluster-scoped and namespace-scoped resources, or the older ones"
    )
  }

  /// Stops at flags that ask for what only a server does so far, so that none is silently ignored.
  private func refuseUnsupported() throws(CommandFailure) {
    var spec = base?.spec ?? BackupSpec()
    setVolumes(&spec)
    if let feature = ServerFeature.allCases.first(where: { $0.isAsked(in: spec) }) {
      throw CommandFailure(
        exitCode: .usage,
        code: "unsupported",
        message: feature.flag.map { "'\($0)' is not supported in direct mode yet" }
          ?? feature.refusal,
        hint: "leave the flag out, or print the object for a Velero server with -o yaml"
      )
    }
    guard let location = arguments[Flags.storageLocation], location != self.location else { return }
    throw CommandFailure.notFound(
      "there is no storage location '\(location)'",
      hint:
        "the backup would be written to '\(self.location)'; 'binnacle location get' lists the locations"
    )
  }
}
