// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What a watch tells.
public enum WatchEvent: Sendable {
  /// An object is new, or came to fit the selectors.
  case added(JSONValue)
  /// An object has changed.
  case modified(JSONValue)
  /// An object is gone, or no longer fits the selectors; its last state.
  case deleted(JSONValue)
  /// Nothing up to this version was missed.
  case bookmark(resourceVersion: String)
  /// The server no longer keeps the version to go on from: list again and start a new watch. The last event.
  case expired(KubernetesError)
}

/// What is to be watched.
public struct WatchOptions: Sendable, Hashable {
  /// The type.
  public var resource: GroupVersionResource
  /// The namespace; nil for all of them and for cluster-scoped types.
  public var namespace: String?
  /// Which labels objects have to have; nil for any.
  public var labelSelector: String?
  /// Which fields objects have to have.
  public var fieldSelector: String?
  /// The version after which changes are told; that of a list.
  public var resourceVersion: String
  /// Whether metadata is enough.
  public var isMetadataOnly: Bool
  /// After how long the server ends one answer, which the watch follows by the next, in seconds; nil for 5 to 10 minutes at random.
  public var timeoutSeconds: Int?

  /// Makes options.
  public init(
    resource: GroupVersionResource,
    namespace: String? = nil,
    labelSelector: String? = nil,
    fieldSelector: String? = nil,
    resourceVersion: String,
    isMetadataOnly: Bool = false,
    timeoutSeconds: Int? = nil
  ) {
    self.resource = resource
    self.namespace = namespace
    self.labelSelector = labelSelector
    self.fieldSelector = fieldSelector
    self.resourceVersion = resourceVersion
    self.isMetadataOnly = isMetadataOnly
    self.timeoutSeconds = timeoutSeconds
  }

  /// How long answers last at least without a wish of the caller's, in seconds; at most twice as long.
  ///
  /// Source: client-go, reflector.go.
  static let usualTimeoutSeconds = 300

  /// The silence after the server's own end of an answer that means the connection is dead, in seconds.
  static let graceSeconds = 30

  func call(after resourceVersion: String, timeoutSeconds: Int) -> APICall {
    var call = APICall(
      path: resource.path(namespace: namespace),
      doing: "cannot watch \(resource.description(namespace: namespace, name: nil))"
    )
    call.query = [
      (name: "watch", value: "1"), (name: "allowWatchBookmarks", value: "true"),
      (name: "resourceVersion", value: resourceVersion),
      (name: "timeoutSeconds", value: String(timeoutSeconds)),
    ]
    if let labelSelector { call.query.append((name: "labelSelector", value: labelSelector)) }
    if let fieldSelector { call.query.append((name: "fieldSelector", value: fieldSelector)) }
    if isMetadataOnly { call.accept = APICall.Media.partialWatch }
    call.isWatch = true
    call.idleTimeout = .seconds(timeoutSeconds + Self.graceSeconds)
    return call
  }
}
