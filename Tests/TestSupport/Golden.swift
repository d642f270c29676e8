// SPDX-License-Identifier: Apache-2.0

internal import Glibc
public import Testing

/// Compares text with the golden file `name` in the folder `Golden` beside the test's source file.
///
/// With `UPDATE_GOLDEN=1` in the environment the file is written instead. A file that was missing or has been
/// rewritten fails the run all the same, so that a green run has compared everything.
///
/// - Parameters:
///   - text: What the test has made; a final newline counts.
///   - name: The file's name, such as `help.txt`; folders are allowed.
///   - file: The test's source file; leave it out.
///   - sourceLocation: Where a difference is reported; leave it out.
public func expectGolden(
  _ text: String,
  _ name: String,
  file: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  expectGolden(Array(text.utf8), name, file: file, sourceLocation: sourceLocation)
}

/// Compares bytes with the golden file `name` in the folder `Golden` beside the test's source file.
///
/// Like the function for text, for files that are no text.
public func expectGolden(
  _ bytes: [UInt8],
  _ name: String,
  file: String = #filePath,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) + "/Golden"
  let path = "\(folder)/\(name)"
  let updates = getenv("UPDATE_GOLDEN").map { String(cString: $0) } == "1"
  let verdict = GoldenVerdict(actual: bytes, expected: try? readFile(path), updates: updates)
  if verdict.writes {
    do {
      makeFolders(of: path)
      try writeFile(bytes, to: path)
    } catch {
      Issue.record("\(error)", sourceLocation: sourceLocation)
    }
  }
  if let complaint = verdict.complaint(name: name) {
    Issue.record(Comment(rawValue: complaint), sourceLocation: sourceLocation)
  }
}

/// What a comparison with a golden file comes to; pure, so that the rules have tests of their own.
public struct GoldenVerdict: Sendable, Hashable {
  /// What the test has made.
  public let actual: [UInt8]
  /// What the file holds; nil when there is none.
  public let expected: [UInt8]?
  /// Whether `UPDATE_GOLDEN=1` is set.
  public let updates: Bool

  /// Compares.
  public init(actual: [UInt8], expected: [UInt8]?, updates: Bool) {
    self.actual = actual
    self.expected = expected
    self.updates = updates
  }

  /// Whether the file is written.
  public var writes: Bool { updates && actual != expected }

  /// What fails the run, or nil when the file holds the same bytes.
  public func complaint(name: String) -> String? {
    if actual == expected { return nil }
    if updates { return "golden file '\(name)' is written: look at it, commit it, run again" }
    guard let expected else {
      return "golden file '\(name)' is missing: run with UPDATE_GOLDEN=1 to write it"
    }
    return "golden file '\(name)' differs: UPDATE_GOLDEN=1 rewrites it\n"
      + Self.difference(from: expected, to: actual)
  }

  /// The most lines of a difference that are shown.
  static let differenceLimit = 40

  /// The lines around the first difference: `-` the file's, `+` the test's.
  private static func difference(from expected: [UInt8], to actual: [UInt8]) -> String {
    let old = lines(expected)
    let new = lines(actual)
    let same = zip(old, new).prefix(while: { $0 == $1 }).count
    let tail = zip(old.dropFirst(same).reversed(), new.dropFirst(same).reversed())
      .prefix(while: { $0 == $1 }).count
    let removed = old.dropFirst(same).dropLast(tail).map { "-\($0)" }
    let added = new.dropFirst(same).dropLast(tail).map { "+\($0)" }
    let before = old.prefix(same).suffix(3).map { " \($0)" }
    return
      (["@@ line \(same + 1)"] + before + removed.prefix(differenceLimit)
      + added.prefix(differenceLimit)).joined(separator: "\n")
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}

private func makeFolders(of path: String) {
  var folder = ""
  for part in path.split(separator: "/").dropLast() {
    folder += "/\(part)"
    mkdir(folder, 0o755)
  }
}
