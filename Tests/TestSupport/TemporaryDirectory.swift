// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A directory that is removed with everything in it when the last reference to it goes.
public final class TemporaryDirectory: Sendable {
  /// The directory's absolute path, without a slash at the end.
  public let path: String

  /// Makes an empty directory under `$TMPDIR`, or under `/tmp`.
  ///
  /// - Throws: `FileError` when it cannot be made.
  public init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/binnacle-test-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileError(path: parent, action: "make a directory in", code: errno)
    }
    path = template.withUnsafeBufferPointer { bytes in
      bytes.baseAddress.map { String(cString: $0) } ?? parent
    }
  }

  deinit { removeTree(path) }

  /// The path of `name` inside the directory.
  public func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file with the text and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Array(text.utf8), to: name)
  }

  /// Writes a file with the bytes, making the directories it is in, and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    var directory = path
    for part in name.split(separator: "/").dropLast() {
      directory += "/\(part)"
      mkdir(directory, 0o700)
    }
    try writeFile(bytes, to: path(name))
    return path(name)
  }

  /// The names in the directory or one below it, sorted; directories end with a slash.
  public func names(in subdirectory: String = "") throws -> [String] {
    let place = subdirectory.isEmpty ? path : path(subdirectory)
    guard let entries = directoryEntries(place) else {
      throw FileError(path: place, action: "list", code: errno)
    }
    return entries.map { $0.isDirectory ? $0.name + "/" : $0.name }.sorted()
  }
}

/// Makes a directory, passes it to `body` and removes it afterwards.
public func withTemporaryDirectory<Result>(
  _ body: (TemporaryDirectory) async throws -> Result
) async throws -> Result {
  let directory = try TemporaryDirectory()
  defer { withExtendedLifetime(directory) {} }
  return try await body(directory)
}

/// Why a test's file cannot be read, written or made.
public struct FileError: Error, CustomStringConvertible {
  /// The file or directory.
  public let path: String
  /// What was tried, such as "read".
  public let action: String
  /// The value of `errno`.
  public let code: Int32

  /// What was tried on which file, with the system's reason.
  public var description: String {
    "cannot \(action) '\(path)': \(String(cString: strerror(code)))"
  }
}

/// Reads a whole file.
public func readFile(_ path: String) throws -> [UInt8] {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { throw FileError(path: path, action: "read", code: errno) }
  defer { close(descriptor) }
  var bytes: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 64 * 1024)
  while true {
    let count = read(descriptor, &buffer, buffer.count)
    if count == 0 { return bytes }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { throw FileError(path: path, action: "read", code: errno) }
    bytes.append(contentsOf: buffer[..<count])
  }
}

/// Writes a file, or replaces what is in it.
public func writeFile(_ bytes: [UInt8], to path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
  guard descriptor >= 0 else { throw FileError(path: path, action: "write", code: errno) }
  defer { close(descriptor) }
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count > 0 else { throw FileError(path: path, action: "write", code: errno) }
    rest = rest.dropFirst(count)
  }
}

private struct DirectoryEntry {
  let name: String
  let isDirectory: Bool
}

private func directoryEntries(_ path: String) -> [DirectoryEntry]? {
  guard let stream = opendir(path) else { return nil }
  defer { closedir(stream) }
  var entries: [DirectoryEntry] = []
  while let entry = readdir(stream) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name == "." || name == ".." { continue }
    // A link to a directory is removed, not followed.
    let isDirectory = entry.pointee.d_type == UInt8(DT_DIR)
    entries.append(DirectoryEntry(name: name, isDirectory: isDirectory))
  }
  return entries
}

private func removeTree(_ path: String) {
  chmod(path, 0o700)
  for entry in directoryEntries(path) ?? [] {
    let child = "\(path)/\(entry.name)"
    if entry.isDirectory { removeTree(child) } else { unlink(child) }
  }
  rmdir(path)
}
