// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Where standard error goes while the console has the terminal: `console.log` in the directory of the program's state.
struct LogDescriptor {
  /// The most bytes of the file; it begins anew when it has more.
  private static let limitBytes = 1 << 20

  /// The open file; that of `/dev/null` where the file cannot be used, and -1 where not even that can.
  let descriptor: Int32

  /// Opens the file.
  ///
  /// - Parameter directory: Where it is; made when it is missing.
  init(directory: String) {
    var path = ""
    for part in directory.split(separator: "/") {
      path += "/\(part)"
      mkdir(path, 0o700)
    }
    let name = directory + "/console.log"
    var status = stat()
    if stat(name, &status) == 0, status.st_size > Self.limitBytes { truncate(name, 0) }
    let file = open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    descriptor = file >= 0 ? file : open("/dev/null", O_WRONLY | O_CLOEXEC)
  }

  /// Closes the file.
  func close() { if descriptor >= 0 { _ = Glibc.close(descriptor) } }
}
