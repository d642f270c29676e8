// SPDX-License-Identifier: Apache-2.0

internal import Primitives
public import Velero

/// The workloads and releases that a backup is asked to take, as its record keeps them.
///
/// They are annotations of the Backup, since Velero's spec has no fields for them; the record's spec is then what comes
/// nearest in Velero's own terms, and the filter that was asked for is an annotation too.
public enum BackupScope {
  /// The annotation with the workloads, in the form of `--workload`, with commas between.
  public static let workloadsAnnotation = "binnacle.io/workloads"
  /// The annotation with the Helm releases, in the form of `--helm-release`, with commas between.
  public static let releasesAnnotation = "binnacle.io/helm-releases"
  /// The annotation with the filter that was asked for beside them: a spec of these fields alone, as JSON.
  public static let filterAnnotation = "binnacle.io/asked-filter"

  private static let filterFields = [
    "includedNamespaces", "excludedNamespaces", "includedResources", "excludedResources",
    "includeClusterResources", "includedClusterScopedResources", "excludedClusterScopedResources",
    "includedNamespaceScopedResources", "excludedNamespaceScopedResources", "labelSelector",
    "orLabelSelectors",
  ]

  /// Reads what a Backup asks for.
  ///
  /// - Parameter annotations: Those of the Backup.
  /// - Returns: The roots, workloads first; none for a plain backup.
  /// - Throws: `EngineError` `.invalid` for an entry that is none.
  public static func roots(in annotations: [String: String]) throws -> [BackupRoot] {
    func entries(_ key: String) -> [String] {
      annotations[key, default: ""].split(separator: ",").map(String.init)
    }
    return try entries(workloadsAnnotation).map { try BackupRoot(workload: $0) }
      + entries(releasesAnnotation).map { try BackupRoot(release: $0) }
  }

  /// Writes roots down as annotations.
  public static func annotations(of roots: [BackupRoot]) -> [String: String] {
    var annotations: [String: String] = [:]
    for (key, field) in [
      (workloadsAnnotation, FilterField.workload), (releasesAnnotation, .helmRelease),
    ] {
      let texts = roots.filter { $0.entry.field == field }.map(\.text)
      if !texts.isEmpty { annotations[key] = texts.joined(separator: ",") }
    }
    return annotations
  }

  /// The Backup as it was asked for: with the filter that its user wrote where a record has what that came to.
  ///
  /// - Throws: `EngineError` `.invalid` when the annotation is not what this engine writes.
  public static func asked(_ record: Backup) throws -> Backup {
    guard let text = record.annotations[filterAnnotation] else { return record }
    guard let filter = try? JSONValue(parsing: text), filter.object != nil else {
      throw EngineError(
        .invalid,
        "the annotation '\(filterAnnotation)' of the backup '\(record.name)' is no JSON object",
        hint: "remove the annotation to use the backup's spec as it is"
      )
    }
    var backup = record
    var spec = record.spec.json
    for field in filterFields { spec[field] = filter[field] }
    backup.spec = BackupSpec(json: spec)
    backup.annotations[filterAnnotation] = nil
    return backup
  }

  /// The annotation's text for the filter of a spec.
  static func filterText(_ spec: BackupSpec) -> String {
    var filter: JSONValue = [:]
    for field in filterFields { filter[field] = spec.json[field] }
    return filter.text()
  }
}
