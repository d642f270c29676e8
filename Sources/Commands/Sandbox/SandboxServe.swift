// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Sandbox

/// `sandbox`: a Kubernetes API server on this machine, to try things out.
enum SandboxServe {
  static let port = Flag.integer(
    "port",
    in: 0...65_535,
    "The port on 127.0.0.1; any free one when not given"
  )
  static let faults = Flag.text(
    "faults",
    placeholder: "FILE",
    completion: .files,
    "Make the mistakes that this script lists, such as latency, 429 answers and cut connections"
  )
  static let usesTLS = Flag.truth(
    "tls",
    "Serve HTTPS, which is what happens anyway; with =false plain HTTP, where kubectl sends no token"
  )
  static let demo = Flag.truth("demo", "Start with the demo cluster, which is what happens anyway")
  static let empty = Flag.truth("empty", "Start with an empty cluster")
  static let size = Flag.integer(
    "size",
    in: 14...1_000_000,
    "Start with a made-up cluster of so many objects"
  )
  static let release = Flag.choice(
    "kubernetes",
    SandboxVersion.allCases.map(\.rawValue),
    "The Kubernetes to behave like; the newest when not given"
  )

  static let command = Command(
    verb: "sandbox",
    summary: "Serve a small Kubernetes cluster on this machine until stopped",
    details: [
      "The first line on standard output is the path of a kubeconfig, which is removed when the sandbox stops. "
        + "Everything is in memory, and only this machine can connect."
    ],
    flags: [
      port.spec, faults.spec, usesTLS.spec, demo.spec, empty.spec, size.spec, release.spec,
      GlobalFlags.output.spec,
    ],
    examples: [
      Example(explanation: "the demo cluster", commandLine: "binnacle sandbox"),
      Example(
        explanation: "a larger one that answers badly",
        commandLine: "binnacle sandbox --size 20000 --faults faults.yaml"
      ),
    ],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let server = try start(context)
    defer { server.stop() }
    let path = try TemporaryFile(
      Array(server.kubeconfig.utf8),
      prefix: "binnacle-sandbox-",
      suffix: ".yaml",
      environment: context.invocation.environment
    )
    defer { path.remove() }
    try await announce(server, path.path, context)
    // Nothing ever comes; the wait ends when the task is cancelled, which is how a sandbox is stopped.
    let (forever, continuation) = AsyncStream.makeStream(of: Void.self)
    for await _ in forever {}
    continuation.finish()
    return .done
  }

  private static func start(_ context: CommandContext) throws -> SandboxServer {
    let contents = [context[demo] == true, context[empty] == true, context[size] != nil]
    guard contents.count(where: { $0 }) <= 1 else {
      throw UsageError("'sandbox' starts with one cluster: --demo, --empty or --size")
    }
    let version =
      context[release].flatMap(SandboxVersion.init(rawValue:)) ?? SandboxOptions().version
    let clock = context.invocation.clock
    let cluster = SandboxCluster(
      options: SandboxOptions(
        version: version,
        port: UInt16(context[port] ?? 0),
        tls: context[usesTLS] != false ? try SandboxTLS.loopback(clock: clock) : nil,
        clock: clock
      )
    )
    if let count = context[size] {
      try cluster.load(PopulatedCluster(objectCount: count))
    } else if context[empty] != true {
      try cluster.load(DemoCluster.objects(now: clock.now(), version: version))
    }
    if let script = context[faults] {
      let text = String(decoding: try LocalFile.contents(script), as: UTF8.self)
      cluster.faults = try FaultScript.parse(text, file: script)
    }
    return try SandboxServer.start(cluster: cluster)
  }

  private static func announce(_ server: SandboxServer, _ path: String, _ context: CommandContext)
    async throws
  {
    let format = context.format(GlobalFlags.output)
    if format == .text {
      try await context.output.line(path)
      try await context.errorOutput.line(
        "Serving at \(server.url) until stopped; try: kubectl --kubeconfig \(path) get pods -A"
      )
    } else {
      let value: JSONValue = ["kubeconfig": .string(path), "server": .string(server.url)]
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
  }
}
