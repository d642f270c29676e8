// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension ClusterState {
  /// How often a generated name is tried before the request is refused.
  private static let nameAttempts = 8

  /// Makes an object.
  ///
  /// - Parameters:
  ///   - body: The decoded body.
  ///   - context: Where it goes, and who writes.
  ///   - applied: The managed fields of an object that comes into being by server-side apply.
  /// - Returns: The object; that of a dry run has no revision.
  /// - Throws: The Status of the first thing that stands against it.
  func create(
    _ body: JSONValue,
    _ context: WriteContext,
    applied: ManagedFields? = nil
  ) throws(APIFailure) -> StoredObject {
    let type = context.type
    var object = body
    let generated = object[path: "metadata", "generateName"]?.string ?? ""
    let isGenerated = (object[path: "metadata", "name"]?.string ?? "").isEmpty && !generated.isEmpty
    try place(&object, context)
    if isGenerated { object["metadata"]?["name"] = .string(freeName(generated, context)) }
    let name = object[path: "metadata", "name"]?.string ?? ""
    Defaults.apply(to: &object, type: type, version: version)
    try checkNamespaceTakes(context, name)
    if object[path: "metadata", "resourceVersion"]?.string ?? "" != "" {
      throw APIFailure(500, "", "resourceVersion should not be set on objects to be created")
    }
    if let custom = type.custom { object = SchemaValidation(schema: custom.schema).pruned(object) }
    setManagedFields(&object, context, applied)
    Strategy.prepareForCreate(&object, type: type, version: version)
    var problems = Validation(type: type, version: version)
      .problems(creating: object)
    if problems.isEmpty, type.table == "services." {
      problems += allocate(&object, version: version, key: context.key(name))
    }
    guard problems.isEmpty else { throw .invalid(type, name, problems) }
    guard table(type)[context.key(name)] == nil else { throw .alreadyExists(type, name) }
    guard !context.isDryRun else { return StoredObject(object, revision: 0) }
    return commit(object, type)
  }

  /// Sets the metadata that the server gives.
  private func place(_ object: inout JSONValue, _ context: WriteContext) throws(APIFailure) {
    object["apiVersion"] = nil
    object["kind"] = nil
    var metadata = object["metadata"] ?? [:]
    let given = metadata["namespace"]?.string ?? ""
    guard given.isEmpty || given == context.namespace else {
      throw .badRequest(
        "the namespace of the provided object does not match the namespace sent on the request"
      )
    }
    metadata["namespace"] = context.namespace.isEmpty ? JSONValue?.none : .string(context.namespace)
    for key in ["deletionTimestamp", "deletionGracePeriodSeconds", "selfLink", "managedFields"] {
      metadata[key] = nil
    }
    metadata["uid"] = .string(makeUID())
    metadata["creationTimestamp"] = .string(now.description)
    metadata["generation"] = Strategy.countsGenerations(context.type, version) ? 1 : JSONValue?.none
    object["metadata"] = metadata
  }

  private func freeName(_ prefix: String, _ context: WriteContext) -> String {
    var name = ""
    for _ in 0..<Self.nameAttempts {
      name = String(prefix.prefix(58)) + makeNameSuffix()
      if table(context.type)[context.key(name)] == nil { break }
    }
    return name
  }

  private func setManagedFields(
    _ object: inout JSONValue,
    _ context: WriteContext,
    _ applied: ManagedFields?
  ) {
    var fields = applied ?? ManagedFields(nil)
    if applied == nil {
      fields.noteUpdate(
        from: EmptyObject.document(context.type),
        to: object,
        by: context.fieldManager(at: now),
        schema: ListSchema(version: version, type: context.type)
      )
    }
    object["metadata"]?["managedFields"] = fields.document
  }

  /// Refuses objects in namespaces that are not there or on their way out.
  func checkNamespaceTakes(_ context: WriteContext, _ name: String) throws(APIFailure) {
    let type = context.type
    guard type.isNamespaced else { return }
    guard let namespace = namespace(context.namespace) else {
      throw APIFailure(
        404,
        "NotFound",
        "namespaces \"\(context.namespace)\" not found",
        details: APIFailure.Details(name: context.namespace, kind: "namespaces")
      )
    }
    guard namespace.isTerminating else { return }
    throw APIFailure(
      403,
      "Forbidden",
      "\(type.groupResource) \"\(name)\" is forbidden: unable to create new content in namespace"
        + " \(context.namespace) because it is being terminated",
      details: APIFailure.Details(
        name: name,
        group: type.group,
        kind: type.name,
        causes: [
          APIFailure.Cause(
            reason: "NamespaceTerminating",
            message: "namespace \(context.namespace) is being terminated",
            field: "metadata.namespace"
          )
        ]
      )
    )
  }

  /// Stores an object and does what follows from it.
  func commit(_ object: JSONValue, _ type: ResourceType) -> StoredObject {
    let stored = StoredObject(object, revision: nextRevision())
    table(type).set(stored)
    if type.table == Self.definitionTable { definitionChanged(stored) }
    return stored
  }

  static let definitionTable = "customresourcedefinitions.apiextensions.k8s.io"

  /// Serves what a definition says, and establishes it.
  private func definitionChanged(_ stored: StoredObject) {
    var definition = stored.document
    catalog.setCustom(CustomDefinition.resources(definition), definition: stored.name)
    guard definition[path: "status", "conditions"]?.array?.isEmpty ?? true else { return }
    let before = definition
    definition["status"] = CustomDefinition.establishedStatus(definition, at: now)
    guard
      let type = catalog.type(
        apiVersion: "apiextensions.k8s.io/v1",
        resource: "customresourcedefinitions"
      )
    else { return }
    var fields = ManagedFields(definition[path: "metadata", "managedFields"])
    fields.noteUpdate(
      from: before,
      to: definition,
      by: FieldManager(
        name: "kube-apiserver",
        apiVersion: type.apiVersion,
        subresource: version == .v1_20 ? "" : "status",
        time: now
      ),
      schema: ListSchema(version: version, type: type)
    )
    definition["metadata"]?["managedFields"] = fields.document
    table(type).set(StoredObject(definition, revision: nextRevision()))
  }
}

extension StoredObject {
  /// Whether somebody deleted the object, which finalizers still hold.
  var isTerminating: Bool { metadata["deletionTimestamp"] != nil }

  var finalizers: [JSONValue] { metadata["finalizers"]?.array ?? [] }
}
