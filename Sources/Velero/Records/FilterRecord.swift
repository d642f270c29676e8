// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Something that takes resources by their names.
public protocol ResourceListsRecord: JSONRecord {}

extension ResourceListsRecord {
  /// Resources that are taken, in a backup's old filter; none means all.
  public var includedResources: [String] {
    get { texts("includedResources") }
    set { set("includedResources", newValue) }
  }

  /// Resources that are left out, in a backup's old filter.
  public var excludedResources: [String] {
    get { texts("excludedResources") }
    set { set("excludedResources", newValue) }
  }
}

/// A spec that takes objects by their namespaces, resources and labels, as those of backups and restores do.
public protocol FilterRecord: SelectorRecord, ResourceListsRecord {}

extension FilterRecord {
  /// Namespaces that are taken, as they are or were called in the cluster that is backed up; none means all.
  public var includedNamespaces: [String] {
    get { texts("includedNamespaces") }
    set { set("includedNamespaces", newValue) }
  }

  /// Namespaces that are left out.
  public var excludedNamespaces: [String] {
    get { texts("excludedNamespaces") }
    set { set("excludedNamespaces", newValue) }
  }

  /// Whether resources of the cluster are taken, in a backup's old filter; nil takes what belongs to the others.
  public var includeClusterResources: Bool? {
    get { flag("includeClusterResources") }
    set { set("includeClusterResources", newValue) }
  }

  /// The hooks by resource, as they are: objects with `name`, filters and the hooks themselves.
  public var hookResources: [JSONValue] {
    get { json[path: "hooks", "resources"]?.array ?? [] }
    set { json["hooks"] = newValue.isEmpty ? [:] : ["resources": .array(newValue)] }
  }

  /// How long to wait for the plugins' operations; zero means the server's default of four hours.
  public var itemOperationTimeout: GoDuration {
    get { duration("itemOperationTimeout") }
    set { set("itemOperationTimeout", duration: newValue) }
  }

  /// The name of the ConfigMap that a member refers to; empty for none.
  func configMapName(_ key: String) -> String { json[path: key, "name"]?.string ?? "" }

  mutating func setConfigMap(_ key: String, named name: String) {
    json[key] = name.isEmpty ? nil : ["kind": "configmap", "name": .string(name)]
  }
}
