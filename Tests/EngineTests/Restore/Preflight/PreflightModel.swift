// SPDX-License-Identifier: Apache-2.0

import Primitives

@testable import Engine

/// What a restore would send, for tests: objects as YAML.
struct PreflightModel {
  private(set) var facts = PreflightFacts()

  /// Notes an object; its namespace and name are those of its metadata.
  mutating func note(
    _ type: String,
    _ text: String,
    verbs: Set<String> = ["create"]
  ) throws {
    let object = try Self.object(text)
    facts.note(object, at: Self.address(type, object), verbs: verbs)
  }

  static func object(_ text: String) throws -> JSONValue {
    try YAMLDocument(parsing: text).jsonValue()
  }

  static func address(_ type: String, _ object: JSONValue) -> ObjectAddress {
    ObjectAddress(
      type: type,
      namespace: object[path: "metadata", "namespace"]?.string,
      name: object[path: "metadata", "name"]?.string ?? ""
    )
  }

  /// Some config maps in a namespace.
  mutating func noteConfigMaps(_ count: Int, in namespace: String) throws {
    for number in 0..<count {
      try note(
        "configmaps",
        "{apiVersion: v1, metadata: {name: cm-\(number), namespace: \(namespace)}}"
      )
    }
  }
}

extension PreflightFinding {
  /// `error quota: message [pods 'shop/a', … of 7]`.
  var text: String {
    let subjects = subjects.map { "\($0)" }.joined(separator: ", ")
    return "\(severity) \(kind.rawValue): \(message) [\(subjects) of \(count)]"
  }
}
