// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Names that are others in the target: of images, storage classes and nodes' labels.
///
/// Source: velero/05, section 6: `change-image-name`, `change-storage-class`; the labels of nodes are our own.
public struct RestoreMaps: Sendable, Hashable {
  /// A part of images' names, and what stands for it.
  public struct ImageRule: Sendable, Hashable {
    /// What is looked for.
    public var old: String
    /// What stands for it.
    public var new: String

    /// Makes a rule.
    public init(old: String, new: String) {
      self.old = old
      self.new = new
    }

    /// Reads `old,new`, as the values of Velero's ConfigMap are; nil when it is none.
    public init?(parsing text: String) {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { return nil }
      self.init(old: String(parts[0]), new: String(parts[1]))
    }
  }

  /// What is replaced in images' names; of several rules that fit the first.
  public var images: [ImageRule]
  /// Storage classes by their old names.
  public var storageClasses: [String: String]
  /// Labels of nodes, `key=value`, by the ones that pods ask for; an empty one drops the wish.
  public var nodeLabels: [String: String]

  /// Makes maps.
  public init(
    images: [ImageRule] = [],
    storageClasses: [String: String] = [:],
    nodeLabels: [String: String] = [:]
  ) {
    self.images = images
    self.storageClasses = storageClasses
    self.nodeLabels = nodeLabels
  }

  func apply(_ object: JSONValue, resource: String) -> JSONValue {
    var object = object
    if let path = PodSpec.path(in: resource) {
      for list in PodSpec.containerLists where !images.isEmpty {
        object.changeElements(path + [list]) { container in
          if let image = container["image"]?.string {
            container["image"] = .string(self.image(image))
          }
        }
      }
      if !nodeLabels.isEmpty { object.change(path, mapNodeLabels) }
    }
    switch resource {
    case "persistentvolumeclaims", "persistentvolumes": mapClass(&object)
    case "statefulsets.apps":
      object.changeElements(["spec", "volumeClaimTemplates"], mapClass)
    default: break
    }
    return object
  }

  private func image(_ name: String) -> String {
    guard let rule = images.first(where: { name.contains($0.old) }) else { return name }
    return name.replacing(rule.old, with: rule.new)
  }

  private func mapClass(_ object: inout JSONValue) {
    guard let name = object[path: "spec", "storageClassName"]?.string,
      let new = storageClasses[name]
    else { return }
    object["spec"]?["storageClassName"] = .string(new)
  }

  private func mapNodeLabels(_ spec: inout JSONValue) {
    guard let wishes = spec["nodeSelector"]?.object else { return }
    var mapped = JSONObject()
    for wish in wishes.members {
      guard let new = nodeLabels["\(wish.key)=\(wish.value.string ?? "")"] else {
        mapped[wish.key] = wish.value
        continue
      }
      let parts = new.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let key = parts.first, !key.isEmpty else { continue }
      mapped[String(key)] = .string(parts.count > 1 ? String(parts[1]) : "")
    }
    spec["nodeSelector"] = mapped.isEmpty ? nil : .object(mapped)
  }
}
