// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A mapping in a kubeconfig, read field by field; every complaint names file, line and field.
///
/// Null and a missing key are the same, and so is empty text, as for Kubernetes' own tools.
struct KubeconfigMapping {
  let file: String
  let path: String
  let node: YAMLNode

  /// Takes a value that has to be a mapping.
  init(file: String, path: String, node: YAMLNode) throws(KubernetesError) {
    self.file = file
    self.path = path
    self.node = node
    guard node.pairs != nil else {
      throw place.error(
        "expected a mapping of fields, found \(Self.describe(node))",
        hint: "look at the indentation around this line"
      )
    }
  }

  var place: KubeconfigPlace {
    KubeconfigPlace(file: file, line: node.mark.line, field: path)
  }

  func place(of key: String) -> KubeconfigPlace {
    KubeconfigPlace(
      file: file,
      line: (node[key] ?? node).mark.line,
      field: path.isEmpty ? key : "\(path).\(key)"
    )
  }

  func text(_ key: String) throws(KubernetesError) -> String? {
    try located(key)?.value
  }

  func located(_ key: String) throws(KubernetesError) -> Located<String>? {
    guard let value = present(key) else { return nil }
    guard let text = value.string else {
      let isScalar = value.scalarText != nil
      throw place(of: key).error(
        "expected text, found \(Self.describe(value))",
        hint: isScalar
          ? "put the value in quotes" : "write the value on the same line as '\(key):'"
      )
    }
    return text.isEmpty ? nil : Located(value: text, place: place(of: key))
  }

  func flag(_ key: String) throws(KubernetesError) -> Bool {
    guard let value = present(key) else { return false }
    guard let flag = value.bool else {
      throw place(of: key).error(
        "expected true or false, found \(Self.describe(value))",
        hint: "write true or false without quotes"
      )
    }
    return flag
  }

  func data(_ key: String) throws(KubernetesError) -> Located<[UInt8]>? {
    guard let text = try located(key) else { return nil }
    guard let bytes = Base64.decode(text.value) else {
      throw text.place.error(
        "the value is not base 64",
        hint: "encode the file with 'base64 -w0 FILE', or name the file in "
          + "'\(key.dropLast("-data".count))' instead"
      )
    }
    return Located(value: bytes, place: text.place)
  }

  func texts(_ key: String) throws(KubernetesError) -> [String] {
    var texts: [String] = []
    for (index, element) in try elements(key).enumerated() {
      guard let text = element.string else {
        throw KubeconfigPlace(
          file: file,
          line: element.mark.line,
          field: "\(place(of: key).field)[\(index)]"
        ).error(
          "expected text, found \(Self.describe(element))",
          hint: "put the value in quotes"
        )
      }
      texts.append(text)
    }
    return texts
  }

  func mapping(_ key: String) throws(KubernetesError) -> KubeconfigMapping? {
    guard let value = present(key) else { return nil }
    return try KubeconfigMapping(file: file, path: place(of: key).field, node: value)
  }

  func mappings(_ key: String) throws(KubernetesError) -> [KubeconfigMapping] {
    var mappings: [KubeconfigMapping] = []
    for (index, element) in try elements(key).enumerated() {
      mappings.append(
        try KubeconfigMapping(
          file: file,
          path: "\(place(of: key).field)[\(index)]",
          node: element
        )
      )
    }
    return mappings
  }

  /// What to say about fields that nobody reads.
  func warnings(known: Set<String>) -> [String] {
    (node.pairs ?? []).compactMap { pair in
      guard let key = pair.key.scalarText, !known.contains(key) else { return nil }
      let field = path.isEmpty ? key : "\(path).\(key)"
      return "'\(file)' line \(pair.key.mark.line): unknown field '\(field)' is ignored"
    }
  }

  private func present(_ key: String) -> YAMLNode? {
    guard let value = node[key], !value.isNull else { return nil }
    return value
  }

  private func elements(_ key: String) throws(KubernetesError) -> [YAMLNode] {
    guard let value = present(key) else { return [] }
    guard let elements = value.elements else {
      throw place(of: key).error(
        "expected a list, found \(Self.describe(value))",
        hint: "begin each entry with '- '"
      )
    }
    return elements
  }

  private static func describe(_ node: YAMLNode) -> String {
    switch node.content {
    case .sequence: return "a list"
    case .mapping: return "a mapping"
    case .scalar:
      if node.isNull { return "nothing" }
      if node.bool != nil { return "a truth value" }
      return node.string == nil ? "a number" : "text"
    }
  }
}
