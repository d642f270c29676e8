// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The files of the repository this test was built from.
struct Repository {
  let root: String
  let files: [SourceFile]
  let manifest: String

  static let shared = Repository(root: Self.rootOfThisFile())

  init(root: String) {
    self.root = root
    manifest = Self.text("\(root)/Package.swift") ?? ""
    var paths = ["Makefile", "Package.swift"]
    for folder in [".ci", "Sources", "Tests", "scripts"] {
      paths += Self.paths(below: folder, of: root).filter(Self.isSource)
    }
    files = paths.compactMap { path in
      Self.text("\(root)/\(path)").map { SourceFile(path: path, text: $0) }
    }
  }

  /// The folders directly below one folder, `C` not among those of `Sources`.
  func folders(in folder: String) -> Set<String> {
    let path = "\(root)/\(folder)"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let folders = names.filter { Self.isFolder("\(path)/\($0)") }
    return Set(folders).subtracting(folder == "Sources" ? ["C"] : [])
  }

  private static func rootOfThisFile(path: String = #filePath) -> String {
    path.split(separator: "/").dropLast(3).reduce("") { "\($0)/\($1)" }
  }

  private static func paths(below folder: String, of root: String) -> [String] {
    let names = try? FileManager.default.subpathsOfDirectory(atPath: "\(root)/\(folder)")
    return (names ?? []).sorted().map { "\(folder)/\($0)" }
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
  }

  private static func text(_ path: String) -> String? {
    guard !isFolder(path) else { return nil }
    return FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  /// Fixtures and golden files are data, whatever their names end in.
  private static func isSource(_ path: String) -> Bool {
    let data: Set<Substring> = ["Fixtures", "Golden", "Transcripts"]
    guard data.isDisjoint(with: path.split(separator: "/")) else { return false }
    if path.hasPrefix("scripts/") || path.hasPrefix(".ci/") { return true }
    return [".swift", ".c", ".h", ".cpp", ".modulemap"].contains { path.hasSuffix($0) }
  }
}
