// SPDX-License-Identifier: Apache-2.0

internal import CYAML

extension JSONValue {
  /// The value as YAML, laid out as `kubectl -o yaml` does, with a newline at the end.
  ///
  /// Blocks two spaces deep, lists not indented under their key, text quoted only where it would be read as
  /// something else, text of several lines as a literal block, other text folded after 80 characters.
  ///
  /// - Parameter sortedKeys: Whether members go out in kubectl's order (numbers in names by value, letters
  ///   last) and not in their own.
  /// - Returns: One document without `---`.
  public func yaml(sortedKeys: Bool = false) -> String {
    let printer = YAMLPrinter(sortedKeys: sortedKeys)
    printer.write(document: self)
    return printer.text
  }
}

/// Writes one document through libyaml; used by one task at a time.
private final class YAMLPrinter {
  /// What libyaml has written so far.
  private final class Output {
    var bytes: [UInt8] = []
  }

  /// Where text is folded at its next space, as kubectl does; literal blocks never are.
  private static let width: CInt = 80

  private let emitter: UnsafeMutablePointer<yaml_emitter_t>
  private let output = Output()
  private let sortedKeys: Bool

  init(sortedKeys: Bool) {
    self.sortedKeys = sortedKeys
    emitter = .allocate(capacity: 1)
    guard yaml_emitter_initialize(emitter) == 1 else {
      preconditionFailure("out of memory for a YAML emitter")
    }
    yaml_emitter_set_output(
      emitter,
      { data, buffer, count in
        guard let data, let buffer else { return 0 }
        let output = Unmanaged<Output>.fromOpaque(data).takeUnretainedValue()
        output.bytes.append(contentsOf: UnsafeBufferPointer(start: buffer, count: count))
        return 1
      },
      Unmanaged.passUnretained(output).toOpaque()
    )
    yaml_emitter_set_unicode(emitter, 1)
    yaml_emitter_set_indent(emitter, 2)
    yaml_emitter_set_width(emitter, Self.width)
  }

  deinit {
    yaml_emitter_delete(emitter)
    emitter.deallocate()
  }

  /// The document, once it is written.
  var text: String { String(decoding: output.bytes, as: UTF8.self) }

  func write(document value: JSONValue) {
    emit { yaml_stream_start_event_initialize(&$0, YAML_UTF8_ENCODING) }
    emit { yaml_document_start_event_initialize(&$0, nil, nil, nil, 1) }
    write(value)
    emit { yaml_document_end_event_initialize(&$0, 1) }
    emit { yaml_stream_end_event_initialize(&$0) }
    yaml_emitter_flush(emitter)
  }

  private func write(_ value: JSONValue) {
    switch value {
    case .null: scalar("null", YAML_PLAIN_SCALAR_STYLE)
    case .bool(let flag): scalar(flag ? "true" : "false", YAML_PLAIN_SCALAR_STYLE)
    case .number(let number): scalar(number.text, YAML_PLAIN_SCALAR_STYLE)
    case .string(let text): string(text)
    case .array(let elements):
      emit {
        yaml_sequence_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_SEQUENCE_STYLE)
      }
      for element in elements { write(element) }
      emit { yaml_sequence_end_event_initialize(&$0) }
    case .object(let object):
      emit { yaml_mapping_start_event_initialize(&$0, nil, nil, 1, YAML_BLOCK_MAPPING_STYLE) }
      for member in ordered(object.members) {
        string(member.key)
        write(member.value)
      }
      emit { yaml_mapping_end_event_initialize(&$0) }
    }
  }

  private func ordered(_ members: [JSONObject.Member]) -> [JSONObject.Member] {
    sortedKeys ? members.sorted { YAMLKeyOrder.precedes($0.key, $1.key) } : members
  }

  private func string(_ text: String) {
    if text.utf8.contains(UInt8(ascii: "\n")) {
      scalar(text, YAML_LITERAL_SCALAR_STYLE)
    } else if YAMLScalarType.needsQuotes(text) {
      scalar(text, YAML_DOUBLE_QUOTED_SCALAR_STYLE)
    } else {
      // libyaml takes single quotes where the text would be syntax.
      scalar(text, YAML_PLAIN_SCALAR_STYLE)
    }
  }

  private func scalar(_ text: String, _ style: yaml_scalar_style_t) {
    var text = text
    text.withUTF8 { utf8 in
      emit {
        yaml_scalar_event_initialize(
          &$0,
          nil,
          nil,
          utf8.baseAddress,
          CInt(utf8.count),
          1,
          1,
          style
        )
      }
    }
  }

  private func emit(_ initialize: (inout yaml_event_t) -> CInt) {
    var event = yaml_event_t()
    guard initialize(&event) == 1, yaml_emitter_emit(emitter, &event) == 1 else {
      let problem = emitter.pointee.problem.map { String(cString: $0) } ?? "out of memory"
      preconditionFailure("libyaml cannot write: \(problem)")
    }
  }
}

/// The order in which kubectl prints the keys of a mapping.
///
/// Source: the YAML writer under kubectl (sigs.k8s.io/yaml, goyaml.v2, sorter.go).
enum YAMLKeyOrder {
  static func precedes(_ left: String, _ right: String) -> Bool {
    let left = Array(left.unicodeScalars)
    let right = Array(right.unicodeScalars)
    for index in 0..<min(left.count, right.count) where left[index] != right[index] {
      let (a, b) = (left[index], right[index])
      let (aIsLetter, bIsLetter) = (a.properties.isAlphabetic, b.properties.isAlphabetic)
      if aIsLetter && bIsLetter { return a < b }
      if aIsLetter || bIsLetter { return bIsLetter }
      return numbersPrecede(left, right, at: index)
    }
    return left.count < right.count
  }

  /// Compares the runs of digits around the first difference by value, then by length, then the characters.
  private static func numbersPrecede(
    _ left: [Unicode.Scalar],
    _ right: [Unicode.Scalar],
    at index: Int
  ) -> Bool {
    var start = index
    while start > 0, isDigit(left[start - 1]) { start -= 1 }
    let leftRun = digits(left[start...])
    let rightRun = digits(right[start...])
    guard isDigit(left[index]) || isDigit(right[index]), !leftRun.isEmpty, !rightRun.isEmpty else {
      return left[index] < right[index]
    }
    let leftValue = leftRun.drop { $0 == "0" }
    let rightValue = rightRun.drop { $0 == "0" }
    if leftValue.count != rightValue.count { return leftValue.count < rightValue.count }
    if !leftValue.elementsEqual(rightValue) {
      return leftValue.lexicographicallyPrecedes(rightValue)
    }
    if leftRun.count != rightRun.count { return leftRun.count < rightRun.count }
    return left[index] < right[index]
  }

  private static func digits(_ scalars: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    scalars.prefix(while: isDigit)
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }
}
