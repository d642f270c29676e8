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

  private typealias Flags = BackupCreateFlags

  /// The object, without status.
  ///
  /// - Returns: What would be created; its filters are sound by Velero's rules.
  /// - Throws: `UsageError` for flags that contradict each other or cannot be read; `CommandFailure` for what does
  ///   not work without a server yet.
  func backup() throws -> Backup {
    if !isForServer { try refuseUnsupported() }
    try refuseSchedule()
    try refuseMixedFilters()
    let name = arguments.words[0]
    try ObjectName.checkBackup(name)
    var backup = Backup(name: name, namespace: namespace, spec: try spec())
    backup.labels = try labels()
    backup.annotations = map(Flags.annotations)
    let problems = try BackupFilter(backup.spec).problems
    guard problems.isEmpty else {
      throw UsageError(
        problems.joined(separator: "\n"),
        hint: "correct the filter; 'binnacle backup create --help' explains its flags"
      )
    }
    return backup
  }

  private func spec() throws -> BackupSpec {
    var spec = BackupSpec()
    spec.includedNamespaces = arguments[Flags.includeNamespaces] ?? ["*"]
    spec.excludedNamespaces = arguments[Flags.excludeNamespaces] ?? []
    spec.includedResources = arguments[Flags.includeResources] ?? []
    spec.excludedResources = arguments[Flags.excludeResources] ?? []
    spec.includeClusterResources = arguments[Flags.includeClusterResources]
    spec.includedClusterScopedResources = arguments[Flags.includeClusterScoped] ?? []
    spec.excludedClusterScopedResources = arguments[Flags.excludeClusterScoped] ?? []
    spec.includedNamespaceScopedResources = arguments[Flags.includeNamespaceScoped] ?? []
    spec.excludedNamespaceScopedResources = arguments[Flags.excludeNamespaceScoped] ?? []
    try setSelectors(&spec)
    spec.orderedResources = try orderedResources()
    spec.storageLocation =
      arguments[Flags.storageLocation] ?? (isForServer ? "" : BackupDraft.location)
    spec.volumeSnapshotLocations = arguments[Flags.volumeSnapshotLocations] ?? []
    spec.dataMover = arguments[Flags.dataMover] ?? ""
    spec.resourcePolicyName = arguments[Flags.resourcePolicies] ?? ""
    spec.snapshotVolumes = arguments[Flags.snapshotVolumes]
    spec.snapshotMoveData = arguments[Flags.snapshotMoveData]
    spec.defaultVolumesToFsBackup = arguments[Flags.volumesToFileSystemBackup]
    spec.parallelFilesUpload = arguments[Flags.parallelFilesUpload] ?? 0
    if let kept = arguments[Flags.timeToLive] { spec.ttl = kept }
    if let timeout = arguments[Flags.csiSnapshotTimeout] { spec.csiSnapshotTimeout = timeout }
    if let timeout = arguments[Flags.itemOperationTimeout] { spec.itemOperationTimeout = timeout }
    return spec
  }

  /// The one location there is without a server: the store.
  static let location = "default"

  private func setSelectors(_ spec: inout BackupSpec) throws(UsageError) {
    if let text = arguments[Flags.selector] {
      spec.labelSelector = try selector("--selector") { () throws(VeleroError) in
        try LabelSelector(parsing: text)
      }
    }
    if let text = arguments[Flags.orSelector] {
      spec.orLabelSelectors = try selector("--or-selector") { () throws(VeleroError) in
        try LabelSelector.alternatives(parsing: text)
      }
    }
  }

  private func selector<Value>(
    _ flag: String,
    _ parse: () throws(VeleroError) -> Value
  ) throws(UsageError) -> Value {
    do throws(VeleroError) {
      return try parse()
    } catch {
      throw UsageError(
        "flag '\(flag)': \(error.message)",
        hint: error.hint ?? "write it as kubectl takes it, such as 'app=web,tier in (front,back)'"
      )
    }
  }

  private func labels() throws(UsageError) -> [String: String] {
    let labels = map(Flags.labels)
    do throws(VeleroError) {
      try LabelSelector(matchLabels: labels).validate()
    } catch {
      let reason = error.message.split(separator: ": ", maxSplits: 1).last.map(String.init)
      throw UsageError("flag '--labels': \(reason ?? error.message)", hint: error.hint)
    }
    return labels
  }

  private func map(_ flag: Flag<[MapEntry]>) -> [String: String] {
    Dictionary((arguments[flag] ?? []).map { ($0.key, $0.value) }) { _, last in last }
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

  private func refuseSchedule() throws(CommandFailure) {
    guard let schedule = arguments[Flags.fromSchedule], !schedule.isEmpty else { return }
    throw CommandFailure(
      exitCode: .usage,
      code: "unsupported",
      message: "'--from-schedule' is not supported in direct mode yet",
      hint: "give the filters of the schedule '\(schedule)' as flags"
    )
  }

  /// Stops at flags that ask for what only a server does so far, so that none is silently ignored.
  private func refuseUnsupported() throws(CommandFailure) {
    let asked: [(FlagSpec, Bool)] = [
      (Flags.snapshotVolumes.spec, arguments[Flags.snapshotVolumes] == true),
      (Flags.snapshotMoveData.spec, arguments[Flags.snapshotMoveData] == true),
      (
        Flags.volumesToFileSystemBackup.spec,
        arguments[Flags.volumesToFileSystemBackup] == true
      ),
      (
        Flags.volumeSnapshotLocations.spec,
        !(arguments[Flags.volumeSnapshotLocations] ?? []).isEmpty
      ),
      (Flags.dataMover.spec, !(arguments[Flags.dataMover] ?? "").isEmpty),
    ]
    if let (flag, _) = asked.first(where: { $0.1 }) {
      throw CommandFailure(
        exitCode: .usage,
        code: "unsupported",
        message: "'--\(flag.name)' is not supported in direct mode yet",
        hint: "leave the flag out, or print the object for a Velero server with -o yaml"
      )
    }
    guard let location = arguments[Flags.storageLocation], location != Self.location else { return }
    throw CommandFailure.notFound(
      "there is no storage location '\(location)'",
      hint: "in direct mode there is one, '\(Self.location)'; --store names its directory"
    )
  }
}
