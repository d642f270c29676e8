// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A program that is built beside the tests.
public enum BuiltProgram {
  /// Where a program is, whether the tests are a program or are loaded into one.
  public static func path(_ name: String) -> String {
    let folders = [linkTarget("/proc/self/exe"), CommandLine.arguments[0]].map(parent)
    let paths = folders.map { "\($0)/\(name)" }
    return paths.first { access($0, X_OK) == 0 } ?? paths[1]
  }

  /// The folder that a program is in.
  public static func folder(of name: String) -> String { parent(path(name)) }

  private static func parent(_ path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  private static func linkTarget(_ path: String) -> String {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let length = readlink(path, &buffer, buffer.count - 1)
    return String(
      decoding: buffer.prefix(max(0, length)).map(UInt8.init(bitPattern:)),
      as: UTF8.self
    )
  }
}
