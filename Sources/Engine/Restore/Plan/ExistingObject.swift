// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What is done about objects of a backup that exist in the target.
public enum ExistingPolicy: String, Sendable, Hashable, CaseIterable {
  /// They stay as they are.
  case none
  /// They are changed into what the backup has.
  case update
  /// They are deleted and created anew; claims, volumes and definitions, with which more goes, only where they were named one by
  /// one.
  case recreate
}

/// What a restore does about one object of its plan.
public enum ItemAction: Sendable, Hashable {
  /// There is none in the target: it is created.
  case create
  /// The target's is the same; with the policy `update` this patch gives it the restore's labels.
  case skipIdentical(labels: JSONValue?)
  /// The target's differs in these places, and stays as it is.
  case skipDifferent([FieldChange])
  /// The target's gets this JSON merge patch, which changes these places.
  case update(patch: JSONValue, [FieldChange])
  /// The target's is deleted, if it still has this uid and resource version, and created anew.
  case recreate(uid: String, resourceVersion: String, [FieldChange])
}

/// A place in which two objects differ.
public struct FieldChange: Sendable, Hashable, CustomStringConvertible {
  /// The place, as a JSON pointer.
  public var path: String
  /// What the target has; nil for nothing.
  public var before: JSONValue?
  /// What the backup has; nil for nothing.
  public var after: JSONValue?

  /// Makes a change.
  public init(path: String, before: JSONValue?, after: JSONValue?) {
    self.path = path
    self.before = before
    self.after = after
  }

  /// Such as `/spec/replicas: 1 → 3`.
  public var description: String {
    "\(path): \(before?.text() ?? "nothing") → \(after?.text() ?? "nothing")"
  }
}

/// Compares what a restore would create with what exists.
///
/// Source: velero/05, section 4, "Existing object". Unlike Velero, which compares and patches `managedFields` too and so finds
/// nearly every object different, these and members that are `null` on one side and absent on the other do not count; nor do
/// members that the restore gives up so that the server sets them anew, such as a service's address.
public enum ExistingObject {
  /// What is done about an object.
  ///
  /// - Parameters:
  ///   - desired: What would be created.
  ///   - archived: What the archive has, which `desired` was made of.
  ///   - live: What the target has under the name; nil for nothing.
  ///   - resource: The type, `plural.group`.
  ///   - policy: The restore's policy.
  ///   - isNamed: Whether the user named this very object.
  /// - Returns: The action, with what it changes.
  public static func action(
    desired: JSONValue,
    archived: JSONValue,
    live: JSONValue?,
    resource: String,
    policy: ExistingPolicy,
    isNamed: Bool = false
  ) -> ItemAction {
    guard let live else { return .create }
    let labels = restoreLabels(desired)
    let present = comparable(live, labels: labels)
    var wanted = comparable(desired, labels: labels)
    wanted = keeping(wanted, givenUp: comparable(archived, labels: labels), of: present)
    if resource == "serviceaccounts" { wanted = merged(account: present, with: wanted) }
    let changes = differences(present, wanted)
    guard !changes.isEmpty else {
      return .skipIdentical(labels: policy == .none ? nil : labelPatch(live, labels))
    }
    switch policy {
    case .recreate where isNamed || !losesMore(resource):
      return .recreate(
        uid: live[path: "metadata", "uid"]?.string ?? "",
        resourceVersion: live[path: "metadata", "resourceVersion"]?.string ?? "",
        changes
      )
    case .update: return update(from: present, to: wanted, changes, live, labels)
    case .none, .recreate:
      // Velero merges service accounts whatever the policy says.
      return resource == "serviceaccounts"
        ? update(from: present, to: wanted, changes, live, labels) : .skipDifferent(changes)
    }
  }

  /// Whether more goes with an object of the type than can be created anew: the data of volumes, all objects of a definition.
  private static func losesMore(_ resource: String) -> Bool {
    ["persistentvolumeclaims", "persistentvolumes", RestoreWave.definitions].contains(resource)
  }

  private static func update(
    from present: JSONValue,
    to wanted: JSONValue,
    _ changes: [FieldChange],
    _ live: JSONValue,
    _ labels: JSONValue?
  ) -> ItemAction {
    var patch = MergePatch.difference(from: present, to: wanted) ?? [:]
    if let own = labelPatch(live, labels) { patch = MergePatch.apply(own, to: patch) }
    return .update(patch: patch, changes)
  }

