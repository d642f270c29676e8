// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// What a run has come to, as its records tell it.
struct RunReport: Sendable {
  let issues: [Issue]
  let window: ConsistencyWindow
  let progress: RunProgress
  let volumes: [VolumeInfo]
  private let results: OperationResults
  private let index: ObjectIndex
  private let leftOut: [Exclusion: Int]
  private let types: [TypeRule]
  private let version: ServerVersion
  private let cluster: ClusterIdentity?
  private let started: Timestamp
  private let completed: Timestamp

  /// Takes the state of a run that has read everything.
  init(
    state: RunState,
    survey: ClusterSurvey,
    selection: Selection,
    times: (started: Timestamp, completed: Timestamp)
  ) {
    issues = state.issues
    window = survey.window(state)
    progress = state.currentProgress
    volumes = state.volumes
    results = state.log.results
    index = state.index
    leftOut = state.leftOut
    types = selection.types
    version = survey.version
    cluster = survey.namespaces.cluster
    started = times.started
    completed = times.completed
  }

  /// How many warnings the log has.
  var warningCount: Int { results.warnings.count }
  /// How many errors the log has.
  var errorCount: Int { results.errors.count }

  /// What was taken, and why listed objects were left out.
  var summary: SelectionSummary {
    SelectionSummary(
      types: index.types.map { type in
        SelectionSummary.Row(name: types[type].groupResource, taken: index.count(ofType: type))
      },
      namespaces: index.countsByNamespace.map { SelectionSummary.Row(name: $0, taken: $1) },
      left: leftOut,
      countsLeftByRow: false
    )
  }

  /// The names of everything in the archive.
  func resourceList() -> ResourceListBuilder {
    var builder = ResourceListBuilder()
    for type in index.types {
      let kind = "\(types[type].resource.apiVersion)/\(types[type].resource.kind)"
      index.forEachSorted(ofType: type) { builder.add(kind: kind, namespace: nil, name: $0) }
    }
    return builder
  }

  /// The backup with its status, and with what the cluster and the run add to it.
  func record(of backup: Backup, options: BackupOptions) -> Backup {
    var record = backup
    if record.spec.ttl.nanoseconds == 0 { record.spec.ttl = options.defaultTimeToLive }
    if record.spec.includedNamespaces.isEmpty { record.spec.includedNamespaces = ["*"] }
    if record.spec.storageLocation.isEmpty { record.spec.storageLocation = "default" }
    record.creationTimestamp = record.creationTimestamp ?? started
    record.labels[VeleroLabel.storageLocation] = VeleroLabel.validValue(
      record.spec.storageLocation
    )
    record.annotations.merge(annotations) { _, own in own }
    record.status = status(ttl: record.spec.ttl)
    return record
  }

  private var annotations: [String: String] {
    var annotations = [
      VeleroLabel.sourceClusterGitVersion: version.gitVersion,
      VeleroLabel.sourceClusterMajorVersion: version.major,
      VeleroLabel.sourceClusterMinorVersion: version.minor,
    ]
    annotations[ClusterIdentity.annotation] = cluster?.uid
    annotations.merge(window.annotations) { _, own in own }
    return annotations
  }

  private func status(ttl: GoDuration) -> BackupStatus {
    var status = BackupStatus()
    status.version = 1
    status.formatVersion = ArchiveWriter.formatVersion
    status.phase = errorCount == 0 ? .completed : .partiallyFailed
    status.startTimestamp = started
    status.completionTimestamp = completed
    status.expiration = started + ttl
    status.warnings = warningCount
    status.errors = errorCount
    status.progress = BackupProgress(
      totalItems: progress.objectsTaken,
      itemsBackedUp: progress.objectsTaken
    )
    return status
  }
}

extension ConsistencyWindow {
  /// The annotation that holds the common revision.
  public static let revisionAnnotation = "binnacle.io/read-revision"
  /// The annotation that holds the departures as a JSON list.
  public static let departuresAnnotation = "binnacle.io/read-departures"

  /// The window as annotations of the backup's record.
  var annotations: [String: String] {
    var annotations: [String: String] = [:]
    annotations[Self.revisionAnnotation] = revision
    if !departures.isEmpty {
      let list = departures.map { departure in
        var object: JSONValue = [
          "resource": .string(departure.resource), "reason": .string(departure.reason),
        ]
        object["revision"] = departure.revision.map { .string($0) }
        return object
      }
      annotations[Self.departuresAnnotation] = JSONValue.array(list).text()
    }
    return annotations
  }

  /// Reads the window out of a record's annotations; nil for records that were not written by this engine.
  public init?(annotations: [String: String]) {
    let list = annotations[Self.departuresAnnotation].flatMap { try? JSONValue(parsing: $0) }
    guard annotations[Self.revisionAnnotation] != nil || list != nil else { return nil }
    self.init(
      revision: annotations[Self.revisionAnnotation],
      departures: (list?.array ?? []).compactMap { item in
        guard let resource = item["resource"]?.string else { return nil }
        return Departure(
          resource: resource,
          reason: item["reason"]?.string ?? "",
          revision: item["revision"]?.string
        )
      }
    )
  }
}
