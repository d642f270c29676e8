// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Measures what the project promises; one line of JSON a measurement on stdout.
///
/// ```
/// Benchmarks compare KUBECONFIG [ROUNDS]   backups against drains of one cluster, by turns
/// Benchmarks sandbox OBJECTS [ROUNDS]      the same against an embedded cluster in a process of its own
/// Benchmarks drain KUBECONFIG              lists what a backup lists, into nothing
/// Benchmarks backup KUBECONFIG DIRECTORY   one backup into a directory store
/// Benchmarks serve OBJECTS                 an embedded cluster; prints its kubeconfig's path, ends with its stdin
/// Benchmarks parts                         the parts of a backup, one by one
/// ```
enum Benchmarks {
  static func main() async {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      try await run(arguments)
    } catch {
      writeLine("benchmarks: \(error)", to: STDERR_FILENO)
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) async throws {
    let rest = Array(arguments.dropFirst())
    switch (arguments.first, rest.count) {
    case ("compare", 1...2):
      try await Comparison(
        kubeconfig: rest[0],
        name: "cluster",
        rounds: rest.count == 2 ? Int(rest[1]) ?? 3 : 3
      ).run()
    case ("sandbox", 1...2):
      let server = try ServerProcess(objects: rest[0])
      defer { server.stop() }
      try await Comparison(
        kubeconfig: server.kubeconfig,
        name: "sandbox",
        rounds: rest.count == 2 ? Int(rest[1]) ?? 3 : 3
      ).run()
    case ("drain", 1): try await Drain(kubeconfig: rest[0]).run()
    case ("backup", 2): try await SingleBackup(kubeconfig: rest[0], directory: rest[1]).run()
    case ("serve", 1): try await Serving.run(objects: Int(rest[0]) ?? 0)
    case ("parts", 0): try await Parts.run()
    default:
      writeLine("usage: see Sources/Benchmarks/Benchmarks.swift", to: STDERR_FILENO)
      exit(2)
    }
  }

  /// Prints one measurement.
  static func report(_ fields: KeyValuePairs<String, any CustomStringConvertible>) {
    let members = fields.map { key, value in
      value is String ? "\"\(key)\":\"\(value)\"" : "\"\(key)\":\(value)"
    }
    writeLine("{" + members.joined(separator: ",") + "}", to: STDOUT_FILENO)
  }

  /// Writes a line at once, past all buffers.
  static func writeLine(_ text: String, to descriptor: Int32) {
    let bytes = Array((text + "\n").utf8)
    _ = write(descriptor, bytes, bytes.count)
  }

  /// A number with so many digits behind the point.
  static func rounded(_ value: Double, _ digits: Int = 2) -> Double {
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    return (value * scale).rounded() / scale
  }
}
