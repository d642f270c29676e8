// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Velero

/// One list that a backup asks the API server for.
struct ListCall: Sendable, Hashable {
  /// The place of the type in the selection.
  var type: Int
  /// nil for all namespaces, and for cluster-scoped types.
  var namespace: String?
  /// A label selector in text form; nil for all objects.
  var labelSelector: String?
  /// The one object to list; nil for all.
  var objectName: String?
}

/// Which lists a backup asks for, and how it reads a type whose whole list is refused.
struct ListPlan: Sendable {
  private let selection: Selection
  /// The namespaces that the filter takes, sorted.
  let namespaces: [String]
  /// Up to so many objects of a type and namespace are asked for one by one, where the filter is restricted to them.
  static let singleRequestLimit = 8

  private let listsAcrossNamespaces: Bool
  private let selectors: [String?]

  /// Makes a plan.
  ///
  /// A list across namespaces that is filtered here costs less than many small ones, unless it would mostly
  /// bring what is not wanted.
  init(selection: Selection, namespaces: [NamespaceFacts]) {
    self.selection = selection
    self.namespaces = namespaces.map(\.name)
      .filter { selection.namespaceFilter.exclusion(of: $0) == nil }.sorted()
    listsAcrossNamespaces = self.namespaces.count * 2 > namespaces.count
    let filter = selection.filter
    if let selector = filter.labelSelector {
      selectors = [selector.description]
    } else {
      selectors =
        filter.orLabelSelectors.isEmpty ? [nil] : filter.orLabelSelectors.map(\.description)
    }
  }

  /// All lists of the types that the filter takes, but not of Namespaces, which come last.
  var calls: [ListCall] {
    selection.types.indices.flatMap { type -> [ListCall] in
      let rule = selection.types[type]
      guard rule.listing == nil, rule.groupResource != "namespaces" else { return [] }
      if let only = selection.only { return restricted(type, to: only) }
      if rule.resource.isNamespaced, !listsAcrossNamespaces { return perNamespace(type) }
      return selectors.map { ListCall(type: type, labelSelector: $0) }
    }
  }

  /// The lists that bring some objects of a type: each by its name, or all of their namespace.
  private func restricted(_ type: Int, to only: ObjectSet) -> [ListCall] {
    let own = only.names(ofType: selection.types[type].groupResource).filter { namespace, _ in
      namespace.map { namespaces.contains($0) } ?? true
    }
    return own.flatMap { namespace, names -> [ListCall] in
      guard names.count > Self.singleRequestLimit else {
        return names.map { ListCall(type: type, namespace: namespace, objectName: $0) }
      }
      return selectors.map { ListCall(type: type, namespace: namespace, labelSelector: $0) }
    }
  }

  /// The lists of one type, a namespace each.
  func perNamespace(_ type: Int) -> [ListCall] {
    namespaces.flatMap { namespace in
      selectors.map { ListCall(type: type, namespace: namespace, labelSelector: $0) }
    }
  }

  /// The lists that bring one object each: those which the filter wants first, in its order.
  ///
  /// - Returns: The calls, and a remark for each type that the API server does not serve.
  func orderedCalls() -> (calls: [ListCall], remarks: [SelectionRemark]) {
    var calls: [ListCall] = []
    var remarks: [SelectionRemark] = []
    for (resource, objects) in selection.filter.orderedResources.sorted(by: { $0.key < $1.key }) {
      let types = selection.types.indices.filter {
        selection.types[$0].resource.name == resource && selection.types[$0].listing == nil
      }
      guard let type = types.first else {
        remarks.append(
          SelectionRemark(
            .warning,
            "the ordered resource '\(resource)' is no type that this backup takes",
            part: FilterEntry(.orderedResources, resource),
            hint: "write the plural name without a group, such as 'pods'"
          )
        )
        continue
      }
      calls += objects.map { orderedCall(type, $0) }
    }
    return (calls, remarks)
  }

  /// What there is to say about an object that was to come first and is not taken; nil where that cannot be known.
  func untaken(_ call: ListCall) -> SelectionRemark? {
    let resource = selection.types[call.type].resource
    // Without a namespace, an object in one may have been found in any of them.
    guard let name = call.objectName, call.namespace != nil || !resource.isNamespaced else {
      return nil
    }
    let object = call.namespace.map { "\($0)/\(name)" } ?? name
    return SelectionRemark(
      .warning,
      "the ordered object '\(object)' of \(resource.groupResource) is not in the backup: "
        + "it does not exist, or the filter leaves it out",
      part: FilterEntry(.orderedResources, "\(resource.name)=\(object)"),
      hint: "objects in namespaces are written 'namespace/name'"
    )
  }

  private func orderedCall(_ type: Int, _ object: String) -> ListCall {
    let parts = object.split(separator: "/", maxSplits: 1).map(String.init)
    let name = parts.last ?? object
    return ListCall(
      type: type,
      namespace: parts.count == 2 ? parts.first : nil,
      objectName: name
    )
  }
}
