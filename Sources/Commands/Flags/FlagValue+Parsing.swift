// SPDX-License-Identifier: Apache-2.0

import Primitives

extension FlagSpec {
  /// The value that `text` stands for, joined with the one a former use of the flag gave.
  ///
  /// - Parameters:
  ///   - text: What was written for the value; nil when nothing was, which only truth values allow.
  ///   - former: The value so far; nil at the first use.
  /// - Returns: The new value.
  /// - Throws: `UsageError` that says what values there are.
  func value(of text: String?, after former: FlagValue?) throws(UsageError) -> FlagValue {
    switch kind {
    case .truth: return .truth(try truth(text))
    default: break
    }
    guard let text else {
      throw UsageError("flag '--\(name)' needs a value", hint: "write --\(name) \(placeholder)")
    }
    switch kind {
    case .truth, .text: return .text(text)
    case .list: return .list(Self.items(text))
    case .repeated: return .list((former?.items ?? []) + [text])
    case .map(let separator):
      return .map(try merged(text, separator, into: former?.entries ?? []))
    case .duration: return .duration(try duration(text))
    case .integer(let bounds): return .integer(try integer(text, bounds))
    case .choice(let words): return .text(try choice(text, words))
    }
  }

  private func truth(_ text: String?) throws(UsageError) -> Bool {
    // The words that Go's strconv.ParseBool takes, which Velero's users may have in their scripts.
    switch text {
    case nil, "1", "t", "T", "true", "TRUE", "True": true
    case "0", "f", "F", "false", "FALSE", "False": false
    default:
      throw UsageError(
        "flag '--\(name)' cannot be '\(text ?? "")'",
        hint: "write --\(name), --\(name)=true or --\(name)=false"
      )
    }
  }

  private func duration(_ text: String) throws(UsageError) -> GoDuration {
    if let duration = GoDuration(text) ?? GoDuration(shorthand: text), duration.nanoseconds >= 0 {
      return duration
    }
    throw UsageError(
      "flag '--\(name)' cannot be '\(text)': it is no length of time",
      hint:
        "write it as 720h or 1h30m, with units h, m, s or ms, or in whole days or weeks as 30d or 6w"
    )
  }

  private func integer(_ text: String, _ bounds: ClosedRange<Int>) throws(UsageError) -> Int {
    if let value = Int(text), bounds.contains(value) { return value }
    let range =
      bounds.upperBound == Int.max
      ? "at least \(bounds.lowerBound)" : "from \(bounds.lowerBound) to \(bounds.upperBound)"
    throw UsageError("flag '--\(name)' cannot be '\(text)'", hint: "write a whole number \(range)")
  }

  private func choice(_ text: String, _ words: [String]) throws(UsageError) -> String {
    if words.contains(text) { return text }
    throw UsageError(
      "flag '--\(name)' cannot be '\(text)'",
      hint: "it takes one of: \(words.joined(separator: ", "))"
    )
  }

  private func merged(
    _ text: String,
    _ separator: Character,
    into former: [MapEntry]
  ) throws(UsageError) -> [MapEntry] {
    var entries = former
    guard let fields = CommaSeparated.fields(text) else {
      throw UsageError(
        "flag '--\(name)' has a quote that is not closed before a comma or the end",
        hint: "close it, and write a quote inside as two"
      )
    }
    for field in fields {
      guard let equals = field.firstIndex(of: separator), equals != field.startIndex else {
        throw UsageError(
          "flag '--\(name)' cannot hold '\(field)': it is no key with a value",
          hint: "write pairs as --\(name) \(placeholder)"
        )
      }
      let entry = MapEntry(
        key: String(field[..<equals]),
        value: String(field[field.index(after: equals)...])
      )
      entries.removeAll { $0.key == entry.key }
      entries.append(entry)
    }
    return entries
  }

  /// The items of a list: what stands between commas, without the white space around it.
  private static func items(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
  }
}

extension FlagValue {
  fileprivate var items: [String]? {
    if case .list(let items) = self { items } else { nil }
  }

  fileprivate var entries: [MapEntry]? {
    if case .map(let entries) = self { entries } else { nil }
  }
}

extension StringProtocol {
  /// The text without the white space at its ends.
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
