// SPDX-License-Identifier: Apache-2.0

import Primitives

@testable import Engine

/// What comes of an object of the namespace `shop`.
func transformed(
  _ object: JSONValue,
  _ resource: String,
  namespace: String? = "shop",
  options: RestoreTransform.Options = .init(backup: "b", restore: "r"),
  surroundings: RestoreTransform.Surroundings = .init()
) -> RestoreTransform.Outcome {
  RestoreTransform(options, surroundings: surroundings).apply(
    to: object,
    at: ObjectAddress(
      type: resource,
      namespace: namespace,
      name: object[path: "metadata", "name"]?.string ?? ""
    )
  )
}

/// Options with a mapping.
func mappedOptions(_ names: [String: String]) -> RestoreTransform.Options {
  .init(backup: "b", restore: "r", mapping: NamespaceMapping(names))
}
