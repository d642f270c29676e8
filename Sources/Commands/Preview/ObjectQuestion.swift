// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives

/// An object as `--why` names it: `pods/shop/db-0`, `pods/db-0`, `clusterroles/view`.
struct ObjectQuestion: Sendable, Hashable {
  /// As it was written.
  let text: String
  /// The type, as filters write types.
  let type: String
  /// The namespace; nil where none was named.
  let namespace: String?
  /// The name.
  let name: String

  /// Reads an object's name.
  ///
  /// - Parameters:
  ///   - text: What was written.
  ///   - namespace: The namespace where the text has none.
  /// - Throws: `UsageError` when it has not two or three parts.
  init(_ text: String, namespace: String?) throws(UsageError) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(\.trimmed)
    guard 2...3 ~= parts.count, !parts.contains("") else {
      throw UsageError(
        "flag '--why' cannot be '\(text)': it names no object",
        hint: "write it as TYPE/NAMESPACE/NAME or TYPE/NAME, such as pods/shop/db-0"
      )
    }
    self.text = text
    type = parts[0]
    name = parts[parts.count - 1]
    self.namespace = parts.count == 3 ? parts[1] : namespace.flatMap { $0.isEmpty ? nil : $0 }
  }

  /// The explanation, and what the reader may have meant if there is no such object.
  ///
  /// Where no namespace is named, the one object of that name is meant.
  ///
  /// - Throws: `UsageError` when there are several of that name.
  func answer(_ preview: Preview) throws(UsageError) -> (
    explanation: Explanation, address: ObjectAddress, hint: String?
  ) {
    guard let type = preview.type(named: type) else {
      let address = ObjectAddress(type: self.type, namespace: namespace, name: name)
      let names = preview.types.map(\.rule.groupResource)
      let nearest = Suggestion.nearest(to: self.type, among: names)
      return (
        preview.explanation(of: address), address,
        nearest.map { "did you mean '\($0)'?" } ?? "'kubectl api-resources' shows the types"
      )
    }
    let isNamespaced = type.rule.resource.isNamespaced
    guard isNamespaced, namespace == nil else {
      // Three parts were written on purpose; a mere -n is no matter to types of the cluster.
      let isWritten = text.split(separator: "/").count == 3
      let address = ObjectAddress(
        type: type.rule.groupResource,
        namespace: isNamespaced || isWritten ? namespace : nil,
        name: name
      )
      let explanation = preview.explanation(of: address)
      let isMissing = explanation.answer == .missing
      return (explanation, address, isMissing ? suggestion(type, address, preview) : nil)
    }
    let found = preview.addresses(ofType: type, name: name)
    guard found.count <= 1 else { throw ambiguity(found) }
    if let only = found.first { return (preview.explanation(of: only), only, nil) }
    let address = ObjectAddress(type: type.rule.groupResource, name: name)
    return (
      preview.explanation(ofAbsent: name, type: type), address, suggestion(type, address, preview)
    )
  }

  private func ambiguity(_ found: [ObjectAddress]) -> UsageError {
    let places = found.compactMap(\.namespace).sorted()
    return UsageError(
      "there are \(found.count) \(found[0].type) called '\(name)'",
      hint: "write \(type)/NAMESPACE/\(name), or name the namespace with -n; they are in "
        + places.prefix(5).joined(separator: ", ") + (places.count > 5 ? ", …" : "")
    )
  }

  /// How many names are looked through for one that is near.
  private static let suggestionLimit = 5_000

  private func suggestion(
    _ type: PreviewType,
    _ address: ObjectAddress,
    _ preview: Preview
  ) -> String? {
    // Not where the scope is wrong, which the explanation says.
    guard type.rule.resource.isNamespaced || address.namespace == nil else { return nil }
    let elsewhere = preview.addresses(ofType: type, name: name)
    if let other = elsewhere.first {
      return "there is \(type.rule.groupResource)/\(other.path)"
    }
    let names = preview.names(ofType: type, inNamespace: address.namespace)
    guard names.count <= Self.suggestionLimit,
      let nearest = Suggestion.nearest(to: name, among: names.sorted())
    else { return nil }
    return "did you mean '\(nearest)'?"
  }
}
