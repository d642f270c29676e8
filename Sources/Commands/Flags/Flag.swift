// SPDX-License-Identifier: Apache-2.0

import Primitives

/// One flag of the command line: what help, completion and the parser need to know about it.
struct FlagSpec: Sendable {
  /// What follows the two hyphens; lower case with hyphens.
  var name: String
  /// Other long names that mean the same; help does not list them.
  var aliases: [String] = []
  /// The letter after one hyphen, if there is one.
  var short: Character?
  /// What values there are and what repeating the flag means.
  var kind: FlagKind
  /// What help writes for the value, such as `DIR`; empty for truth values.
  var placeholder: String
  /// What the flag does, one sentence without a full stop.
  var summary: String
  /// What a shell offers for the value.
  var completion: CompletionSource = .nothing
}

/// What the values of a flag look like.
enum FlagKind: Sendable, Hashable {
  /// Any text; repeating replaces.
  case text
  /// Items with commas between them, empty items dropped; repeating **replaces**, as Velero's lists do.
  case list
  /// Any text; repeating adds another value.
  case repeated
  /// `--flag`, `--flag=true` or `--flag=false`; never takes the next word. Unset is a third state.
  case truth
  /// Pairs of a key and a value with this between them, and commas between the pairs; repeating merges.
  case map(separator: Character)
  /// A length of time in Go's form, at least zero.
  case duration
  /// A decimal integer within bounds.
  case integer(ClosedRange<Int>)
  /// One of some words.
  case choice([String])

  /// Whether the word after the flag is its value.
  var takesNextWord: Bool { self != .truth }
}

/// A flag's value as parsed.
enum FlagValue: Sendable, Hashable {
  case text(String)
  case list([String])
  case truth(Bool)
  case map([MapEntry])
  case duration(GoDuration)
  case integer(Int)
}

/// One pair of a map flag; a map keeps the order in which its keys first came.
struct MapEntry: Sendable, Hashable {
  var key: String
  var value: String
}

/// A flag whose values have a Swift type, for reading them from the parsed arguments.
struct Flag<Value: Sendable>: Sendable {
  let spec: FlagSpec
  let read: @Sendable (FlagValue) -> Value?
}

extension Flag where Value == String {
  /// A flag with any text.
  static func text(
    _ name: String,
    short: Character? = nil,
    aliases: [String] = [],
    placeholder: String,
    completion: CompletionSource = .nothing,
    _ summary: String
  ) -> Flag {
    Flag(
      spec: FlagSpec(
        name: name,
        aliases: aliases,
        short: short,
        kind: .text,
        placeholder: placeholder,
        summary: summary,
        completion: completion
      ),
      read: { if case .text(let text) = $0 { text } else { nil } }
    )
  }

  /// A flag with one of some words.
  static func choice(
    _ name: String,
    short: Character? = nil,
    _ words: [String],
    _ summary: String
  ) -> Flag {
    Flag(
      spec: FlagSpec(
        name: name,
        short: short,
        kind: .choice(words),
        placeholder: words.joined(separator: "|"),
        summary: summary,
        completion: .words(words)
      ),
      read: { if case .text(let text) = $0 { text } else { nil } }
    )
  }
}

extension Flag where Value == [String] {
  /// A flag with items between commas; repeating it replaces the former value.
  static func list(
    _ name: String,
    short: Character? = nil,
    placeholder: String = "LIST",
    completion: CompletionSource = .nothing,
    _ summary: String
  ) -> Flag {
    Flag(
      spec: FlagSpec(
        name: name,
        short: short,
        kind: .list,
        placeholder: placeholder,
        summary: summary,
        completion: completion
      ),
      read: { if case .list(let items) = $0 { items } else { nil } }
    )
  }

  /// A flag that may come several times, each time with one more value.
  static func repeated(
    _ name: String,
    placeholder: String,
    completion: CompletionSource = .nothing,
    _ summary: String
  ) -> Flag {
    Flag(
      spec: FlagSpec(
        name: name,
        kind: .repeated,
        placeholder: placeholder,
        summary: summary,
        completion: completion
      ),
      read: { if case .list(let items) = $0 { items } else { nil } }
    )
  }
}

extension Flag where Value == Bool {
  /// A flag with a truth value; unset reads as nil.
  static func truth(_ name: String, short: Character? = nil, _ summary: String) -> Flag {
    Flag(
      spec: FlagSpec(name: name, short: short, kind: .truth, placeholder: "", summary: summary),
      read: { if case .truth(let value) = $0 { value } else { nil } }
    )
  }
}

extension Flag where Value == [MapEntry] {
  /// A flag with pairs between commas; repeating it merges.
  static func map(
    _ name: String,
    separator: Character = "=",
    placeholder: String = "KEY=VALUE,…",
    _ summary: String
  ) -> Flag {
    Flag(
      spec: FlagSpec(
        name: name,
        kind: .map(separator: separator),
        placeholder: placeholder,
        summary: summary
      ),
      read: { if case .map(let entries) = $0 { entries } else { nil } }
    )
  }
}

extension Flag where Value == GoDuration {
  /// A flag with a length of time such as `1h30m`.
  static func duration(_ name: String, _ summary: String) -> Flag {
    Flag(
      spec: FlagSpec(name: name, kind: .duration, placeholder: "DURATION", summary: summary),
      read: { if case .duration(let duration) = $0 { duration } else { nil } }
    )
  }
}

extension Flag where Value == Int {
  /// A flag with an integer.
  static func integer(
    _ name: String,
    in bounds: ClosedRange<Int>,
    placeholder: String = "N",
    _ summary: String
  ) -> Flag {
    Flag(
      spec: FlagSpec(
        name: name,
        kind: .integer(bounds),
        placeholder: placeholder,
        summary: summary
      ),
      read: { if case .integer(let value) = $0 { value } else { nil } }
    )
  }
}
