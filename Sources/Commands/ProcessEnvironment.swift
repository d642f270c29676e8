// SPDX-License-Identifier: Apache-2.0

// The C library declares `environ` as a variable; it is read once, before anything could change it.
@preconcurrency internal import Glibc

/// The variables that the process was started with.
enum EnvironmentVariables {
  /// All of them by name; of repeated names the first counts, as for getenv.
  static func ofProcess() -> [String: String] {
    var variables: [String: String] = [:]
    var entry = environ
    while let text = entry.pointee {
      let pair = String(cString: text)
      if let equals = pair.firstIndex(of: "="), variables[String(pair[..<equals])] == nil {
        variables[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
      }
      entry += 1
    }
    return variables
  }
  /// Lends all of them and one more, as a new program takes them, byte by byte.
  static func withAll(
    adding variable: String,
    _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Void
  ) {
    var variables: [UnsafeMutablePointer<CChar>?] = []
    var entry = environ
    while let text = entry.pointee {
      variables.append(text)
      entry += 1
    }
    let added = strdup(variable)
    defer { free(added) }
    variables += [added, nil]
    variables.withUnsafeBufferPointer { pointers in
      if let start = pointers.baseAddress { body(start) }
    }
  }
}
