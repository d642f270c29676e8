// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// The query of a list or watch, checked.
struct ListRequest: Sendable {
  var type: ResourceType
  /// Empty for all namespaces and for cluster-scoped resources.
  var namespace: String
  var labels = LabelSelector()
  var fields = FieldSelector()
  /// 0 for no limit.
  var limit = 0
  var token: ContinueToken?
  /// Empty where none is given.
  var resourceVersion: String
  var match: String
  var isWatch: Bool
  var allowsBookmarks: Bool
  var sendsInitialEvents: Bool
  var timeoutSeconds: Int?

  init(
    _ query: QueryParameters,
    type: ResourceType,
    namespace: String,
    version: SandboxVersion,
    name: String? = nil
  ) throws(APIFailure) {
    self.type = type
    self.namespace = namespace
    isWatch = query.isTrue("watch")
    allowsBookmarks = query.isTrue("allowWatchBookmarks")
    sendsInitialEvents = version != .v1_20 && query.isTrue("sendInitialEvents")
    resourceVersion = query["resourceVersion"]
    match = query["resourceVersionMatch"]
    timeoutSeconds = Int(query["timeoutSeconds"])
    labels = try LabelSelector(query["labelSelector"])
    fields = try FieldSelector(query["fieldSelector"], type: type)
    if let name {
      fields.requirements.append(
        FieldSelector.Requirement(path: ["metadata", "name"], value: name, isEqual: true)
      )
    }
    limit = Int(query["limit"]) ?? 0
    try check(query, version: version)
  }

  /// What the keys of the wanted objects start with.
  var prefix: String { namespace.isEmpty ? "" : namespace + "/" }

  func matches(_ object: StoredObject) -> Bool {
    labels.matches(object) && fields.matches(object)
  }

  var hasSelectors: Bool { !labels.isEmpty || !fields.isEmpty }

  private mutating func check(
    _ query: QueryParameters,
    version: SandboxVersion
  ) throws(APIFailure) {
    let problems = isWatch ? watchProblems(version) : listProblems(query)
    guard problems.isEmpty else {
      throw .invalid(kind: "ListOptions", group: "meta.k8s.io", "", problems)
    }
    if !resourceVersion.isEmpty, UInt64(resourceVersion) == nil {
      throw .badRequest(
        "resourceVersion: Invalid value: \"\(resourceVersion)\": strconv.ParseUint: parsing"
          + " \"\(resourceVersion)\": invalid syntax"
      )
    }
    guard !isWatch, !query["continue"].isEmpty else { return }
    token = try ContinueToken(text: query["continue"])
    guard resourceVersion.isEmpty || resourceVersion == "0" else {
      throw .badRequest("specifying resource version is not allowed when using continue")
    }
  }

  private func listProblems(_ query: QueryParameters) -> [FieldProblem] {
    guard !match.isEmpty else { return [] }
    let field = "resourceVersionMatch"
    var problems: [FieldProblem] = []
    if resourceVersion.isEmpty {
      problems.append(
        .forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided")
      )
    }
    if !query["continue"].isEmpty {
      problems.append(
        .forbidden(field, "resourceVersionMatch is forbidden when continue is provided")
      )
    }
    if match != "Exact", match != "NotOlderThan" {
      problems.append(
        FieldProblem(
          reason: .unsupported,
          field: field,
          detail:
            "Unsupported value: \"\(match)\": supported values: \"Exact\", \"NotOlderThan\", \"\""
        )
      )
    }
    if match == "Exact", resourceVersion == "0" {
      problems.append(
        .forbidden(field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"")
      )
    }
    return problems
  }

  private func watchProblems(_ version: SandboxVersion) -> [FieldProblem] {
    let field = "resourceVersionMatch"
    if version == .v1_20 {
      guard !match.isEmpty else { return [] }
      var problems = [FieldProblem.forbidden(field, "resourceVersionMatch is forbidden for watch")]
      if resourceVersion.isEmpty {
        problems.append(
          .forbidden(field, "resourceVersionMatch is forbidden unless resourceVersion is provided")
        )
      }
      return problems
    }
    if sendsInitialEvents, match != "NotOlderThan" {
      return [
        .forbidden(field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
      ]
    }
    if !sendsInitialEvents, !match.isEmpty {
      return [
        .forbidden(
          field,
          "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided"
        )
      ]
    }
    return []
  }
}
