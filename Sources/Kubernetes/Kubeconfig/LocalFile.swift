// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Reads small files whole: kubeconfigs, certificates, tokens.
enum LocalFile {
  /// No kubeconfig, certificate or token comes near this size, in bytes.
  static let sizeLimitBytes = 16 << 20

  /// Why a file could not be read.
  struct Failure: Error, Sendable {
    var number: CInt
    var path: String

    var isMissing: Bool { number == ENOENT || number == ENOTDIR }

    /// The system's words, in lower case.
    var text: String {
      number == EFBIG
        ? "it is larger than \(LocalFile.sizeLimitBytes >> 20) MiB"
        : String(cString: strerror(number)).lowercased()
    }
  }

  static func read(_ path: String) throws(Failure) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw Failure(number: errno, path: path) }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 else {
        let number = errno
        if number == EINTR { continue }
        throw Failure(number: number, path: path)
      }
      bytes.append(contentsOf: buffer[..<count])
      guard bytes.count <= sizeLimitBytes else { throw Failure(number: EFBIG, path: path) }
    }
  }

  /// The folder a path stands in; empty for the working directory.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// A path as it is meant from inside `folder`.
  static func resolve(_ path: String, in folder: String) -> String {
    if path.hasPrefix("/") || folder.isEmpty { return path }
    return folder == "/" ? "/\(path)" : "\(folder)/\(path)"
  }
}
