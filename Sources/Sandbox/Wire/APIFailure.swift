// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A request that is refused: the `Status` that Kubernetes answers.
///
/// Source of the texts: the exchanges recorded from kube-apiserver 1.20 and 1.36, and the Kubernetes API
/// conventions, "Response Status Kind".
struct APIFailure: Error, Sendable {
  var code: Int
  /// Empty where servers leave it out.
  var reason: String
  var message: String
  var details: Details?
  var continueToken: String?

  struct Details: Sendable {
    var name = ""
    var group = ""
    var kind = ""
    var uid = ""
    var causes: [Cause] = []
    var retryAfterSeconds: Int?
  }

  struct Cause: Sendable {
    var reason: String
    var message: String
    var field: String?
  }

  init(_ code: Int, _ reason: String, _ message: String, details: Details? = nil) {
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  var document: JSONValue {
    var metadata: JSONValue = [:]
    metadata["continue"] = continueToken.map(JSONValue.string)
    var status: JSONValue = [
      "kind": "Status", "apiVersion": "v1", "metadata": metadata, "status": "Failure",
      "message": .string(message),
    ]
    status["reason"] = reason.isEmpty ? JSONValue?.none : .string(reason)
    status["details"] = details?.document
    status["code"] = .number(JSONNumber(code))
    return status
  }

  var response: SandboxResponse {
    var response = SandboxResponse.json(document, status: code)
    if let seconds = details?.retryAfterSeconds {
      response.headers.append(SandboxHeader("Retry-After", String(seconds)))
    }
    return response
  }
}

extension APIFailure.Details {
  var document: JSONValue {
    var value: JSONValue = [:]
    if !name.isEmpty { value["name"] = .string(name) }
    if !group.isEmpty { value["group"] = .string(group) }
    if !kind.isEmpty { value["kind"] = .string(kind) }
    if !uid.isEmpty { value["uid"] = .string(uid) }
    if !causes.isEmpty {
      value["causes"] = .array(
        causes.map { cause in
          var value: JSONValue = [
            "reason": .string(cause.reason), "message": .string(cause.message),
          ]
          value["field"] = cause.field.map(JSONValue.string)
          return value
        }
      )
    }
    value["retryAfterSeconds"] = retryAfterSeconds.map { .number(JSONNumber($0)) }
    return value
  }
}

extension APIFailure {
  static func badRequest(_ message: String) -> APIFailure {
    APIFailure(400, "BadRequest", message)
  }

  static func notFound(_ type: ResourceType, _ name: String) -> APIFailure {
    APIFailure(
      404,
      "NotFound",
      "\(type.groupResource) \"\(name)\" not found",
      details: Details(name: name, group: type.group, kind: type.name)
    )
  }

  /// The answer for a path below a group that the server has, to nothing that it has.
  static let unknownResource = APIFailure(
    404,
    "NotFound",
    "the server could not find the requested resource",
    details: Details()
  )

  static func alreadyExists(_ type: ResourceType, _ name: String) -> APIFailure {
    APIFailure(
      409,
      "AlreadyExists",
      "\(type.groupResource) \"\(name)\" already exists",
      details: Details(name: name, group: type.group, kind: type.name)
    )
  }

  static func conflict(_ type: ResourceType, _ name: String, _ why: String) -> APIFailure {
    APIFailure(
      409,
      "Conflict",
      "Operation cannot be fulfilled on \(type.groupResource) \"\(name)\": \(why)",
      details: Details(name: name, group: type.group, kind: type.name)
    )
  }

  static let modified =
    "the object has been modified; please apply your changes to the latest version and try again"

  static func invalid(_ type: ResourceType, _ name: String, _ problems: [FieldProblem])
    -> APIFailure
  {
    invalid(kind: type.kind, group: type.group, name, problems)
  }

  static func invalid(kind: String, group: String, _ name: String, _ problems: [FieldProblem])
    -> APIFailure
  {
    let texts = problems.map(\.text)
    let list = texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
    return APIFailure(
      422,
      "Invalid",
      "\(group.isEmpty ? kind : kind + "." + group) \"\(name)\" is invalid: \(list)",
      details: Details(
        name: name,
        group: group,
        kind: kind,
        causes: problems.map {
          Cause(reason: $0.reason.rawValue, message: $0.detail, field: $0.field)
        }
      )
    )
  }

  static func methodNotAllowed() -> APIFailure {
    APIFailure(
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource",
      details: Details()
    )
  }

  static func expired(_ message: String) -> APIFailure { APIFailure(410, "Expired", message) }

  static let listTooOld = expired("The resourceVersion for the provided list is too old.")

  static func continueTooOld(_ token: String) -> APIFailure {
    var failure = expired(
      "The provided continue parameter is too old to display a consistent list result. You can start"
        + " a new list without the continue parameter, or use the continue token in this response to"
        + " retrieve the remainder of the results. Continuing with the provided token results in an"
        + " inconsistent list - objects that were created, modified, or deleted between the time the"
        + " first chunk was returned and now may show up in the list."
    )
    failure.continueToken = token
    return failure
  }

  static func tooLargeVersion(_ wanted: Int64, current: Int64) -> APIFailure {
    APIFailure(
      504,
      "Timeout",
      "Timeout: Too large resource version: \(wanted), current: \(current)",
      details: Details(
        causes: [Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version")],
        retryAfterSeconds: 1
      )
    )
  }
}

/// Something wrong with a field of an object, in the words of Kubernetes' field errors.
struct FieldProblem: Sendable {
  enum Reason: String, Sendable {
    case invalid = "FieldValueInvalid"
    case required = "FieldValueRequired"
    case forbidden = "FieldValueForbidden"
    case unsupported = "FieldValueNotSupported"
    case duplicate = "FieldValueDuplicate"
    case typeInvalid = "FieldValueTypeInvalid"
  }

  var reason: Reason
  var field: String
  /// The message without the field.
  var detail: String

  var text: String { "\(field): \(detail)" }

  static func required(_ field: String, _ why: String = "") -> FieldProblem {
    FieldProblem(
      reason: .required,
      field: field,
      detail: "Required value" + (why.isEmpty ? "" : ": " + why)
    )
  }

  /// A value that is not right, given as Go prints it: strings in quotes.
  static func invalid(_ field: String, _ value: String, _ why: String) -> FieldProblem {
    FieldProblem(reason: .invalid, field: field, detail: "Invalid value: \(value): \(why)")
  }

  static func forbidden(_ field: String, _ why: String) -> FieldProblem {
    FieldProblem(reason: .forbidden, field: field, detail: "Forbidden: \(why)")
  }
}
