// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A small file that only its owner may read (mode 0600), in the directory for such files.
struct TemporaryFile: Sendable {
  /// Where it is.
  let path: String

  /// Makes the file.
  ///
  /// - Parameters:
  ///   - bytes: What is in it.
  ///   - prefix: What its name starts with.
  ///   - suffix: What its name ends with.
  ///   - environment: Names the directory: `XDG_RUNTIME_DIR`, else `TMPDIR`, else `/tmp`.
  /// - Throws: `CommandFailure` when it cannot be made.
  init(_ bytes: [UInt8], prefix: String, suffix: String, environment: [String: String]) throws {
    let candidates = [environment["XDG_RUNTIME_DIR"], environment["TMPDIR"]].compactMap { $0 }
    let usable = candidates.first { $0.hasPrefix("/") && access($0, W_OK | X_OK) == 0 }
    let directory = usable ?? "/tmp"
    var template = Array("\(directory)/\(prefix)XXXXXX\(suffix)".utf8CString)
    let descriptor = mkstemps(&template, Int32(suffix.utf8.count))
    let code = errno
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard descriptor >= 0 else { throw Self.failure("cannot make a file in '\(directory)'", code) }
    defer { close(descriptor) }
    let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard count == bytes.count else {
      let failure = Self.failure("cannot write '\(path)'", errno)
      remove()
      throw failure
    }
  }

  /// Removes the file; that it is gone already is no error.
  func remove() { unlink(path) }

  private static func failure(_ action: String, _ code: Int32) -> CommandFailure {
    .failed(
      "\(action): \(String(cString: strerror(code)))",
      code: "local",
      hint: "name another directory with $TMPDIR"
    )
  }
}
