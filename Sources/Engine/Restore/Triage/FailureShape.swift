// SPDX-License-Identifier: Apache-2.0

/// What failures of one group have in common: the cause, what refuses, and the words without what differs from object to object.
struct FailureShape: Hashable {
  /// What kind of reason it is.
  let cause: FailureCause
  /// What in particular refuses, for the user to read; nil where the words do not name it.
  let subject: String?
  /// What else has to be the same.
  private let words: String

  init(_ failure: RestoreFailure, of entry: RestoreEntry) {
    cause = failure.cause
    let message = failure.message
    let namespace = entry.target.namespace
    switch failure.cause {
    case .quotaExceeded:
      subject = Self.quota(in: message, namespace: namespace)
      words = ""
    case .namespaceTerminating, .namespaceMissing:
      subject = namespace.map { "'\($0)'" }
      words = ""
    case .webhookUnavailable:
      subject = Self.quoted(after: "webhook ", in: message).map { "webhook '\($0)'" }
      words = subject == nil ? Self.shape(of: message, entry, keepsQuotes: false) : ""
    case .admissionDenied:
      subject = Self.admission(in: message)
      words = Self.shape(of: message, entry, keepsQuotes: false)
    case .podSecurity:
      subject = Self.quoted(after: "PodSecurity ", in: message).map { "'\($0)'" }
      words = ""
    case .typeMissing, .versionMissing, .definitionNotReady, .roleEscalation:
      subject = entry.target.type
      words = ""
    case .invalid, .immutableField:
      let fields = Self.fields(in: message)
      subject = entry.target.type + (fields.isEmpty ? "" : ", " + fields.joined(separator: ", "))
      words = fields.isEmpty ? Self.shape(of: message, entry, keepsQuotes: false) : ""
    case .unauthorized, .tooManyRequests, .timeout, .unavailable, .nodePortTaken, .addressTaken,
      .conflict, .beingDeleted, .tooLarge:
      subject = nil
      words = ""
    case .forbidden, .referenceMissing:
      subject = nil
      words = Self.shape(of: message, entry, keepsQuotes: true)
    case .limitRange, .modifier, .unreadable, .serverError, .other:
      subject = nil
      words = Self.shape(of: message, entry, keepsQuotes: false)
    }
  }

  // MARK: What refuses

  /// Such as `'compute' in namespace 'shop'`.
  private static func quota(in message: String, namespace: String?) -> String? {
    for mark in ["exceeded quota: ", "failed quota: ", "unknown for quota: "] {
      guard let rest = message.rest(after: mark) else { continue }
      let name = rest.prefix { $0 != "," && $0 != ":" && $0 != " " }
      return "'\(name)'" + (namespace.map { " in namespace '\($0)'" } ?? "")
    }
    return namespace.map { "namespace '\($0)'" }
  }

  private static func admission(in message: String) -> String? {
    if let name = quoted(after: "admission webhook ", in: message) { return "webhook '\(name)'" }
    if let name = quoted(after: "ValidatingAdmissionPolicy ", in: message) {
      return "policy '\(name)'"
    }
    return nil
  }

  /// The text in quotation marks that stands right behind some words.
  private static func quoted(after mark: String, in message: String) -> String? {
    guard let rest = message.rest(after: mark), let quote = rest.first,
      quote == "\"" || quote == "'", let end = rest.dropFirst().firstIndex(of: quote)
    else { return nil }
    return String(rest[rest.index(after: rest.startIndex)..<end])
  }

  // MARK: Fields that are wrong

  /// What stands behind a field's path; source: apimachinery, util/validation/field/errors.go.
  private static let fieldMarks = [
    ": Invalid value", ": Required value", ": Forbidden", ": Unsupported value",
    ": Duplicate value", ": Too long", ": Too many", ": Not found", ": Internal error",
  ]

  /// The paths of the fields that are wrong, without indexes, sorted, each once.
  private static func fields(in message: String) -> [String] {
    var fields: Set<String> = []
    for mark in fieldMarks {
      var rest = message[...]
      while let place = rest.firstRange(of: mark) {
        let path = rest[..<place.lowerBound].split { $0 == " " || $0 == "," }.last ?? ""
        let field = withoutIndexes(path)
        if !field.isEmpty { fields.insert(field) }
        rest = rest[place.upperBound...]
      }
    }
    return fields.sorted()
  }

  private static func withoutIndexes(_ path: Substring) -> String {
    var result = ""
    var depth = 0
    for character in path {
      switch character {
      case "[":
        // The list of several causes begins with one too.
        if !result.isEmpty { depth += 1 }
      case "]": depth = max(0, depth - 1)
      default: if depth == 0 { result.append(character) }
      }
    }
    return result
  }

  // MARK: Words without what differs

  /// The message without the object's names, without numbers and, if asked for, without all that is quoted.
  private static func shape(
    of message: String,
    _ entry: RestoreEntry,
    keepsQuotes: Bool
  ) -> String {
    let names = Set(
      [entry.target.name, entry.source.name, entry.target.namespace, entry.source.namespace]
        .compactMap(\.self)
    )
    var shape = ""
    var rest = message[...]
    while let first = rest.first {
      if first == "\"" || first == "'", let end = rest.dropFirst().firstIndex(of: first) {
        let text = rest[rest.index(after: rest.startIndex)..<end]
        shape += keepsQuotes && !isOwn(text, names) ? "\"\(text)\"" : "\"\""
        rest = rest[rest.index(after: end)...]
        continue
      }
      guard isWordPart(first) else {
        shape.append(first)
        rest = rest.dropFirst()
        continue
      }
      let word = rest.prefix(while: isWordPart)
      shape += isOwn(word, names) || word.contains(where: \.isNumber) ? "_" : String(word)
      rest = rest[word.endIndex...]
    }
    return shape
  }

  /// Whether a text is one of the names, or some of them with a slash in between.
  private static func isOwn(_ text: Substring, _ names: Set<String>) -> Bool {
    text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
      names.contains(String($0))
    }
  }

  private static func isWordPart(_ character: Character) -> Bool {
    character.isLetter || character.isNumber || character == "-" || character == "."
      || character == "/" || character == "_"
  }
}

extension String {
  /// What follows a text.
  fileprivate func rest(after text: String) -> Substring? {
    firstRange(of: text).map { self[$0.upperBound...] }
  }
}
