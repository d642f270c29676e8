// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The body of a `DELETE`.
struct DeleteOptions: Sendable {
  var uid = ""
  var resourceVersion = ""
  var isDryRun = false

  /// Reads the body, which may be empty; `propagationPolicy` and the like are accepted and change nothing, for
  /// there is no garbage collector.
  init(_ body: [UInt8]) throws(APIFailure) {
    guard !body.isEmpty else { return }
    guard let options = try? JSONValue(parsing: body) else {
      throw .badRequest("the object provided is unrecognized (must be of type DeleteOptions)")
    }
    uid = options[path: "preconditions", "uid"]?.string ?? ""
    resourceVersion = options[path: "preconditions", "resourceVersion"]?.string ?? ""
    isDryRun = options["dryRun"]?.array?.isEmpty == false
  }
}

/// What became of an object that was to be deleted.
struct Deletion: Sendable {
  var object: StoredObject
  /// Whether the object is gone; finalizers keep others.
  var isGone: Bool
}

extension ClusterState {
  func delete(
    name: String,
    _ context: WriteContext,
    _ options: DeleteOptions
  ) throws(APIFailure) -> Deletion {
    let type = context.type
    guard let current = table(type)[context.key(name)] else { throw .notFound(type, name) }
    try checkPreconditions(current, type, options)
    if context.isDryRun || options.isDryRun { return Deletion(object: current, isGone: true) }
    return remove(current, type)
  }

  /// Deletes the objects that a selector takes; those with finalizers stay, marked as deleted.
  func deleteCollection(
    _ request: ListRequest,
    _ context: WriteContext,
    _ options: DeleteOptions
  ) throws(APIFailure) -> ObjectPage {
    var page = try page(request)
    guard !context.isDryRun, !options.isDryRun else { return page }
    page.objects = page.objects.map { remove($0, context.type).object }
    page.revision = revision
    return page
  }

  private func checkPreconditions(
    _ current: StoredObject,
    _ type: ResourceType,
    _ options: DeleteOptions
  ) throws(APIFailure) {
    let problem: String
    if !options.uid.isEmpty, options.uid != current.uid {
      problem =
        "the UID in the precondition (\(options.uid)) does not match the UID in record (\(current.uid))."
        + " The object might have been deleted and then recreated"
    } else if !options.resourceVersion.isEmpty,
      options.resourceVersion != String(current.revision)
    {
      problem =
        "the ResourceVersion in the precondition (\(options.resourceVersion)) does not match the"
        + " ResourceVersion in record (\(current.revision)). The object might have been modified"
    } else {
      return
    }
    // This conflict names the kind where others name the resource.
    throw APIFailure(
      409,
      "Conflict",
      "Operation cannot be fulfilled on \(type.groupKind) \"\(current.name)\": \(problem)",
      details: APIFailure.Details(name: current.name, group: type.group, kind: type.kind)
    )
  }

  /// Removes an object, or marks it where something holds it.
  func remove(_ current: StoredObject, _ type: ResourceType) -> Deletion {
    if type.table == "namespaces." { return removeNamespace(current, type) }
    guard !current.finalizers.isEmpty else {
      return Deletion(object: drop(current, type), isGone: true)
    }
    guard !current.isTerminating else { return Deletion(object: current, isGone: false) }
    var object = current.document
    object["metadata"]?["deletionTimestamp"] = .string(now.description)
    object["metadata"]?["deletionGracePeriodSeconds"] = 0
    if let generation = object[path: "metadata", "generation"]?.int64 {
      object["metadata"]?["generation"] = .number(JSONNumber(generation + 1))
    }
    return Deletion(object: commit(object, type), isGone: false)
  }

  /// Whether nothing holds a deleted object any longer.
  func isReleased(_ object: JSONValue, _ type: ResourceType) -> Bool {
    guard object[path: "metadata", "finalizers"]?.array?.isEmpty ?? true else { return false }
    return type.table != "namespaces."
      || (object[path: "spec", "finalizers"]?.array?.isEmpty ?? true)
  }

  /// Takes away an object whose last finalizer has gone.
  func finishDeletion(_ object: JSONValue, _ type: ResourceType) -> StoredObject {
    drop(StoredObject(object, revision: revision), type)
  }

  private func drop(_ object: StoredObject, _ type: ResourceType) -> StoredObject {
    if type.table == Self.definitionTable { dropInstances(of: object) }
    let last = table(type).remove(object.key, revision: nextRevision()) ?? object
    if !object.namespace.isEmpty { finishNamespace(object.namespace) }
    return last
  }

  private func dropInstances(of definition: StoredObject) {
    let resources = CustomDefinition.resources(definition.document)
    if let type = resources.first {
      for object in table(type).all {
        _ = table(type).remove(object.key, revision: nextRevision())
      }
    }
    catalog.setCustom([], definition: definition.name)
  }
}

/// Namespaces, which take their contents with them.
extension ClusterState {
  private func removeNamespace(_ current: StoredObject, _ type: ResourceType) -> Deletion {
    guard !current.isTerminating else { return Deletion(object: current, isGone: false) }
    var object = current.document
    object["metadata"]?["deletionTimestamp"] = .string(now.description)
    object["status"] = ["phase": "Terminating"]
    let stored = commit(object, type)
    purge(current.name)
    finishNamespace(current.name)
    return Deletion(object: stored, isGone: false)
  }

  /// Deletes everything in a namespace.
  private func purge(_ namespace: String) {
    var seen: Set<String> = []
    for type in catalog.all
    where type.isNamespaced && type.verbs.contains("delete") && seen.insert(type.table).inserted {
      for object in table(type).range(prefix: namespace + "/", at: nil).all {
        _ = remove(object, type)
      }
    }
  }

  /// Takes a terminating namespace away once it is empty and nothing else holds it.
  func finishNamespace(_ name: String) {
    guard let namespace = namespace(name), namespace.isTerminating,
      let type = catalog.type(apiVersion: "v1", resource: "namespaces"),
      isEmpty(name)
    else { return }
    var object = namespace.document
    object["spec"] = [:]
    guard isReleased(object, type) else {
      if namespace.document[path: "spec", "finalizers"]?.array?.isEmpty == false {
        _ = commit(object, type)
      }
      return
    }
    _ = table(type).remove(name, revision: nextRevision())
  }

  private func isEmpty(_ namespace: String) -> Bool {
    catalog.all.allSatisfy { type in
      guard type.isNamespaced, let table = existingTable(type) else { return true }
      return table.range(prefix: namespace + "/", at: nil).isEmpty
    }
  }
}
