// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// Something about a selection that its user may not expect, with what changes it.
public struct SelectionRemark: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: Sendable, Hashable {
    /// A rule of Velero's that is at work here; the log tells it.
    case note
    /// Worth knowing; the backup is what was asked for.
    case warning
    /// What was asked for cannot be had in full.
    case error
  }

  /// How much it matters.
  public var severity: Severity
  /// What is so.
  public var message: String
  /// The part of the filter that it is about, as it was written; nil when it is about the filter as a whole.
  public var part: FilterEntry?
  /// What the user can do to change it.
  public var hint: String?

  /// Makes a remark.
  public init(
    _ severity: Severity,
    _ message: String,
    part: FilterEntry? = nil,
    hint: String? = nil
  ) {
    self.severity = severity
    self.message = message
    self.part = part
    self.hint = hint
  }
}

/// What remarks are made from: a filter, and what it has come to on a cluster.
struct RemarkGround {
  let filter: BackupFilter
  let discovery: Discovery
  let types: [TypeRule]
  let namespaces: [NamespaceFacts]
  let knowsAllNamespaces: Bool
  let namespaceFilter: NamespaceFilter

  /// Whether a namespace matters: a filter that is restricted to some objects has nothing to say about others.
  func concerns(_ namespace: NamespaceFacts) -> Bool {
    filter.only?.namespaces.contains(namespace.name) ?? true
  }

  /// Whether Namespace objects are taken at all.
  var takesNamespaceObjects: Bool {
    types.contains { $0.groupResource == "namespaces" && $0.listing == nil }
  }
}

extension SelectionRemark {
  /// What there is to say about a filter on a cluster, without a look at its objects.
  static func remarks(_ ground: RemarkGround) -> [SelectionRemark] {
    (ground.filter.only?.remarks ?? []) + namespaceRemarks(ground) + clusterScoped(ground)
      + labelledOut(ground) + argoCD(ground)
      + resourceRemarks(ground) + selectorRemarks(ground) + orderRemarks(ground.filter)
  }

  private static func labelledOut(_ ground: RemarkGround) -> [SelectionRemark] {
    let names = ground.namespaces.filter { namespace in
      namespace.isLabelledOut && ground.concerns(namespace)
        && ground.namespaceFilter.exclusion(of: namespace.name)
          == .namespaceLabelledOut(namespace.name)
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

  private static func argoCD(_ ground: RemarkGround) -> [SelectionRemark] {
    let managed = ground.namespaces.filter {
      $0.labels["argocd.argoproj.io/managed-by"] != nil && ground.concerns($0)
    }
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

  /// Velero splits the lists at commas and leaves blanks in, so that such an entry names nothing.
  private static func orderRemarks(_ filter: BackupFilter) -> [SelectionRemark] {
    filter.orderedResources.sorted { $0.key < $1.key }.flatMap { resource, objects in
      objects.filter { $0.first?.isWhitespace == true || $0.last?.isWhitespace == true }.map {
        SelectionRemark(
          .warning,
          "the ordered object '\($0)' begins or ends with a blank, and no object has such a name",
          part: FilterEntry(.orderedResources, "\(resource)=\($0)"),
          hint:
            "write the objects of \(FilterField.orderedResources.flag) without blanks between them"
        )
      }
    }
  }
}
