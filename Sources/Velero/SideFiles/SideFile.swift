// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// The form of the JSON files beside an archive: gzip of compact JSON with one newline at the end.
///
/// `<`, `>`, `&`, U+2028 and U+2029 are escaped, as Go's encoder does.
/// Source: Velero 1.18, `pkg/util/encode/encode.go`.
public enum SideFile {
  /// The most bytes that a file may have when it is uncompressed.
  public static let limitBytes = 1 << 30

  /// Writes a value in the order its members have.
  public static func encode(_ json: JSONValue) -> [UInt8] {
    Gzip.compress(json.encoded(JSONFormat(escapesHTML: true)) + [UInt8(ascii: "\n")])
  }

  /// Writes a list; nil becomes `null`, as Go writes a list that nothing was ever put in.
  public static func encodeList<Record: JSONRecord>(_ records: [Record]?) -> [UInt8] {
    encode(records.map { .array($0.map(\.ordered)) } ?? .null)
  }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - bytes: The file; nil when the store has none, which reads as `null`.
  ///   - name: What messages call the file.
  /// - Returns: The value.
  /// - Throws: `.truncated`, `.corrupt`, `.tooLarge`.
  public static func decode(_ bytes: [UInt8]?, name: String) throws(VeleroError) -> JSONValue {
    guard let bytes else { return .null }
    let text: [UInt8]
    do throws(GzipError) {
      text = try Gzip.decompress(bytes, limit: limitBytes)
    } catch {
      throw VeleroError(gzip: error, "'\(name)'")
    }
    do throws(JSONError) {
      return try JSONValue(parsing: text)
    } catch {
      throw VeleroError(
        code: .corrupt,
        message: "cannot read '\(name)': \(error)",
        cause: error
      )
    }
  }

  /// Reads a list; a missing file and `null` are empty ones.
  ///
  /// - Parameters:
  ///   - type: What the list holds.
  ///   - bytes: The file; nil when the store has none.
  ///   - name: What messages call the file.
  /// - Returns: The elements in their order.
  /// - Throws: `.truncated`, `.corrupt`, `.tooLarge`.
  public static func decodeList<Record: JSONRecord>(
    of type: Record.Type = Record.self,
    _ bytes: [UInt8]?,
    name: String
  ) throws(VeleroError) -> [Record] {
    let json = try decode(bytes, name: name)
    if json.isNull { return [] }
    guard let elements = json.array else {
      throw VeleroError(code: .corrupt, message: "cannot read '\(name)': it holds no list")
    }
    return elements.map { Record(json: $0) }
  }
}
