// SPDX-License-Identifier: Apache-2.0

/// The rules for keys, the same in every store.
///
/// A key is UTF-8 text of 1...1024 bytes: segments with `/` between them. No segment is empty, `.` or `..`, and
/// none holds a NUL; so a key never starts or ends with `/`, and a directory can hold every key as a path.
/// Source of the length: S3 user guide, "Creating object key names".
public enum ObjectKey {
  /// The most bytes a key has.
  public static let limitBytes = 1024

  /// Checks a key.
  ///
  /// - Parameter key: Any text.
  /// - Throws: `.invalidKey` with the rule that it breaks.
  public static func check(_ key: String) throws(ObjectStoreError) {
    guard let problem = problem(key) else { return }
    throw ObjectStoreError(code: .invalidKey, message: "cannot use '\(key)' as a key: \(problem)")
  }

  /// Checks a prefix: any beginning of a key, also none at all.
  ///
  /// - Parameter prefix: Any text.
  /// - Throws: `.invalidKey` when no key can start so.
  public static func checkPrefix(_ prefix: String) throws(ObjectStoreError) {
    // A prefix is one when some key completes it; `x` completes also an empty last segment, `.` and `..`.
    guard let problem = problem(prefix + "x", isPrefix: true) else { return }
    throw ObjectStoreError(
      code: .invalidKey,
      message: "cannot list keys that start with '\(prefix)': \(problem)"
    )
  }

  private static func problem(_ key: String, isPrefix: Bool = false) -> String? {
    if key.isEmpty { return "it is empty" }
    if key.utf8.count > limitBytes + (isPrefix ? 1 : 0) {
      return "it has \(key.utf8.count) bytes; \(limitBytes) are the limit"
    }
    if key.utf8.contains(0) { return "it holds a NUL" }
    let slash = UInt8(ascii: "/")
    for segment in key.utf8.split(separator: slash, omittingEmptySubsequences: false) {
      switch segment.count {
      case 0: return "it starts or ends with '/', or has an empty segment"
      case 1 where segment.first == UInt8(ascii: "."): return "a segment is '.'"
      case 2 where segment.allSatisfy { $0 == UInt8(ascii: ".") }: return "a segment is '..'"
      default: continue
      }
    }
    return nil
  }
}
