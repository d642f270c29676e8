// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// How much a line of the log matters.
public enum LogLevel: String, Sendable, Hashable, CaseIterable {
  /// Finer than debugging.
  case trace
  /// For debugging.
  case debug
  /// What happens.
  case info
  /// What deserves attention.
  case warning
  /// What went wrong.
  case error
  /// What ended the process.
  case fatal
  /// What the process did not expect.
  case panic
}

/// One line of a backup's or restore's log: `time="…" level=info msg="…" key=value …`.
///
/// The keys are sorted behind the first three. A value goes in quotes, with Go's escapes, when it has anything but
/// letters, digits and `-._/@^+`. Source: logrus 1.9, `text_formatter.go`, and Velero 1.18, `pkg/util/logging`.
public struct LogLine: Sendable, Hashable {
  /// When it was written; whole seconds go into the text.
  public var time: Timestamp
  /// How much it matters.
  public var level: LogLevel
  /// The text.
  public var message: String
  /// What it is about.
  public var fields: [String: String]

  /// Makes a line.
  public init(
    time: Timestamp,
    level: LogLevel,
    message: String,
    fields: [String: String] = [:]
  ) {
    self.time = time
    self.level = level
    self.message = message
    self.fields = fields
  }

  /// The line as text, without a newline.
  public var text: String {
    var bytes: [UInt8] = []
    append(to: &bytes)
    return String(decoding: bytes.dropLast(), as: UTF8.self)
  }

  /// Writes the line with its newline behind the bytes of an array.
  public func append(to bytes: inout [UInt8]) {
    bytes.append(
      contentsOf: "time=\"\(time.truncatedToSeconds)\" level=\(level.rawValue) msg=".utf8
    )
    bytes.append(contentsOf: GoText.quotedIfNeeded(message).utf8)
    // logrus renames fields that would be taken for its own.
    let named = fields.map { (["time", "level", "msg"].contains($0) ? "fields." + $0 : $0, $1) }
    for (key, value) in named.sorted(by: { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }) {
      bytes.append(UInt8(ascii: " "))
      bytes.append(contentsOf: key.utf8)
      bytes.append(UInt8(ascii: "="))
      bytes.append(contentsOf: GoText.quotedIfNeeded(value).utf8)
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}

extension LogLine {
  /// Reads a line, in logrus' text or JSON form; nil for other text.
  ///
  /// - Parameter text: One line without its newline.
  public init?(parsing text: String) {
    guard var fields = text.hasPrefix("{") ? Self.jsonFields(text) : Self.textFields(text),
      let time = fields.removeValue(forKey: "time").flatMap({ Timestamp(rfc3339: $0) }),
      let level = fields.removeValue(forKey: "level").flatMap({ Self.level($0) })
    else { return nil }
    // The JSON form has the error under another name.
    if let error = fields.removeValue(forKey: "error.message") { fields["error"] = error }
    let message = fields.removeValue(forKey: "msg") ?? ""
    self.init(time: time, level: level, message: message, fields: fields)
  }

  private static func level(_ text: String) -> LogLevel? {
    LogLevel(rawValue: text == "warn" ? "warning" : text)
  }

  private static func jsonFields(_ text: String) -> [String: String]? {
    guard let object = (try? JSONValue(parsing: text))?.object else { return nil }
    return object.dictionary.mapValues { $0.string ?? $0.text() }
  }

  private static func textFields(_ text: String) -> [String: String]? {
    var fields: [String: String] = [:]
    var rest = text.utf8[...]
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: UInt8(ascii: "=")), equals > rest.startIndex else {
        return nil
      }
      let key = String(rest[..<equals]) ?? ""
      rest = rest[rest.index(after: equals)...]
      guard !key.contains(" "), let value = GoText.takeValue(&rest) else { return nil }
      fields[key] = value
      if rest.isEmpty { break }
      guard rest.popFirst() == UInt8(ascii: " ") else { return nil }
    }
    return fields
  }
}
