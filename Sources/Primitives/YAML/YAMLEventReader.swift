// SPDX-License-Identifier: Apache-2.0

internal import CYAML

/// A step of libyaml's parser, without the steps that carry nothing.
struct YAMLEvent {
  enum Kind {
    case documentStart
    case scalar(text: String, isPlain: Bool)
    case alias
    case start(isMapping: Bool)
    /// The end of a sequence or mapping.
    case end
  }

  var kind: Kind
  var mark: YAMLMark
  var tag: String?
  /// The anchor of a value, or the name an alias refers to.
  var anchor: String?
}

/// Reads a text through libyaml, event by event.
///
/// A class for its `deinit`, which frees the parser; used by one task at a time.
final class YAMLEventReader {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let bytes: UnsafeMutableBufferPointer<UInt8>

  init(_ source: [UInt8]) {
    parser = .allocate(capacity: 1)
    bytes = .allocate(capacity: source.count)
    _ = bytes.initialize(from: source)
    guard yaml_parser_initialize(parser) == 1 else {
      preconditionFailure("out of memory for a YAML parser")
    }
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
    bytes.deallocate()
  }

  /// The next event, or nil at the end of the text.
  func next() throws(YAMLError) -> YAMLEvent? {
    while true {
      var event = yaml_event_t()
      guard yaml_parser_parse(parser, &event) == 1 else { throw error() }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_STREAM_END_EVENT { return nil }
      if let result = Self.event(event) { return result }
    }
  }

  private static func event(_ event: yaml_event_t) -> YAMLEvent? {
    let mark = YAMLMark(
      line: event.start_mark.line + 1,
      column: event.start_mark.column + 1
    )
    switch event.type {
    case YAML_DOCUMENT_START_EVENT:
      return YAMLEvent(kind: .documentStart, mark: mark)
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(
        decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length),
        as: UTF8.self
      )
      return YAMLEvent(
        kind: .scalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE),
        mark: mark,
        tag: string(scalar.tag),
        anchor: string(scalar.anchor)
      )
    case YAML_ALIAS_EVENT:
      return YAMLEvent(kind: .alias, mark: mark, anchor: string(event.data.alias.anchor))
    case YAML_SEQUENCE_START_EVENT:
      let start = event.data.sequence_start
      return YAMLEvent(
        kind: .start(isMapping: false),
        mark: mark,
        tag: string(start.tag),
        anchor: string(start.anchor)
      )
    case YAML_MAPPING_START_EVENT:
      let start = event.data.mapping_start
      return YAMLEvent(
        kind: .start(isMapping: true),
        mark: mark,
        tag: string(start.tag),
        anchor: string(start.anchor)
      )
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
      return YAMLEvent(kind: .end, mark: mark)
    default: return nil
    }
  }

  private static func string(_ text: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    text.map { String(cString: $0) }
  }

  /// What libyaml says about the place where it stopped.
  private func error() -> YAMLError {
    let problem = parser.pointee.problem.map { String(cString: $0) } ?? "not valid YAML"
    if parser.pointee.error == YAML_READER_ERROR {
      return YAMLError(message: problem, mark: mark(ofByte: parser.pointee.problem_offset))
    }
    let place = parser.pointee.problem_mark
    let mark = YAMLMark(line: place.line + 1, column: place.column + 1)
    if bytes.indices.contains(place.index), bytes[place.index] == UInt8(ascii: "\t") {
      return YAMLError(message: "a tab cannot indent or begin a value; use spaces", mark: mark)
    }
    guard let context = parser.pointee.context.map({ String(cString: $0) }) else {
      return YAMLError(message: problem, mark: mark)
    }
    let since = parser.pointee.context_mark.line + 1
    let suffix = since == mark.line ? "" : ", which begins on line \(since)"
    return YAMLError(message: "\(problem) (\(context)\(suffix))", mark: mark)
  }

  private func mark(ofByte offset: Int) -> YAMLMark {
    let before = bytes.prefix(offset)
    let line = before.count { $0 == UInt8(ascii: "\n") } + 1
    let column = before.reversed().prefix { $0 != UInt8(ascii: "\n") }.count + 1
    return YAMLMark(line: line, column: column)
  }
}
