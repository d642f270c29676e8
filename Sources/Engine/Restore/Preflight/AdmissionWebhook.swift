// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// A webhook that the API server asks about objects before it takes them.
///
/// Source: Kubernetes documentation, "Dynamic Admission Control".
struct AdmissionWebhook: Sendable, Hashable {
  /// Who answers.
  enum Backend: Sendable, Hashable {
    case service(ObjectAddress)
    /// A server outside the cluster; its host, for what follows it may be secret.
    case host(String)
  }

  /// Which requests it is asked about.
  struct Rule: Sendable, Hashable {
    var operations: Set<String>
    var groups: Set<String>
    var versions: Set<String>
    /// `pods`, `pods/status`, `*/*`.
    var resources: Set<String>
    /// `Cluster`, `Namespaced` or `*`.
    var scope: String
  }

  /// The object that it is part of.
  var configuration: ObjectAddress
  var name: String
  var rules: [Rule]
  var backend: Backend
  /// Whether what cannot be asked about is refused.
  var isRequired: Bool
  /// Of which namespaces objects are asked about; nil for one that cannot be read.
  var namespaceSelector: LabelSelector?
  /// Whether further conditions decide, which are not looked at: labels of objects, expressions.
  var hasConditions: Bool
  /// Whether the rules' versions are meant literally.
  var isExact: Bool

  /// The webhooks of a configuration.
  static func all(in object: JSONValue, at address: ObjectAddress) -> [AdmissionWebhook] {
    // The old version lets everything pass that cannot be asked about, unless it says otherwise.
    let isOld = object["apiVersion"]?.string?.hasSuffix("/v1beta1") == true
    return (object["webhooks"]?.array ?? []).compactMap { webhook in
      AdmissionWebhook(webhook, of: address, isOld: isOld)
    }
  }

  private init?(_ webhook: JSONValue, of address: ObjectAddress, isOld: Bool) {
    configuration = address
    name = webhook["name"]?.string ?? ""
    rules = (webhook["rules"]?.array ?? []).map(Rule.init)
    let client = webhook["clientConfig"]
    if let service = client?["service"], let name = service["name"]?.string {
      backend = .service(
        ObjectAddress(type: "services", namespace: service["namespace"]?.string, name: name)
      )
    } else if let url = client?["url"]?.string {
      let host = url.split(separator: "/").dropFirst().first ?? ""
      backend = .host(String(host.prefix { $0 != "?" }))
    } else {
      return nil
    }
    isRequired = (webhook["failurePolicy"]?.string ?? (isOld ? "Ignore" : "Fail")) == "Fail"
    namespaceSelector = try? LabelSelector(json: webhook["namespaceSelector"] ?? [:])
    let objects = try? LabelSelector(json: webhook["objectSelector"] ?? [:])
    hasConditions =
      objects?.isEmpty != true || webhook["matchConditions"]?.array?.isEmpty == false
    isExact = (webhook["matchPolicy"]?.string ?? (isOld ? "Exact" : "Equivalent")) == "Exact"
  }

  /// The objects that it is asked about.
  struct Reach: Sendable, Hashable {
    var objects = FirstFew<ObjectAddress>()
    /// Whether all of them are known to be.
    var isCertain = true
  }

