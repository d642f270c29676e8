// SPDX-License-Identifier: Apache-2.0

public import Velero

extension BackupFilter {
  /// Reads the filter out of a Backup's spec.
  ///
  /// The style is the old one as soon as one of its three fields is set, otherwise the new one. An empty selector is one
  /// that matches everything, which is not the same as none. Source: velero/03, sections 1 and 5.
  ///
  /// - Throws: `EngineError` `.invalid` when both styles are mixed; `VeleroError` when a selector makes no sense.
  public init(_ spec: BackupSpec) throws {
    _ = try spec.selectors()
    self.init(
      includedNamespaces: spec.includedNamespaces,
      excludedNamespaces: spec.excludedNamespaces,
      resources: try Self.resources(spec),
      labelSelector: spec.labelSelector,
      orLabelSelectors: spec.orLabelSelectors,
      orderedResources: spec.orderedResources.mapValues { list in
        list.split(separator: ",").map(String.init)
      }
    )
  }

  private static func resources(_ spec: BackupSpec) throws -> ResourceFilter {
    let isLegacy =
      !spec.includedResources.isEmpty || !spec.excludedResources.isEmpty
      || spec.includeClusterResources != nil
    let scoped = ScopedResourceFilter(
      includedCluster: spec.includedClusterScopedResources,
      excludedCluster: spec.excludedClusterScopedResources,
      includedNamespaced: spec.includedNamespaceScopedResources,
      excludedNamespaced: spec.excludedNamespaceScopedResources
    )
    guard isLegacy else { return .scoped(scoped) }
    guard scoped == ScopedResourceFilter() else {
      throw EngineError(
        .invalid,
        "the filters included-resources, excluded-resources and include-cluster-resources cannot be used "
          + "together with those for cluster-scoped and namespace-scoped resources",
        hint: "use one of the two styles"
      )
    }
    return .legacy(
      LegacyResourceFilter(
        included: spec.includedResources,
        excluded: spec.excludedResources,
        includeClusterResources: spec.includeClusterResources
      )
    )
  }
}
