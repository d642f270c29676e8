// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import ObjectStorage
import Primitives
import Terminal
import Velero

@testable import Console
@testable import Engine

/// A backup with a shop and its billing, to compose restores of.
struct ArchiveExample {
  let selector: ArchiveSelector
  let contents: ArchiveContents

  static func object(
    _ kind: String,
    _ namespace: String?,
    _ name: String,
    _ more: JSONValue = [:],
    version: String = "v1"
  ) -> JSONValue {
    var metadata: JSONValue = ["name": .string(name)]
    metadata["namespace"] = namespace.map { .string($0) }
    return MergePatch.apply(
      more,
      to: ["apiVersion": .string(version), "kind": .string(kind), "metadata": metadata]
    )
  }

  static let objects: [JSONValue] = {
    var objects = [
      object("Namespace", nil, "shop"), object("Namespace", nil, "billing"),
      object(
        "Pod",
        "shop",
        "database-0",
        [
          "metadata": ["labels": ["app": "database"]],
          "spec": ["volumes": [["persistentVolumeClaim": ["claimName": "data-0"]]]],
        ]
      ),
      object("Pod", "shop", "migrate-x7k2p", ["status": ["phase": "Succeeded"]]),
      object(
        "PersistentVolumeClaim",
        "shop",
        "data-0",
        ["spec": ["volumeName": "pv-7"], "status": ["phase": "Bound"]]
      ),
      object("PersistentVolume", nil, "pv-7"), object("PersistentVolume", nil, "pv-8"),
      object("Deployment", "shop", "web", version: "apps/v1"),
      object("Secret", "shop", "database"), object("Event", "shop", "web.17"),
    ]
    for number in 0..<6 { objects.append(object("ConfigMap", "billing", "rates-\(number)")) }
    return objects
  }()

  static let discovery: Discovery = {
    func type(_ name: String, _ kind: String, _ group: String = "", isNamespaced: Bool = true)
      -> APIResource
    {
      APIResource(
        group: group,
        version: "v1",
        name: name,
        kind: kind,
        isNamespaced: isNamespaced,
        verbs: ["create", "get", "list", "delete"],
        shortNames: []
      )
    }
    let resources = [
      type("namespaces", "Namespace", isNamespaced: false), type("pods", "Pod"),
      type("configmaps", "ConfigMap"), type("secrets", "Secret"), type("events", "Event"),
      type("persistentvolumeclaims", "PersistentVolumeClaim"),
      type("persistentvolumes", "PersistentVolume", isNamespaced: false),
      type("deployments", "Deployment", "apps"),
    ]
    return Discovery(
      groups: ["", "apps"].map { APIGroup(name: $0, versions: ["v1"], preferredVersion: "v1") },
      resources: resources
    )
  }()

  /// Reads the backup.
  static func read() async throws -> ArchiveExample {
    let store = MemoryStore()
    try await BackupScene.write("nightly", objects, hoursAgo: 3, into: store)
    let catalog = BackupCatalog(store: store)
    let index = try await ArchiveIndexes(catalog: catalog, cache: nil).index(of: "nightly")
    return ArchiveExample(
      selector: ArchiveSelector(
        index: index,
        reader: ArchiveItemReader(
          store: store,
          key: catalog.layout.key(.contents, ofBackup: "nightly"),
          index: index
        )
      ),
      contents: ArchiveContents(Backup(name: "nightly"), index)
    )
  }

  /// What is answered to a selection: what the index alone says, where that is not the whole, and the whole.
  func previews(
    _ selection: ArchiveSelection
  ) async throws -> (draft: ArchivePreview?, whole: ArchivePreview) {
    var draft: ArchivePreview?
    let whole = try await selector.preview(selection, discovery: Self.discovery) { draft = $0 }
    return (draft, whole)
  }

  /// What all of the backup comes to.
  func everything() async throws -> ArchivePreview {
    try await previews(ArchiveSelection(RestoreSpec(), RestoreOptions())).whole
  }

  /// What a restore of namespaces comes to.
  func only(_ namespaces: [String]) async throws -> (draft: ArchivePreview?, whole: ArchivePreview)
  {
    var spec = RestoreSpec()
    spec.includedNamespaces = namespaces
    return try await previews(ArchiveSelection(spec, RestoreOptions()))
  }
}

extension Driver {
  /// What is asked of the archive, and not forgotten.
  var selectionQuestions: [(selection: ArchiveSelection, token: Token)] {
    questions.compactMap { asked in
      guard case .restore(.selection(let selection, _)) = asked.question else { return nil }
      return (selection, asked.token)
    }
  }

  /// Lets the time pass that is waited for after an edit.
  mutating func endPause() {
    for (question, token) in questions {
      if case .timer = question { send(.answer(.timeUp, token)) }
    }
  }

  /// Answers what was asked of the archive last.
  mutating func answerSelection(_ preview: ArchivePreview) {
    guard let token = selectionQuestions.last?.token else { return }
    send(.answer(.restore(.selection(preview)), token))
  }

  /// Answers the objects that are waited for.
  mutating func answerObjects() throws {
    for (question, token) in questions {
      guard case .filter(.objects(let request)) = question else { continue }
      send(.answer(.filter(.objects(try PreviewObjects(request))), token))
    }
  }
}
