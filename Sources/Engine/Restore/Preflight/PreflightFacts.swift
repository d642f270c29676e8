// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What a restore would ask of its target, gathered object by object.
///
/// Keeps sums, sets of names and the first few examples, not objects: memory grows with the types in each namespace, with the
/// services and service accounts, and not with all that is restored.
public struct PreflightFacts: Sendable {
  /// Something that the user has to be allowed to do.
  struct Action: Sendable, Hashable {
    var verb: String
    /// `plural.group`.
    var type: String
    /// nil for types of the cluster.
    var namespace: String?
  }

  /// What becomes of an object that names another one that is not there.
  enum Effect: Int, Sendable, Hashable, Comparable {
    /// The server refuses it.
    case refused
    /// It is restored, and waits or does without.
    case stuck
    /// Nothing: the name is a mere label.
    case labelled

    static func < (left: Effect, right: Effect) -> Bool { left.rawValue < right.rawValue }
  }

  /// The verbs that change something.
  private static let writes: Set<String> = ["create", "update", "patch", "delete"]

  /// The names of the objects of each action.
  private(set) var actions: [Action: FirstFew<String>] = [:]
  /// The API versions of the objects that are sent, by type.
  private(set) var versions: [String: Set<String>] = [:]
  /// The objects that are sent into each namespace.
  private(set) var objects: [String: FirstFew<ObjectAddress>] = [:]
  /// By namespace; only what is new there.
  var demands: [String: NamespaceDemand] = [:]
  /// The services that want a port of the nodes.
  var nodePorts: [Int: FirstFew<ObjectAddress>] = [:]
  /// Classes and service accounts that objects name.
  var references: [ObjectAddress: [Effect: FirstFew<ObjectAddress>]] = [:]
  /// Classes, service accounts and services that are restored.
  var brought: Set<ObjectAddress> = []
  /// Claims that leave the choice of a storage class to the target.
  var classless = FirstFew<ObjectAddress>()
  /// Whether a storage class is restored that is the default one.
  var bringsDefaultClass = false
  /// Webhooks that are restored.
  var webhooks: [AdmissionWebhook] = []
  /// The labels of namespaces that are created.
  var namespaceLabels: [String: [String: String]] = [:]
  /// The requests and limits that restored limit ranges give to containers without, by namespace.
  var limitDefaults: [String: Set<String>] = [:]

  /// Makes facts of nothing.
  public init() {}

  /// Notes an object that the restore would send or read.
  ///
  /// Amounts count for objects that are new: those of which `verbs` has `create` and not `delete`. Namespaces that the restore
  /// creates should be noted as well, so that selectors of webhooks see their labels.
  ///
  /// - Parameters:
  ///   - object: The object as it would be sent.
  ///   - target: Where it goes.
  ///   - verbs: What the restore does with it, in the words of Kubernetes' permissions: `create`, `patch`, `delete`, `get`.
  public mutating func note(
    _ object: JSONValue,
    at target: ObjectAddress,
    verbs: Set<String>
  ) {
    for verb in verbs {
      let action = Action(verb: verb, type: target.type, namespace: target.namespace)
      actions[action, default: FirstFew()].add(target.name)
    }
    guard !verbs.isDisjoint(with: Self.writes) else { return }
    if let version = object["apiVersion"]?.string {
      versions[target.type, default: []].insert(version)
    }
    if let namespace = target.namespace { objects[namespace, default: FirstFew()].add(target) }
    let isNew = verbs.contains("create") && !verbs.contains("delete")
    if let namespace = target.namespace, isNew, demands[namespace] == nil {
      demands[namespace] = NamespaceDemand()
    }
    noteContent(object, target, isNew: isNew)
  }

  private mutating func noteContent(
    _ object: JSONValue,
    _ target: ObjectAddress,
    isNew: Bool
  ) {
    switch target.type {
    case "services": noteService(object, target, isNew: isNew)
    case "persistentvolumeclaims": noteClaim(object, target, isNew: isNew)
    case "persistentvolumes":
      noteStorageClass(object[path: "spec", "storageClassName"], of: target, .labelled)
    case "ingresses.networking.k8s.io", "ingresses.extensions":
      noteClass(
        "ingressclasses.networking.k8s.io",
        object[path: "spec", "ingressClassName"],
        of: target,
        .stuck
      )
    case "limitranges": noteLimits(object, target)
    case "namespaces":
      namespaceLabels[target.name] = object[path: "metadata", "labels"]?.texts ?? [:]
    case "storageclasses.storage.k8s.io":
      brought.insert(target)
      let annotations = object[path: "metadata", "annotations"]
      bringsDefaultClass = bringsDefaultClass || annotations.map(StorageClasses.isDefault) == true
    case "priorityclasses.scheduling.k8s.io", "runtimeclasses.node.k8s.io",
      "ingressclasses.networking.k8s.io", "serviceaccounts":
      brought.insert(target)
    case "validatingwebhookconfigurations.admissionregistration.k8s.io",
      "mutatingwebhookconfigurations.admissionregistration.k8s.io":
      webhooks += AdmissionWebhook.all(in: object, at: target)
    default: notePods(object, target, isNew: isNew)
    }
  }

  // What was gathered.

  /// The namespaces that objects are sent into.
  var namespaces: Set<String> { Set(objects.keys) }

  /// How many objects of a type are new in a namespace, and the first of them.
  func created(_ type: String, in namespace: String) -> FirstFew<ObjectAddress> {
    func names(_ verb: String) -> FirstFew<String>? {
      actions[Action(verb: verb, type: type, namespace: namespace)]
    }
    guard let all = names("create") else { return FirstFew() }
    // Those that are deleted first take the place of their own.
    let new = all.count - (names("delete")?.count ?? 0)
    let addresses = all.map { ObjectAddress(type: type, namespace: namespace, name: $0) }
    return new > 0 ? addresses.counting(new) : FirstFew()
  }
}

/// What is read of storage classes.
enum StorageClasses {
  static let type = "storageclasses.storage.k8s.io"

  /// Whether annotations make a class the default one.
  static func isDefault(_ annotations: JSONValue) -> Bool {
    [
      "storageclass.kubernetes.io/is-default-class",
      "storageclass.beta.kubernetes.io/is-default-class",
    ].contains { annotations[$0]?.string == "true" }
  }
}
