// SPDX-License-Identifier: Apache-2.0

public import Velero

/// What a restore is asked to bring back: the filter fields of a Velero Restore.
///
/// Source: velero/05, sections 1 and 3.
public struct RestoreFilter: Sendable, Hashable {
  /// Types that no restore brings back: they describe what is, or belong to the server.
  public static let neverRestored = [
    "nodes", "events", "events.events.k8s.io", "backups.velero.io", "restores.velero.io",
    "resticrepositories.velero.io", "csinodes.storage.k8s.io",
    "volumeattachments.storage.k8s.io", "backuprepositories.velero.io",
  ]

  /// Names and patterns of namespaces as the backup has them; empty stands for all.
  public var includedNamespaces: [String]
  /// Names and patterns.
  public var excludedNamespaces: [String]
  /// Which types; those of `neverRestored` are excluded besides.
  public var resources: LegacyResourceFilter
  /// Objects have to match it; nil for all.
  public var labelSelector: LabelSelector?
  /// Objects have to match one of them; empty for all.
  public var orLabelSelectors: [LabelSelector]

  /// Makes a filter; the default takes all of a backup.
  public init(
    includedNamespaces: [String] = [],
    excludedNamespaces: [String] = [],
    resources: LegacyResourceFilter = LegacyResourceFilter(),
    labelSelector: LabelSelector? = nil,
    orLabelSelectors: [LabelSelector] = []
  ) {
    self.includedNamespaces = includedNamespaces
    self.excludedNamespaces = excludedNamespaces
    self.resources = resources
    self.labelSelector = labelSelector
    self.orLabelSelectors = orLabelSelectors
  }

  /// Reads the filter out of a Restore's spec.
  ///
  /// - Throws: `VeleroError` when a selector makes no sense.
  public init(_ spec: RestoreSpec) throws {
    _ = try spec.selectors()
    self.init(
      includedNamespaces: spec.includedNamespaces,
      excludedNamespaces: spec.excludedNamespaces,
      resources: LegacyResourceFilter(
        included: spec.includedResources,
        // Velero's controller writes these into the spec.
        excluded: spec.excludedResources.filter { !Self.neverRestored.contains($0) },
        includeClusterResources: spec.includeClusterResources
      ),
      labelSelector: spec.labelSelector,
      orLabelSelectors: spec.orLabelSelectors
    )
  }

  /// Whether every namespace is included and none excluded.
  var includesAllNamespaces: Bool {
    (includedNamespaces.isEmpty || includedNamespaces == ["*"]) && excludedNamespaces.isEmpty
  }

  /// The one selector, or those of which one has to match; none when labels do not decide.
  var selectors: [LabelSelector] { labelSelector.map { [$0] } ?? orLabelSelectors }

  /// Everything that is wrong with the filter, in words for its user; empty when it is sound.
  ///
  /// The rules are Velero's.
  public var problems: [String] {
    var problems = BackupFilter.problems(
      including: includedNamespaces,
      excluding: excludedNamespaces,
      of: "namespaces"
    )
    problems += BackupFilter.problems(
      including: resources.included,
      excluding: resources.excluded,
      of: "resources"
    )
    problems += resources.included.filter(Self.neverRestored.contains).map {
      "'\($0)' is included, and objects of this type are never restored"
    }
    if labelSelector != nil, !orLabelSelectors.isEmpty {
      problems.append("a label selector and or-selectors cannot be used together")
    }
    return problems
  }
}
