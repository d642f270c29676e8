// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Something about a selection that its user may not expect, with what changes it.
public struct SelectionRemark: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: Sendable, Hashable {
    /// Worth knowing; the backup is what was asked for.
    case warning
    /// What was asked for cannot be had in full.
    case error
  }

  /// How much it matters.
  public var severity: Severity
  /// What is so.
  public var message: String
  /// What the user can do to change it.
  public var hint: String?

  /// Makes a remark.
  public init(_ severity: Severity, _ message: String, hint: String? = nil) {
    self.severity = severity
    self.message = message
    self.hint = hint
  }
}

extension SelectionRemark {
  /// What there is to say about a filter on a cluster.
  static func remarks(
    filter: BackupFilter,
    discovery: Discovery,
    types: [TypeRule],
    namespaces: [NamespaceFacts],
    namespaceFilter: NamespaceFilter
  ) -> [SelectionRemark] {
    missingNamespaces(namespaceFilter) + clusterScoped(filter, types, namespaceFilter)
      + labelledOut(namespaces, namespaceFilter) + argoCD(namespaces)
      + unmatchedEntries(filter, discovery, types)
  }

  private static func missingNamespaces(_ namespaces: NamespaceFilter) -> [SelectionRemark] {
    namespaces.missing.map {
      SelectionRemark(
        .error,
        "the namespace '\($0)' does not exist",
        hint: "correct --include-namespaces, or create the namespace first"
      )
    }
  }

  /// Velero's behaviour that surprises most: see velero/03, section 4.2.
  private static func clusterScoped(
    _ filter: BackupFilter,
    _ types: [TypeRule],
    _ namespaces: NamespaceFilter
  ) -> [SelectionRemark] {
    let leftOut = types.filter { $0.listing == .clusterResourcesOnlyWhenNeeded }
    guard !leftOut.isEmpty else { return [] }
    let what =
      "\(leftOut.count) cluster-scoped types are taken only where backed-up objects need them"
    switch filter.resources {
    case .scoped:
      return [
        SelectionRemark(
          .warning,
          what,
          hint: "--include-cluster-scoped-resources='*' takes all of their objects"
        )
      ]
    case .legacy:
      let why = namespaces.includesEverything ? "" : ", since the backup leaves namespaces out"
      return [
        SelectionRemark(
          .warning,
          what + why,
          hint: "--include-cluster-resources=true takes all of their objects"
        )
      ]
    }
  }

  private static func labelledOut(
    _ namespaces: [NamespaceFacts],
    _ filter: NamespaceFilter
  ) -> [SelectionRemark] {
    let names = namespaces.filter {
      $0.isLabelledOut && filter.exclusion(of: $0.name) == .namespaceLabelledOut($0.name)
    }.map(\.name).sorted()
    guard !names.isEmpty else { return [] }
    return [
      SelectionRemark(
        .warning,
        "left out as labelled \(Selection.excludeLabel)=true: the namespaces \(names.joined(separator: ", "))",
        hint: "remove the label to back them up"
      )
    ]
  }

  private static func argoCD(_ namespaces: [NamespaceFacts]) -> [SelectionRemark] {
    let managed = namespaces.filter { $0.labels["argocd.argoproj.io/managed-by"] != nil }
    guard !managed.isEmpty else { return [] }
    return [
      SelectionRemark(
        .warning,
        "Argo CD manages the namespaces \(managed.map(\.name).sorted().joined(separator: ", ")); "
          + "it may change what a restore creates there",
        hint: "pause the applications before a restore"
      )
    ]
  }

  /// Entries that name no type the server offers: mostly a misspelling, which Velero passes over in silence.
  private static func unmatchedEntries(
    _ filter: BackupFilter,
    _ discovery: Discovery,
    _ types: [TypeRule]
  ) -> [SelectionRemark] {
    let entries: [(text: String, isNamespaced: Bool?)]
    switch filter.resources {
    case .legacy(let legacy):
      entries = (legacy.included + legacy.excluded).map { ($0, nil) }
    case .scoped(let scoped):
      entries =
        (scoped.includedCluster + scoped.excludedCluster).map { ($0, false) }
        + (scoped.includedNamespaced + scoped.excludedNamespaced).map { ($0, true) }
    }
    return entries.compactMap { entry in
      guard entry.text != "*" else { return nil }
      guard let resource = discovery.resource(named: entry.text) else {
        let pattern = NamePattern(entry.text)
        guard !types.contains(where: { pattern.matches($0.groupResource) }) else { return nil }
        return SelectionRemark(
          .warning,
          "the filter names '\(entry.text)', which the API server does not serve",
          hint: "'kubectl api-resources' shows the names"
        )
      }
      return wrongScope(entry.text, resource, isNamespacedList: entry.isNamespaced)
    }
  }

  private static func wrongScope(
    _ text: String,
    _ resource: APIResource,
    isNamespacedList: Bool?
  ) -> SelectionRemark? {
    guard let isNamespacedList, isNamespacedList != resource.isNamespaced else { return nil }
    let scope = resource.isNamespaced ? "namespaced" : "cluster-scoped"
    return SelectionRemark(
      .warning,
      "the filter names '\(text)' in the list of the other scope, where it has no effect: it is \(scope)",
      hint: resource.isNamespaced
        ? "use the flags for namespace-scoped resources"
        : "use the flags for cluster-scoped resources"
    )
  }
}
