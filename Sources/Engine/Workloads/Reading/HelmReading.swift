// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Reads the records of one Helm release, and adds what they name to a graph.
struct HelmReading {
  let reader: RevisionedReader
  let types: TypeIndex
  let namespace: String
  let name: String

  private var title: String { "the Helm release '\(namespace)/\(name)'" }

  /// Adds the records and the objects of the manifest; where that cannot be read, what is labelled as part of the release.
  ///
  /// - Throws: `EngineError` `.notFound` when there is no such release; `KubernetesError` when the cluster cannot be asked.
  func add(to graph: inout ObjectGraph) async throws {
    let (driver, records, refusal) = try await records()
    for record in records { add(record, driver, &graph) }
    guard let current = HelmRecord.current(records) else {
      guard let refusal else {
        throw EngineError(
          .notFound,
          "there is no Helm release '\(name)' in the namespace '\(namespace)'",
          hint: "'helm list -n \(namespace)' shows the releases"
        )
      }
      return addLabelled("its records cannot be listed: \(refusal)", &graph)
    }
    if current.status != "deployed" {
      graph.note(
        SelectionRemark(
          .warning,
          "\(title) is not deployed: its newest revision, \(current.revision), is '\(current.status)'",
          part: BackupRoot.release(namespace: namespace, name: name).entry,
          hint: "its manifest names what was to be there; 'helm history' shows what happened"
        )
      )
    }
    do {
      try await add(try await release(current, driver), &graph)
    } catch let error as HelmReleaseError {
      addLabelled("the record '\(current.objectName)' \(error.reason)", &graph)
    } catch let error as KubernetesError where error.code == .forbidden {
      addLabelled("the record '\(current.objectName)' cannot be read: \(error.message)", &graph)
    }
  }

  private typealias Records = (HelmDriver, [HelmRecord], refusal: String?)

  private func records() async throws -> Records {
    var refusal: String?
    for driver in HelmDriver.allCases {
      guard let type = types.type(driver.type) else { continue }
      let query = RevisionedReader.Query(
        type: type,
        namespace: namespace,
        labelSelector: HelmRecord.selector(name),
        isMetadataOnly: true
      )
      do {
        var found: [String: HelmRecord] = [:]
        try await reader.list(query) { view in
          let record = HelmRecord(view)
          found[record.objectName] = record
        }
        if !found.isEmpty {
          return (driver, found.values.sorted { $0.revision < $1.revision }, nil)
        }
      } catch let error as KubernetesError where error.code == .forbidden {
        refusal = refusal ?? error.message
      }
    }
    return (.secrets, [], refusal)
  }

  private func release(_ record: HelmRecord, _ driver: HelmDriver) async throws -> HelmRelease {
    var payload: [UInt8]?
    if let type = types.type(driver.type) {
      try await reader.object(type, namespace: namespace, name: record.objectName) {
        payload = driver.payload($0)
      }
    }
    guard let payload else { throw HelmReleaseError(reason: "holds no release") }
    return try HelmRelease(payload: payload)
  }

  private func add(_ record: HelmRecord, _ driver: HelmDriver, _ graph: inout ObjectGraph) {
    graph.add(
      ObjectAddress(type: driver.type, namespace: namespace, name: record.objectName),
      "record of revision \(record.revision) of",
      release: (namespace, name),
      isOptional: true
    )
  }

  private func add(_ release: HelmRelease, _ graph: inout ObjectGraph) async throws {
    var unserved: Set<String> = []
    for object in release.objects {
      let group = GroupName.of(apiVersion: object.apiVersion)
      guard let type = types.type(kind: object.kind, group: group) else {
        unserved.insert("\(object.apiVersion)/\(object.kind)")
        continue
      }
      graph.add(
        ObjectAddress(
          type: type.groupResource,
          namespace: type.isNamespaced ? object.namespace ?? namespace : nil,
          name: object.name
        ),
        object.isHook ? "hook of" : "named in the manifest of",
        release: (namespace, name),
        isOptional: object.isHook
      )
    }
    if !unserved.isEmpty {
      graph.note(
        SelectionRemark(
          .warning,
          "the manifest of \(title) names objects that the API server does not serve: "
            + unserved.sorted().joined(separator: ", "),
          part: BackupRoot.release(namespace: namespace, name: name).entry,
          hint: "'kubectl api-resources' shows what it serves"
        )
      )
    }
    if release.unreadableParts > 0 {
      let count = release.unreadableParts
      addLabelled(
        count == 1
          ? "1 part of its manifest is no object of the API"
          : "\(count) parts of its manifest are no objects of the API",
        &graph
      )
    }
  }

  private func addLabelled(_ reason: String, _ graph: inout ObjectGraph) {
    graph.note(
      SelectionRemark(
        .warning,
        "what belongs to \(title) is found by labels and owners, since \(reason)",
        part: BackupRoot.release(namespace: namespace, name: name).entry,
        hint:
          "objects of the release that are neither labelled app.kubernetes.io/instance=\(name) nor annotated by Helm are "
          + "left out"
      )
    )
    graph.addLabelled(namespace: namespace, name: name)
  }
}
