// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives
internal import Velero

/// An object on its way into the target, as it is to be there.
struct DesiredObject: Sendable {
  /// Its number in the archive's index.
  let number: Int
  /// Where it is in the backup.
  let source: ObjectAddress
  /// Where it goes.
  let target: ObjectAddress
  /// Its type in the target; nil while only a definition of the same restore promises it.
  let type: APIResource?
  /// What is to be created; without `managedFields`.
  let object: JSONValue
  /// What the archive has; `managedFields` may be missing.
  let archived: JSONValue
  /// The status it gets back; nil for none.
  let status: JSONValue?
  /// Who owns its fields.
  let ownership: FieldOwnership
  /// What the user should know of its changes.
  let issues: [Issue]

  /// Where it goes in the API; nil as long as the type is.
  var reference: ObjectReference? {
    type.map {
      ObjectReference(
        $0.groupVersionResource,
        namespace: target.namespace,
        name: target.name
      )
    }
  }

  /// Its kind as a restore's list of resources names it, such as `apps/v1/Deployment`.
  var listedKind: String {
    "\(object["apiVersion"]?.string ?? "")/\(object["kind"]?.string ?? "")"
  }
}

/// What comes of an archived object before the target is asked.
enum ChangedObject: Sendable {
  case desired(DesiredObject)
  case settled(RestoreEntry, number: Int, [Issue])
}

/// Turns archived bytes into desired objects; one task at a time may use a value.
struct ObjectChanger {
  let prepared: PreparedRestore
  /// What the target serves; grows when definitions are restored.
  var types: TypeTable
  private let statusRestore: StatusRestore
  private let promised: Set<String>
  /// Leaves `managedFields` as text: they are most of many an object.
  private let reader = JSONReader(leaving: [JSONReader.Member("managedFields", in: "metadata")])
  /// What services' own node ports are is in `managedFields`.
  private let wholeReader = JSONReader()

  init(_ prepared: PreparedRestore) {
    self.prepared = prepared
    types = TypeTable(prepared.ground.discovery)
    statusRestore = StatusRestore(
      prepared.ground.spec.restoreStatus,
      discovery: prepared.ground.discovery
    )
    let index = prepared.ground.index
    promised = Set(
      prepared.plan.items.compactMap { item in
        guard case .restored = item.standing,
          index[item.number].resource == RestoreWave.definitions
        else { return nil }
        return index[item.number].name
      }
    )
  }

  /// Changes an object.
  ///
  /// - Parameters:
  ///   - number: Its number in the index.
  ///   - bytes: Its JSON.
  /// - Returns: What comes of it.
  /// - Throws: `JSONError`, which the reader of the archive has ruled out.
  func change(_ number: Int, _ bytes: [UInt8]) throws -> ChangedObject {
    let source = prepared.ground.index.address(number)
    let (archived, ownership) = try read(bytes, isWhole: source.type == "services")
    var outcome = prepared.transform.apply(to: archived, at: source)
    var issues = outcome.warnings.map { issue(.warning, $0, source) }
    issues += outcome.problems.map { issue(.error, $0, source) }
    issues += outcome.dangling.map { issue(.warning, "it still says: \($0)", source) }
    outcome.object.change(["metadata"]) { $0["managedFields"] = nil }
    let target = ObjectAddress(
      type: source.type,
      namespace: source.namespace.map(prepared.mapping.target),
      name: outcome.object[path: "metadata", "name"]?.string ?? source.name
    )
    if let skip = outcome.skip {
      let entry = RestoreEntry(source: source, target: target, verdict: .leave(skip))
      return .settled(entry, number: number, issues)
    }
    let type = types.type(of: outcome.object, resource: source.type)
    if type == nil, !promised.contains(source.type) {
      let failure = missing(outcome.object, source)
      let entry = RestoreEntry(source: source, target: target, verdict: .fail(failure))
      return .settled(entry, number: number, issues)
    }
    let status = status(outcome, source, &issues)
    return .desired(
      DesiredObject(
        number: number,
        source: source,
        target: ObjectAddress(
          type: type?.groupResource ?? target.type,
          namespace: target.namespace,
          name: target.name
        ),
        type: type,
        object: outcome.object,
        archived: archived,
        status: status,
        ownership: ownership,
        issues: issues
      )
    )
  }

  private func read(
    _ bytes: [UInt8],
    isWhole: Bool
  ) throws -> (JSONValue, FieldOwnership) {
    try (isWhole ? wholeReader : reader).read(bytes) { view in
      let managers = try view["metadata"]?["managedFields"]?.readText { $0.value }
      return (view.value, FieldOwnership(managers))
    }
  }

  private func status(
    _ outcome: RestoreTransform.Outcome,
    _ source: ObjectAddress,
    _ issues: inout [Issue]
  ) -> JSONValue? {
    let (isRestored, warning) = statusRestore.applies(to: outcome.object, resource: source.type)
    if let warning { issues.append(issue(.warning, warning, source)) }
    return isRestored ? outcome.status : nil
  }

  private func missing(_ object: JSONValue, _ source: ObjectAddress) -> RestoreFailure {
    let version = object["apiVersion"]?.string ?? ""
    let kind = object["kind"]?.string ?? ""
    return RestoreFailure(
      .versionMissing,
      "the target serves no '\(kind)' of '\(version)'",
      hint: "install what serves it in the target, or change the version with a resource modifier"
    )
  }

  private func issue(
    _ severity: Issue.Severity,
    _ message: String,
    _ source: ObjectAddress
  ) -> Issue {
    Issue(
      severity,
      message,
      subject: Issue.Subject(
        resource: source.type,
        namespace: source.namespace.map(prepared.mapping.target),
        name: source.name
      )
    )
  }
}
