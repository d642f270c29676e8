// SPDX-License-Identifier: Apache-2.0

/// What a live filter asks for, as it is typed.
///
/// Words with blanks between them must all hold. A word is looked for in an object's texts, upper and lower case alike; `!word` must
/// not be found; `ns:x*` compares the namespace, `phase:x` the phase, `kind:x` the type, each with `*` for anything;
/// `label:key`, `label:key=value` the labels; `re:x` is a regular expression. A filter that cannot be understood matches
/// nothing and says why, never everything.
public struct FilterQuery: Sendable, Hashable {
  /// Something a query is asked about.
  public struct Subject {
    /// The texts that words are looked for in.
    public var texts: [String]
    /// The namespace; nil where there is none.
    public var namespace: String?
    /// The phase or state.
    public var phase: String?
    /// The type.
    public var kind: String?
    /// The value of a label; nil where there is none.
    public var label: (String) -> String?

    /// Describes something.
    public init(
      texts: [String],
      namespace: String? = nil,
      phase: String? = nil,
      kind: String? = nil,
      label: @escaping (String) -> String? = { _ in nil }
    ) {
      self.texts = texts
      self.namespace = namespace
      self.phase = phase
      self.kind = kind
      self.label = label
    }
  }

  /// One word of a query.
  public struct Term: Sendable, Hashable {
    /// What a word compares.
    public enum Kind: Sendable, Hashable {
      /// Any of the texts holds the folded word.
      case text(String)
      /// The namespace is like the pattern.
      case namespace(String)
      /// The phase is like the pattern.
      case phase(String)
      /// The type is like the pattern.
      case kind(String)
      /// There is a label, with this value unless that is nil.
      case label(key: String, value: String?)
      /// Any of the texts matches the regular expression.
      case expression(String)
    }

    /// What is compared.
    public var kind: Kind
    /// Whether it must not hold.
    public var isNegated: Bool
  }

  /// The words.
  public let terms: [Term]
  /// Why the query cannot be understood; nil when it can.
  public let problem: String?

  /// Reads a query.
  public init(_ text: String) {
    var terms: [Term] = []
    for word in text.split(separator: " ") {
      switch Self.term(word) {
      case .success(let term): terms.append(term)
      case .failure(let failure):
        self.terms = []
        problem = failure.message
        return
      }
    }
    self.terms = terms
    problem = nil
  }

  /// Whether it asks for nothing.
  public var isEmpty: Bool { terms.isEmpty && problem == nil }

  /// Whether something is what the query asks for; nothing is while there is a problem.
  ///
  /// For many things `FilterMatcher` works the query out once.
  public func matches(_ subject: Subject) -> Bool { FilterMatcher(self).matches(subject) }

  private static func term(_ word: Substring) -> Result<Term, Failure> {
    var rest = word
    let isNegated = rest.first == "!"
    if isNegated { rest = rest.dropFirst() }
    func make(_ kind: Term.Kind) -> Result<Term, Failure> {
      .success(Term(kind: kind, isNegated: isNegated))
    }
    guard !rest.isEmpty else {
      return .failure(Failure(.other, "write what must not be there after '!'"))
    }
    guard let colon = rest.firstIndex(of: ":") else { return make(.text(rest.lowercased())) }
    let value = rest[rest.index(after: colon)...]
    let key = rest[..<colon]
    guard ["ns", "phase", "kind", "label", "re"].contains(key) else {
      return make(.text(rest.lowercased()))
    }
    guard !value.isEmpty else { return .failure(Failure(.other, "write a value after '\(key):'")) }
    switch key {
    case "ns": return make(.namespace(value.lowercased()))
    case "phase": return make(.phase(value.lowercased()))
    case "kind": return make(.kind(value.lowercased()))
    case "re":
      guard (try? Regex(String(value))) != nil else {
        return .failure(Failure(.other, "'\(value)' is no regular expression"))
      }
      return make(.expression(String(value)))
    default:
      guard let equals = value.firstIndex(of: "=") else {
        return make(.label(key: String(value), value: nil))
      }
      let key = String(value[..<equals])
      guard !key.isEmpty else { return .failure(Failure(.other, "write label:key=value")) }
      return make(.label(key: key, value: String(value[value.index(after: equals)...])))
    }
  }

  /// Whether a text is like a folded pattern, in which `*` stands for anything; without one the text has to hold the pattern.
  static func isLike(_ text: String, _ pattern: String) -> Bool {
    LikePattern(pattern).isLike(text)
  }
}
