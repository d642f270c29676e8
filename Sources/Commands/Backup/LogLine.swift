// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A line of a log as Velero writes it: `time="…" level=info msg="…" key=value …`, or JSON.
enum LogLine {
  /// The fields of a line as an object of texts; a line in another form becomes its `msg`.
  static func value(_ line: String) -> JSONValue {
    if line.hasPrefix("{"), let object = try? JSONValue(parsing: line), object.object != nil {
      return object
    }
    var fields = JSONObject()
    var rest = line[...]
    while !rest.isEmpty {
      guard let (key, value) = field(&rest) else { return ["msg": .string(line)] }
      fields[key] = .string(value)
    }
    return fields.isEmpty ? ["msg": .string(line)] : .object(fields)
  }

  /// Takes `key=value` and the space behind it off the front.
  private static func field(_ rest: inout Substring) -> (String, String)? {
    let key = rest.prefix { $0 != "=" && $0 != " " }
    guard !key.isEmpty, rest.dropFirst(key.count).first == "=" else { return nil }
    rest = rest.dropFirst(key.count + 1)
    guard rest.first == "\"" else {
      let value = rest.prefix { $0 != " " }
      rest = rest.dropFirst(value.count + 1)
      return (String(key), String(value))
    }
    guard let value = quoted(&rest) else { return nil }
    rest = rest.dropFirst(rest.first == " " ? 1 : 0)
    return (String(key), value)
  }

  /// Takes a text in quotes off the front, with Go's escapes undone as far as logs use them.
  private static func quoted(_ rest: inout Substring) -> String? {
    var text = ""
    rest = rest.dropFirst()
    while let character = rest.popFirst() {
      switch character {
      case "\"": return text
      case "\\":
        switch rest.popFirst() {
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "r": text.append("\r")
        case let other?: text.append(other)
        case nil: return nil
        }
      default: text.append(character)
      }
    }
    return nil
  }
}
