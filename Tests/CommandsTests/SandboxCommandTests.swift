// SPDX-License-Identifier: Apache-2.0

import Commands
import Primitives
import Sandbox
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(10)))
struct SandboxCommandTests {
  private func invocation(
    _ arguments: [String],
    home: TemporaryDirectory,
    output: Output,
    errorOutput: Output
  ) -> Invocation {
    Invocation(
      arguments: arguments,
      environment: ["HOME": home.path, "XDG_RUNTIME_DIR": home.path],
      input: .empty,
      output: output,
      errorOutput: errorOutput
    )
  }

  @Test(arguments: [["--empty"], ["--tls=false"], ["--size", "100", "--kubernetes", "1.20"]])
  func `a sandbox serves until it is stopped, and takes its kubeconfig away`(flags: [String])
    async throws
  {
    let home = try TemporaryDirectory()
    let output = AwaitedOutput()
    let process = invocation(
      ["sandbox"] + flags,
      home: home,
      output: output.output,
      errorOutput: CapturedOutput().output()
    )
    let task = Task { await CommandLineTool.run(process) }
    let path = await output.text(upTo: "\n").dropLast()
    #expect(path.hasPrefix(home.path + "/binnacle-sandbox-"))
    let version = await CommandRun.of(["version", "--kubeconfig", String(path)])
    #expect(version.output.contains("Server:  Kubernetes v1."))
    #expect(version.code == 0)
    task.cancel()
    #expect(await task.value == 0)
    #expect(try home.names().isEmpty)
  }

  @Test func `a sandbox starts with one cluster and with a sound script`() async throws {
    let home = try TemporaryDirectory()
    let both = await CommandRun.of(["sandbox", "--empty", "--demo"])
    #expect(both.code == 2)
    let script = try home.write("faults:\n- pth: /\n", to: "faults.yaml")
    let broken = await CommandRun.of(["sandbox", "--empty", "--faults", script])
    #expect(broken.code == 2)
    #expect(broken.errorOutput.hasPrefix("error: \(script):2:"))
    #expect(await CommandRun.of(["sandbox", "--faults", home.path("none")]).code == 10)
  }
}