  // What is compared.

  private static func restoreLabels(_ object: JSONValue) -> JSONValue? {
    let labels = (object[path: "metadata", "labels"]?.object?.members ?? []).filter {
      MetadataReset.ownLabels.contains($0.key)
    }
    return labels.isEmpty ? nil : .object(JSONObject(labels))
  }

  /// The patch that gives the restore's labels to an object; nil when it has them.
  private static func labelPatch(_ live: JSONValue, _ labels: JSONValue?) -> JSONValue? {
    let present = live[path: "metadata", "labels"]
    let missing = (labels?.object?.members ?? []).filter { present?[$0.key] != $0.value }
    guard !missing.isEmpty else { return nil }
    return ["metadata": ["labels": .object(JSONObject(missing))]]
  }

  /// An object without what a server writes, what says nothing, and with the labels of the restore.
  private static func comparable(_ object: JSONValue, labels: JSONValue?) -> JSONValue {
    var object = MetadataReset.apply(object)
    object.change(["metadata"]) { metadata in
      metadata["managedFields"] = nil
      for member in labels?.object?.members ?? [] {
        var own = metadata["labels"] ?? [:]
        own[member.key] = member.value
        metadata["labels"] = own
      }
      for part in ["labels", "annotations"] where metadata[part]?.object?.isEmpty == true {
        metadata[part] = nil
      }
    }
    return object.withoutNulls
  }

  /// A value with those members of the target's that the archive has and the restore gives up.
  private static func keeping(
    _ wanted: JSONValue,
    givenUp archived: JSONValue,
    of present: JSONValue
  ) -> JSONValue {
    switch (wanted, archived, present) {
    case (.object(var wanted), .object(let archived), .object(let present)):
      for member in present.members {
        guard let old = archived[member.key] else { continue }
        wanted[member.key] =
          wanted[member.key].map { keeping($0, givenUp: old, of: member.value) } ?? member.value
      }
      return .object(wanted)
    case (.array(let wanted), .array(let archived), .array(let present))
    where wanted.count == archived.count && wanted.count == present.count:
      return .array(
        wanted.indices.map { keeping(wanted[$0], givenUp: archived[$0], of: present[$0]) }
      )
    default: return wanted
    }
  }

  /// A service account of the target with what the backup's has more: nothing is taken away or overwritten.
  private static func merged(account present: JSONValue, with wanted: JSONValue) -> JSONValue {
    var result = present
    for list in ["secrets", "imagePullSecrets"] {
      let own = present[list]?.array ?? []
      let names = Set(own.compactMap { $0["name"]?.string })
      let more = (wanted[list]?.array ?? []).filter { !names.contains($0["name"]?.string ?? "") }
      if !more.isEmpty { result[list] = .array(own + more) }
    }
    for map in ["labels", "annotations"] {
      for member in wanted[path: "metadata", map]?.object?.members ?? []
      where present[path: "metadata", map]?[member.key] == nil {
        var metadata = result["metadata"] ?? [:]
        var own = metadata[map] ?? [:]
        own[member.key] = member.value
        metadata[map] = own
        result["metadata"] = metadata
      }
    }
    return result
  }

  // The differences.

  /// The places in which two values differ, deepest first named; lists of other lengths differ as wholes.
  public static func differences(_ before: JSONValue, _ after: JSONValue) -> [FieldChange] {
    var changes: [FieldChange] = []
    compare(before, after, "", &changes)
    return changes
  }

  private static func compare(
    _ before: JSONValue?,
    _ after: JSONValue?,
    _ path: String,
    _ changes: inout [FieldChange]
  ) {
    if before == after { return }
    switch (before, after) {
    case (.object(let old)?, .object(let new)?):
      let keys = old.keys + new.keys.filter { old[$0] == nil }
      for key in keys {
        let step = key.replacing("~", with: "~0").replacing("/", with: "~1")
        compare(old[key], new[key], "\(path)/\(step)", &changes)
      }
    case (.array(let old)?, .array(let new)?) where old.count == new.count:
      for place in old.indices { compare(old[place], new[place], "\(path)/\(place)", &changes) }
    default: changes.append(FieldChange(path: path, before: before, after: after))
    }
  }
}
