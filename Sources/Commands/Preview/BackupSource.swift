// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Velero

/// What a preview starts from, before flags change it: the spec of a backup, a schedule or a manifest.
struct BackupSource: Sendable {
  /// The spec.
  var spec: BackupSpec
  /// The name of the Backup; nil where it is another's.
  var name: String?
  /// The namespace of the Backup; nil where it does not say.
  var namespace: String?
  /// The labels that a backup gets.
  var labels: [String: String] = [:]
  /// The annotations that a backup gets.
  var annotations: [String: String] = [:]
}

/// Where the spec of a preview comes from.
enum BackupOrigin: Sendable, Hashable {
  /// The flags alone.
  case flags
  /// A backup in the store.
  case backup(String)
  /// A schedule in the cluster.
  case schedule(String)
  /// A file, or standard input as `-`.
  case file(String)

  /// Reads the flags.
  ///
  /// - Throws: `UsageError` when there are several origins, or an empty one.
  init(_ context: CommandContext) throws(UsageError) {
    let given: [(FlagSpec, BackupOrigin)] = [
      context[PreviewFlags.fromBackup].map { (PreviewFlags.fromBackup.spec, .backup($0)) },
      context[PreviewFlags.fromSchedule].map { (PreviewFlags.fromSchedule.spec, .schedule($0)) },
      context[PreviewFlags.file].map { (PreviewFlags.file.spec, .file($0)) },
    ].compactMap(\.self)
    guard let first = given.first else {
      self = .flags
      return
    }
    if given.count > 1 {
      throw UsageError(
        "'--\(first.0.name)' and '--\(given[1].0.name)' do not go together",
        hint: "start from one of them, and change it with flags"
      )
    }
    switch first.1 {
    case .backup(""), .schedule(""), .file(""):
      throw UsageError(
        "flag '--\(first.0.name)' is empty",
        hint: "write --\(first.0.name) \(first.0.placeholder)"
      )
    case .flags, .backup, .schedule, .file: self = first.1
    }
  }

  /// Whether the cluster has to be asked.
  var needsCluster: Bool {
    if case .schedule = self { true } else { false }
  }
}

extension BackupSource {
  /// Reads a backup of the store.
  ///
  /// - Throws: `CommandFailure` with `notFound`; what reading throws.
  init(backup name: String, _ catalog: BackupCatalog) async throws {
    let record = try BackupScope.asked(try await catalog.existingRecord(name))
    self.init(spec: record.spec)
    annotations = BackupScope.annotations(of: try BackupScope.roots(in: record.annotations))
  }

  /// Reads a schedule of the cluster.
  ///
  /// - Throws: `CommandFailure` when there is none, or the cluster knows no schedules; `KubernetesError`.
  init(schedule name: String, namespace: String, _ client: KubernetesClient) async throws {
    let schedules = GroupVersionResource(
      group: "velero.io",
      version: "v1",
      resource: "schedules"
    )
    let discovery = try await client.discover()
    guard discovery.preferred.contains(where: { $0.groupResource == schedules.groupResource })
    else {
      throw CommandFailure.notFound(
        "cannot read the schedule '\(name)': the cluster serves no schedules of velero.io",
        hint: "'binnacle backup preview -f FILE' reads a manifest"
      )
    }
    let object: JSONValue
    do throws(KubernetesError) {
      object = try await client.get(
        ObjectReference(schedules, namespace: namespace, name: name)
      )
    } catch {
      guard error.code == .notFound else { throw error }
      throw CommandFailure.notFound(
        "there is no schedule '\(name)' in the namespace '\(namespace)'",
        hint: "--namespace names the namespace of the Velero server"
      )
    }
    self.init(scheduleObject: object)
  }

  /// Takes the template out of a Schedule.
  init(scheduleObject object: JSONValue) {
    let spec = BackupSpec(json: object[path: "spec", "template"] ?? [:])
    self.init(spec: spec)
    // The labels of the template go to the backups; without any, those of the schedule do.
    let template = spec.templateLabels
    labels = template.isEmpty ? Self.texts(object[path: "metadata", "labels"]) : template
    annotations = Self.texts(object[path: "metadata", "annotations"])
    annotations["kubectl.kubernetes.io/last-applied-configuration"] = nil
    namespace = object[path: "metadata", "namespace"]?.string
  }

  /// Takes a Backup from a manifest.
  init(manifest object: JSONValue) {
    let backup = Backup(json: object)
    self.init(spec: backup.spec)
    name = backup.name.isEmpty ? nil : backup.name
    namespace = backup.namespace.isEmpty ? nil : backup.namespace
    labels = backup.labels
    annotations = backup.annotations
    annotations["kubectl.kubernetes.io/last-applied-configuration"] = nil
  }

  private static func texts(_ value: JSONValue?) -> [String: String] {
    (value?.object?.dictionary ?? [:]).compactMapValues(\.string)
  }
}
