// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// The owners of an object, as they are in the target.
///
/// Velero drops them. With `--keep-owners` they get the uids that the restored owners have there.
public enum OwnerReferences {
  /// An owner: an object of the same namespace, or of the cluster.
  public struct Owner: Sendable, Hashable {
    /// Such as `apps/v1`.
    public var apiVersion: String
    /// Such as `ReplicaSet`.
    public var kind: String
    /// The name.
    public var name: String

    /// Makes an owner.
    public init(apiVersion: String, kind: String, name: String) {
      self.apiVersion = apiVersion
      self.kind = kind
      self.name = name
    }
  }

  /// The owners that an archived object names.
  public static func owners(of object: JSONValue) -> [Owner] {
    references(of: object).map(owner)
  }

  /// The references of an archived object with the uids of the target.
  ///
  /// - Parameters:
  ///   - object: The object as the archive has it.
  ///   - uid: The uid of an owner in the target; nil when it is not there.
  /// - Returns: The references to owners that are there, and the owners that are not.
  public static func rewritten(
    of object: JSONValue,
    uid: (Owner) -> String?
  ) -> (references: [JSONValue], missing: [Owner]) {
    var kept: [JSONValue] = []
    var missing: [Owner] = []
    for var reference in references(of: object) {
      let owner = owner(reference)
      if let uid = uid(owner) {
        reference["uid"] = .string(uid)
        kept.append(reference)
      } else {
        missing.append(owner)
      }
    }
    return (kept, missing)
  }

  private static func references(of object: JSONValue) -> [JSONValue] {
    object[path: "metadata", "ownerReferences"]?.array ?? []
  }

  private static func owner(_ reference: JSONValue) -> Owner {
    Owner(
      apiVersion: reference["apiVersion"]?.string ?? "",
      kind: reference["kind"]?.string ?? "",
      name: reference["name"]?.string ?? ""
    )
  }
}
