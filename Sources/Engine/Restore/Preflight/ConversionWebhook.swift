// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The webhook that turns custom resources of one version into those of another.
///
/// Source: Kubernetes documentation, "Versions in CustomResourceDefinitions", webhook conversion.
struct ConversionWebhook: Sendable, Hashable {
  /// The custom resources, `plural.group`.
  var type: String
  var service: ObjectAddress
  /// The version in which objects are stored, such as `v1`; those sent in it need no conversion.
  var storedVersion: String

  /// Reads a definition; nil for one that converts nothing, or by a server outside the cluster.
  init?(_ definition: JSONValue, type: String) {
    let conversion = definition[path: "spec", "conversion"]
    let client = conversion?[path: "webhook", "clientConfig"] ?? conversion?["webhookClientConfig"]
    guard conversion?["strategy"]?.string == "Webhook",
      let service = client?["service"], let name = service["name"]?.string
    else { return nil }
    self.type = type
    self.service = ObjectAddress(
      type: "services",
      namespace: service["namespace"]?.string,
      name: name
    )
    let stored = definition[path: "spec", "versions"]?.array?.first { $0["storage"]?.bool == true }
    storedVersion = stored?["name"]?.string ?? ""
  }

  /// What is to be said of it; nil for nothing.
  func finding(_ state: WebhookCheck.State, _ facts: PreflightFacts) -> PreflightFinding? {
    let problem: String
    switch state {
    case .ready: return nil
    case .missing: problem = "there is no service '\(service.path)' to do it"
    case .idle: problem = "its service '\(service.path)' has no ready endpoint"
    case .unknown(let reason):
      problem = "it is not known whether its service '\(service.path)' answers: \(reason)"
    }
    var objects = FirstFew<ObjectAddress>()
    for action in facts.actions.keys.sorted(by: PreflightFacts.Action.precedes)
    where action.type == type && ["create", "update", "patch"].contains(action.verb) {
      objects.append(
        (facts.actions[action] ?? FirstFew()).map {
          ObjectAddress(type: type, namespace: action.namespace, name: $0)
        }
      )
    }
    let isConverted = (facts.versions[type] ?? []).contains { version in
      version.split(separator: "/").last.map(String.init) != storedVersion
    }
    var isUnknown = false
    if case .unknown = state { isUnknown = true }
    return PreflightFinding(
      isConverted ? (isUnknown ? .warning : .error) : .note,
      isUnknown ? .unknown : .webhookDown,
      "objects of '\(type)' are converted between versions by a webhook, and \(problem)"
        + (isConverted ? "" : "; those of the restore are of the version that is stored"),
      objects,
      hint: facts.brought.contains(service)
        ? "the backup has this service: restore it first, with its pods and without the rest"
        : "get the service to run"
    )
  }
}