  /// About which objects of a restore it is asked.
  ///
  /// - Parameters:
  ///   - facts: The restore.
  ///   - kinds: The restore's actions by kind.
  ///   - labels: The labels of a namespace; nil where they are not known.
  /// - Returns: The objects, none where it is not asked.
  func reach(
    in facts: PreflightFacts,
    _ kinds: ActionKinds,
    labels: (String) -> [String: String]?
  ) -> Reach {
    var reach = Reach(isCertain: !hasConditions)
    var namespaces: [String: Selection] = [:]
    for (kind, actions) in kinds.kinds
    where rules.contains(where: {
      $0.fits(kind, versions: isExact ? facts.versions[kind.type] : nil)
    }) {
      for action in actions {
        if let namespace = action.namespace, namespaceSelector?.isEmpty != true {
          let selection = namespaces[namespace] ?? selects(labels(namespace))
          namespaces[namespace] = selection
          if selection == .none { continue }
          if selection == .unknown { reach.isCertain = false }
        }
        var names = facts.actions[action] ?? FirstFew()
        if action.type == "namespaces" {
          // They are asked about by their own labels.
          names = FirstFew(
            facts.namespaceLabels.keys.filter { selects(labels($0)) == .all }.sorted()
          )
        }
        reach.objects.append(
          names.map { ObjectAddress(type: action.type, namespace: action.namespace, name: $0) }
        )
      }
    }
    return reach
  }

  /// Which objects of a namespace it is asked about.
  private enum Selection {
    case all
    case none
    case unknown
  }

  private func selects(_ labels: [String: String]?) -> Selection {
    guard let namespaceSelector else { return .unknown }
    if namespaceSelector.isEmpty { return .all }
    guard let labels else { return .unknown }
    return namespaceSelector.matches(labels) ? .all : .none
  }
}

extension AdmissionWebhook.Rule {
  init(_ rule: JSONValue) {
    func texts(_ key: String) -> Set<String> {
      Set((rule[key]?.array ?? []).compactMap(\.string))
    }
    operations = texts("operations")
    groups = texts("apiGroups")
    versions = texts("apiVersions")
    resources = texts("resources")
    scope = rule["scope"]?.string ?? "*"
  }

  /// Whether a request is asked about; nil for versions stands for any.
  func fits(_ kind: ActionKinds.Kind, versions sent: Set<String>?) -> Bool {
    let parts = kind.type.split(separator: ".", maxSplits: 1)
    let (resource, group) = (parts.first ?? "", parts.count == 2 ? parts[1] : "")
    // Admission cannot be asked about its own configuration.
    guard group != "admissionregistration.k8s.io", let operation = operation(kind.verb),
      operations.contains(operation) || operations.contains("*"),
      groups.contains(String(group)) || groups.contains("*"),
      scope == "*" || scope == (kind.isNamespaced ? "Namespaced" : "Cluster")
    else { return false }
    if let sent, !versions.contains("*") {
      let names = sent.map { $0.split(separator: "/").last.map(String.init) ?? "" }
      guard names.contains(where: versions.contains) else { return false }
    }
    return resources.contains { entry in
      let parts = entry.split(separator: "/", maxSplits: 1)
      return (parts.first == "*" || parts.first.map { $0 == resource } == true)
        && (parts.count == 1 || parts[1] == "*")
    }
  }

  private func operation(_ verb: String) -> String? {
    switch verb {
    case "create": "CREATE"
    case "update", "patch": "UPDATE"
    case "delete": "DELETE"
    default: nil
    }
  }
}

/// The actions of a restore by what rules ask of them, in an order that does not depend on chance.
struct ActionKinds: Sendable {
  /// Actions that differ in nothing but their namespace.
  struct Kind: Sendable, Hashable {
    var verb: String
    var type: String
    var isNamespaced: Bool
  }

  private(set) var kinds: [(kind: Kind, actions: [PreflightFacts.Action])]

  init(_ facts: PreflightFacts) {
    let actions = Dictionary(grouping: facts.actions.keys) {
      Kind(verb: $0.verb, type: $0.type, isNamespaced: $0.namespace != nil)
    }
    kinds = actions.map { ($0, $1.sorted(by: PreflightFacts.Action.precedes)) }
      .sorted { ($0.kind.type, $0.kind.verb) < ($1.kind.type, $1.kind.verb) }
  }
}

extension PreflightFacts.Action {
  /// An order that does not depend on chance.
  static func precedes(_ left: Self, _ right: Self) -> Bool {
    (left.namespace ?? "", left.type, left.verb) < (right.namespace ?? "", right.type, right.verb)
  }
}
