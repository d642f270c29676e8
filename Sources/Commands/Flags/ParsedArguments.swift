// SPDX-License-Identifier: Apache-2.0

/// What stood on the command line of one command: its words and its flags.
struct ParsedArguments: Sendable, Hashable {
  /// The words that are neither command nor flag, in order.
  var words: [String] = []
  /// The flags that were given, by name.
  var values: [String: FlagValue] = [:]

  /// The value of a flag, or nil when it was not given.
  subscript<Value>(_ flag: Flag<Value>) -> Value? {
    values[flag.spec.name].flatMap(flag.read)
  }

  /// Whether the flag was given.
  func has(_ spec: FlagSpec) -> Bool { values[spec.name] != nil }
}
