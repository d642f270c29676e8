// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A directory that only its owner may use (mode 0700), and that goes away with all that is in it.
struct TemporaryFolder: Sendable {
  /// Where it is.
  let path: String

  /// Makes the directory.
  ///
  /// - Parameters:
  ///   - prefix: What its name starts with.
  ///   - environment: Names the directory above it: `TMPDIR`, else `/tmp`.
  /// - Throws: `CommandFailure` when it cannot be made.
  init(prefix: String, environment: [String: String]) throws {
    let named = environment["TMPDIR"].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let base = named.flatMap { access($0, W_OK | X_OK) == 0 ? $0 : nil } ?? "/tmp"
    var template = Array("\(base)/\(prefix)XXXXXX".utf8CString)
    let isMade = mkdtemp(&template) != nil
    let code = errno
    path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    guard isMade else {
      throw CommandFailure.failed(
        "cannot make a directory in '\(base)': \(String(cString: strerror(code)))",
        code: "local",
        hint: "name another directory with $TMPDIR"
      )
    }
  }

  /// Removes the directory and all that is in it; links are removed, not followed.
  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      var names: [String] = []
      while let entry = readdir(directory) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
          pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
      }
      closedir(directory)
      for name in names {
        let child = "\(path)/\(name)"
        var status = stat()
        guard lstat(child, &status) == 0 else { continue }
        if status.st_mode & S_IFMT == S_IFDIR { remove(child) } else { unlink(child) }
      }
    }
    rmdir(path)
  }
}
