// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// `version`: which program this is, and which Kubernetes the cluster runs.
enum VersionShow {
  static let clientOnly = Flag.truth("client-only", "Do not ask the cluster for its version")

  static let command = Command(
    verb: "version",
    summary: "Print the version of binnacle and of the cluster",
    details: [
      "When the cluster does not answer, binnacle's own version is printed all the same, and the command fails."
    ],
    flags: [clientOnly.spec, GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    var value: JSONValue = ["clientVersion": ["version": .string(ProgramVersion.text)]]
    let format = context.format(GlobalFlags.output)
    if format == .text { try await context.output.line("Client:  binnacle \(ProgramVersion.text)") }
    var failure: (any Error)?
    if context[clientOnly] != true {
      do {
        let server = try await serverVersion(context)
        if format == .text {
          try await context.output.line("Server:  Kubernetes \(server.gitVersion)")
        }
        value["serverVersion"] = [
          "gitVersion": .string(server.gitVersion), "major": .string(server.major),
          "minor": .string(server.minor),
        ]
      } catch {
        failure = error
      }
    }
    if format != .text { try await context.output.write(ObjectPrinter.text(value, as: format)) }
    if let failure { throw failure }
    return .done
  }

  private static func serverVersion(_ context: CommandContext) async throws -> ServerVersion {
    let client = try await Wiring(context).client(context, isPatient: false)
    do {
      let version = try await client.serverVersion()
      await client.shutdown()
      return version
    } catch {
      await client.shutdown()
      throw error
    }
  }
}
