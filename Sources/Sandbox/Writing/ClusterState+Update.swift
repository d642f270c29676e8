// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension ClusterState {
  /// Puts an object in the place of one that is there.
  ///
  /// - Parameters:
  ///   - body: The decoded body.
  ///   - name: The name in the path.
  ///   - context: Where it goes, and who writes.
  ///   - applied: The managed fields after a server-side apply; nil to account for the change here.
  /// - Returns: The object as it is then; the one that was there when nothing changes.
  /// - Throws: The Status of the first thing that stands against it.
  func update(
    _ body: JSONValue,
    name: String,
    _ context: WriteContext,
    applied: ManagedFields? = nil
  ) throws(APIFailure) -> StoredObject {
    let type = context.type
    guard let current = table(type)[context.key(name)] else { throw .notFound(type, name) }
    try checkIdentity(body, name: name, context, current)
    let old = current.document
    var object = merged(body, old, context)
    Defaults.apply(to: &object, type: type, version: version)
    if let custom = type.custom { object = SchemaValidation(schema: custom.schema).pruned(object) }
    var fields = applied ?? keptFields(body, old)
    if applied == nil {
      fields.noteUpdate(
        from: old,
        to: object,
        by: context.fieldManager(at: now),
        schema: ListSchema(version: version, type: type)
      )
    }
    try validate(&object, replacing: old, name: name, context)
    if Self.isSame(object, old), Self.ownership(fields) == Self.ownership(old) { return current }
    object["metadata"]?["managedFields"] = fields.document
    guard !context.isDryRun else { return StoredObject(object, revision: current.revision) }
    if current.isTerminating, isReleased(object, type) { return finishDeletion(object, type) }
    return commit(object, type)
  }

  private func checkIdentity(
    _ body: JSONValue,
    name: String,
    _ context: WriteContext,
    _ current: StoredObject
  ) throws(APIFailure) {
    let metadata = body["metadata"]
    let given = metadata?["name"]?.string ?? ""
    guard given.isEmpty || given == name else {
      throw .badRequest(
        "the name of the object (\(given)) does not match the name on the URL (\(name))"
      )
    }
    let namespace = metadata?["namespace"]?.string ?? ""
    guard namespace.isEmpty || namespace == context.namespace else {
      throw .badRequest(
        "the namespace of the object (\(namespace)) does not match the namespace on the URL (\(context.namespace))"
      )
    }
    let revision = metadata?["resourceVersion"]?.string ?? ""
    if revision.isEmpty, context.type.isCustom {
      throw .invalid(
        context.type,
        name,
        [.invalid("metadata.resourceVersion", "0x0", "must be specified for an update")]
      )
    }
    guard revision.isEmpty || revision == "0" || revision == String(current.revision) else {
      throw .conflict(context.type, name, APIFailure.modified)
    }
    let uid = metadata?["uid"]?.string ?? ""
    guard uid.isEmpty || uid == current.uid else {
      throw .conflict(
        context.type,
        name,
        "Precondition failed: UID in precondition: \(uid), UID in object meta: \(current.uid)"
      )
    }
  }

  /// The new object with what this path does not write taken from the old one.
  private func merged(_ body: JSONValue, _ old: JSONValue, _ context: WriteContext) -> JSONValue {
    if context.subresource == "status" {
      var object = old
      object["status"] = body["status"]
      return object
    }
    var object = body
    object["apiVersion"] = nil
    object["kind"] = nil
    var metadata = object["metadata"] ?? [:]
    for key in [
      "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp",
      "deletionGracePeriodSeconds", "generation", "generateName", "managedFields",
    ] {
      metadata[key] = old[path: "metadata", key]
    }
    object["metadata"] = metadata
    if context.type.hasStatusSubresource || context.type.table == "namespaces." {
      object["status"] = nil
      object["status"] = old["status"]
    }
    if context.type.table == "namespaces.", context.subresource.isEmpty {
      object["spec"] = old["spec"]
    }
    if context.type.table == "services.", object["spec"] != nil {
      for key in ["clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy"]
      where object["spec"]?[key] == nil {
        object["spec"]?[key] = old[path: "spec", key]
      }
    }
    return object
  }

  /// The account that the client gives, else that of the old object; one empty entry strikes it out.
  ///
  /// Source: Kubernetes, `k8s.io/apimachinery/pkg/util/managedfields/internal/fieldmanager.go`, `Update`.
  private func keptFields(_ body: JSONValue, _ old: JSONValue) -> ManagedFields {
    let given = body[path: "metadata", "managedFields"]
    if given?.array?.count == 1, given?.array?[0].object?.isEmpty == true {
      return ManagedFields(nil)
    }
    let own = ManagedFields(given)
    return own.entries.isEmpty ? ManagedFields(old[path: "metadata", "managedFields"]) : own
  }

  private func validate(
    _ object: inout JSONValue,
    replacing old: JSONValue,
    name: String,
    _ context: WriteContext
  ) throws(APIFailure) {
    let type = context.type
    var problems = Validation(type: type, version: version).problems(replacing: old, with: object)
    let before = old[path: "metadata", "finalizers"]?.array ?? []
    let added = (object[path: "metadata", "finalizers"]?.array ?? []).filter {
      !before.contains($0)
    }
    if old[path: "metadata", "deletionTimestamp"] != nil, !added.isEmpty {
      let names = added.map { $0.text() }.joined(separator: ", ")
      problems.append(
        .forbidden(
          "metadata.finalizers",
          "no new finalizers can be added if the object is being deleted, found new finalizers"
            + " []string{\(names)}"
        )
      )
    }
    if problems.isEmpty, type.table == "services.", context.subresource.isEmpty {
      problems += allocate(&object, version: version, key: context.key(name))
    }
    guard problems.isEmpty else { throw .invalid(type, name, problems) }
    if Strategy.countsGenerations(type, version), context.subresource.isEmpty,
      Self.content(object) != Self.content(old)
    {
      let generation = old[path: "metadata", "generation"]?.int64 ?? 0
      object["metadata"]?["generation"] = .number(JSONNumber(generation + 1))
    }
  }

  /// Everything that makes a new generation.
  private static func content(_ object: JSONValue) -> JSONValue {
    var content = object
    content["metadata"] = nil
    content["status"] = nil
    return content
  }

  private static func isSame(_ object: JSONValue, _ old: JSONValue) -> Bool {
    func stripped(_ value: JSONValue) -> JSONValue {
      var value = value
      let metadata = ObjectMetadata.ordered(value["metadata"] ?? [:], revision: 0)
      value["metadata"] = metadata
      value["metadata"]?["managedFields"] = nil
      return value
    }
    return stripped(object) == stripped(old)
  }

  /// Who owns what, without the times.
  private static func ownership(_ fields: ManagedFields) -> [String: FieldSet] {
    Dictionary(
      fields.entries.map {
        ("\($0.manager)\n\($0.operation)\n\($0.apiVersion)\n\($0.subresource)", $0.fields)
      },
      uniquingKeysWith: { $0.union($1) }
    )
  }

  private static func ownership(_ object: JSONValue) -> [String: FieldSet] {
    ownership(ManagedFields(object[path: "metadata", "managedFields"]))
  }
}
