// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// `version`: which program this is.
enum VersionShow {
  static let clientOnly = Flag.truth("client-only", "Do not ask the cluster for its version")

  static let command = Command(
    verb: "version",
    summary: "Print the version of binnacle and of the cluster",
    flags: [clientOnly.spec, GlobalFlags.output.spec],
    run: run
  )

  private static func run(_ context: CommandContext) async throws -> ExitCode {
    let value: JSONValue = ["clientVersion": ["version": .string(ProgramVersion.text)]]
    let format = context.format(GlobalFlags.output)
    if format == .text {
      try await context.output.line("Client:  binnacle \(ProgramVersion.text)")
    } else {
      try await context.output.write(ObjectPrinter.text(value, as: format))
    }
    return .done
  }
}
