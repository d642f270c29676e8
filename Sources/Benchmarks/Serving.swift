// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Sandbox

/// An embedded cluster of generated objects that serves until its standard input ends.
///
/// A `c` on it has the cluster change 5,000 times a second for five seconds.
enum Serving {
  static func run(objects: Int, latency: Duration = .zero) throws {
    var options = SandboxOptions()
    options.tls = try SandboxTLS.loopback()
    let server = try SandboxServer.start(options: options)
    defer { server.stop() }
    try server.cluster.load(PopulatedCluster(objectCount: objects))
    if latency > .zero { server.cluster.faults = [Fault(.latency(latency))] }
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = "\(scratch.path)/kubeconfig"
    let text = Array(server.kubeconfig.utf8)
    let file = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
    guard file >= 0, write(file, text, text.count) == text.count else {
      throw ChildProcess.Failure(description: "cannot write '\(path)'")
    }
    close(file)
    BenchmarkTool.writeLine(path, to: STDOUT_FILENO)
    var byte: UInt8 = 0
    while read(STDIN_FILENO, &byte, 1) > 0 {
      if byte == UInt8(ascii: "c") { ClusterChanges(server: server).run() }
    }
  }
}
