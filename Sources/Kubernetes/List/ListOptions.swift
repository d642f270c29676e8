// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// How a list's resource version is to be understood.
public enum ResourceVersionMatch: String, Sendable, Hashable {
  /// The list is to be as it was at exactly this version.
  case exact = "Exact"
  /// The list may be from this version or a later one.
  case notOlderThan = "NotOlderThan"
}

/// What is to be listed.
public struct ListOptions: Sendable, Hashable {
  /// The type.
  public var resource: GroupVersionResource
  /// The namespace; nil for all of them and for cluster-scoped types.
  public var namespace: String?
  /// Which labels objects have to have; nil for any.
  public var labelSelector: String?
  /// Which fields objects have to have; servers know `metadata.name` and `metadata.namespace`, and few others.
  public var fieldSelector: String?
  /// The most items a page; 0 for all at once.
  public var limit: Int
  /// The version to read at; nil for the newest.
  public var resourceVersion: String?
  /// How the version is meant; not without a version.
  public var resourceVersionMatch: ResourceVersionMatch?
  /// Whether metadata is enough: items are then `PartialObjectMetadata` where the server can do that.
  public var isMetadataOnly: Bool

  /// Makes options; the default lists everything in its newest state by pages of 500.
  public init(
    resource: GroupVersionResource,
    namespace: String? = nil,
    labelSelector: String? = nil,
    fieldSelector: String? = nil,
    limit: Int = 500,
    resourceVersion: String? = nil,
    resourceVersionMatch: ResourceVersionMatch? = nil,
    isMetadataOnly: Bool = false
  ) {
    self.resource = resource
    self.namespace = namespace
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.limit = limit
    self.resourceVersion = resourceVersion
    self.resourceVersionMatch = resourceVersionMatch
    self.isMetadataOnly = isMetadataOnly
  }

  /// The request for the first page, or for the one that a continue token stands for.
  ///
  /// A token holds the version; servers refuse a version next to it.
  func call(continuing token: String?) -> APICall {
    var call = APICall(
      path: resource.path(namespace: namespace),
      doing: "cannot list \(resource.description(namespace: namespace, name: nil))"
    )
    if limit > 0 { call.query.append((name: "limit", value: String(limit))) }
    if let labelSelector { call.query.append((name: "labelSelector", value: labelSelector)) }
    if let fieldSelector { call.query.append((name: "fieldSelector", value: fieldSelector)) }
    if let token {
      call.query.append((name: "continue", value: token))
    } else if let resourceVersion {
      call.query.append((name: "resourceVersion", value: resourceVersion))
      if let match = resourceVersionMatch {
        call.query.append((name: "resourceVersionMatch", value: match.rawValue))
      }
    }
    if isMetadataOnly { call.accept = APICall.Media.partialList }
    call.isBulk = true
    return call
  }
}

/// A page of a list that has come to its end.
public struct ListPage: Sendable, Hashable {
  /// The version that the list shows.
  public var resourceVersion: String
  /// How many items follow, if the server tells.
  public var remainingItemCount: Int?
  /// The list's version, such as `v1`; of a metadata-only list `meta.k8s.io/v1`.
  public var apiVersion: String
  /// The list's kind, such as `ConfigMapList` or `PartialObjectMetadataList`.
  public var kind: String
  /// How many items the page had.
  public var itemCount: Int
  /// Whether no page follows.
  public var isLast: Bool

  /// Makes a page.
  public init(
    resourceVersion: String,
    remainingItemCount: Int?,
    apiVersion: String,
    kind: String,
    itemCount: Int,
    isLast: Bool
  ) {
    self.resourceVersion = resourceVersion
    self.remainingItemCount = remainingItemCount
    self.apiVersion = apiVersion
    self.kind = kind
    self.itemCount = itemCount
    self.isLast = isLast
  }
}

/// What happens while a list comes in.
public enum ListEvent: Sendable {
  /// Whole items as they were received; those of built-in types have neither `apiVersion` nor `kind`.
  case items(JSONListChunk)
  /// A page has come to its end, and all its items came before.
  case page(ListPage)
  /// The present page is asked for again: its items so far may come a second time.
  case repeated(KubernetesError)
  /// The server no longer keeps the version of the pages so far: everything comes again from the newest one.
  case restarted(KubernetesError)
}

/// A list that has come to its end.
public struct ListResult: Sendable, Hashable {
  /// The version of the list, to watch from; of a restarted list the last start's.
  public var resourceVersion: String
  /// How many items there are.
  public var itemCount: Int
  /// How many pages they came on, since the last start.
  public var pages: Int
  /// How often the list was started again.
  public var restarts: Int

  /// Makes a result.
  public init(resourceVersion: String, itemCount: Int, pages: Int, restarts: Int) {
    self.resourceVersion = resourceVersion
    self.itemCount = itemCount
    self.pages = pages
    self.restarts = restarts
  }

  /// Counts a page.
  mutating func add(_ page: ListPage) {
    pages += 1
    itemCount += page.itemCount
    resourceVersion = page.resourceVersion
  }
}
