// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Terminal

/// The user's own themes: files that end in `.yaml` or `.yml`, in `themes` beside the configuration.
struct ThemeFolder {
  /// The most files that are read.
  private static let fileLimit = 100
  /// The most bytes of a file.
  private static let limitBytes = 64 * 1024

  /// What the files hold, by the alphabet of their names.
  private(set) var files: [ThemeFile] = []
  /// What could not be read.
  private(set) var problems: [String] = []

  /// Reads the folder; one that is not there holds no themes.
  ///
  /// - Parameter path: Where it is; nil where there is no place for it.
  init(path: String?) {
    guard let path else { return }
    var reason: String?
    guard let names = Self.names(in: path, &reason) else {
      if let reason { problems.append("cannot read the themes in '\(path)': \(reason)") }
      return
    }
    if names.count > Self.fileLimit {
      problems.append("\(path): only the first \(Self.fileLimit) themes are read")
    }
    for name in names.prefix(Self.fileLimit) {
      guard let point = name.lastIndex(of: ".") else { continue }
      do {
        let bytes = try LocalFile.contents("\(path)/\(name)", limitBytes: Self.limitBytes)
        files.append(ThemeFile(name: String(name[..<point]), bytes: bytes))
      } catch {
        problems.append(ErrorReport(error).message)
      }
    }
  }

  /// The names of the themes' files, sorted; nil when there is no such folder, or it cannot be read for the reason given.
  static func names(in path: String, _ reason: inout String?) -> [String]? {
    guard let folder = opendir(path) else {
      let code = errno
      if code != ENOENT { reason = String(cString: strerror(code)).lowercased() }
      return nil
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      let isTheme = name.hasSuffix(".yaml") || name.hasSuffix(".yml")
      if isTheme, !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
