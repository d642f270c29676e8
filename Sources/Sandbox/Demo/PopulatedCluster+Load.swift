// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension SandboxCluster {
  /// Puts all objects of a populated cluster into this one, one by one as they are made.
  ///
  /// - Throws: `.invalidObject` when a kind is not served; the objects before it are in.
  public func load(_ population: PopulatedCluster) throws(SandboxError) {
    defer { signal.raise() }
    try read { (state) throws(SandboxError) in
      try population.forEach { (object) throws(SandboxError) in try state.load(object) }
    }
  }
}

extension ClusterState {
  /// Stores an object without reading what is not metadata.
  fileprivate func load(_ object: PopulatedObject) throws(SandboxError) {
    // Namespaces and definitions change more than their table.
    if object.kind == "Namespace" || object.kind == "CustomResourceDefinition" {
      return try load(object.bytes)
    }
    guard let type = catalog.type(apiVersion: object.apiVersion, kind: object.kind) else {
      throw SandboxError(
        .invalidObject,
        "cannot load an object: nothing of kind '\(object.kind)' is served in '\(object.apiVersion)'"
      )
    }
    table(type).set(
      StoredObject(metadata: object.metadata, tail: object.tail, revision: nextRevision())
    )
  }
}
