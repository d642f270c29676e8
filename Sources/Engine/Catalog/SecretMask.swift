// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Objects without what is secret in them, for screens.
public enum SecretMask {
  /// The annotation in which kubectl keeps a copy of the whole object, its secret values among them.
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// Whether an object holds values that are not shown unless asked for.
  public static func applies(to object: JSONValue) -> Bool {
    object["kind"]?.string == "Secret" && object["apiVersion"]?.string == "v1"
  }

  /// A Secret with its values covered, each with its length; any other object as it is.
  public static func masked(_ object: JSONValue) -> JSONValue {
    guard applies(to: object) else { return object }
    var masked = object
    cover(&masked, "data") { text in Base64.decode(text).map(\.count) ?? text.utf8.count }
    cover(&masked, "stringData") { $0.utf8.count }
    if object[path: "metadata", "annotations", lastApplied] != nil,
      var metadata = object["metadata"], var annotations = metadata["annotations"]
    {
      annotations[lastApplied] = "(hidden: it holds the values)"
      metadata["annotations"] = annotations
      masked["metadata"] = metadata
    }
    return masked
  }

  /// Places in which an object differs, with what is secret of both sides covered; values that are covered alike differ all the same.
  ///
  /// - Parameters:
  ///   - changes: The places; their paths lead from the whole object.
  ///   - type: The object's type, `plural.group`.
  /// - Returns: The same places in the same order.
  public static func masked(_ changes: [FieldChange], ofType type: String) -> [FieldChange] {
    guard type == "secrets" else { return changes }
    return changes.map { change in
      FieldChange(
        path: change.path,
        before: change.before.map { masked($0, at: change.path) },
        after: change.after.map { masked($0, at: change.path) }
      )
    }
  }

  /// A part of a Secret, covered as in the whole.
  private static func masked(_ value: JSONValue, at path: String) -> JSONValue {
    let steps = path.split(separator: "/").map {
      String($0).replacing("~1", with: "/").replacing("~0", with: "~")
    }
    var object = steps.reversed().reduce(value) { part, step in
      .object(JSONObject([JSONObject.Member(key: step, value: part)]))
    }
    object["apiVersion"] = object["apiVersion"] ?? "v1"
    object["kind"] = "Secret"
    object = masked(object)
    return steps.reduce(object) { part, step in part[step] ?? .null }
  }

  private static func cover(
    _ object: inout JSONValue,
    _ member: String,
    byteCount: (String) -> Int
  ) {
    guard let values = object[member]?.object else {
      if let value = object[member], value != .null { object[member] = .string("(hidden)") }
      return
    }
    object[member] = .object(
      JSONObject(
        values.members.map { member in
          let bytes = member.value.string.map(byteCount) ?? 0
          return JSONObject.Member(
            key: member.key,
            value: .string("(hidden: \(HumanText.counted(bytes, "byte")))")
          )
        }
      )
    )
  }
}
