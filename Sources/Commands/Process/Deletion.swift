// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Something that can be removed for good, as it was when it was shown.
protocol Deletable: Sendable {
  /// What such things are called, such as `backup`.
  static var noun: String { get }
  /// What is shown of each before it goes.
  static var columns: [Column<Self>] { get }
  /// Its name.
  var name: String { get }
  /// What programs are told of it when it is gone.
  var json: JSONValue { get }
}

/// Removes things for good, after showing which and asking.
enum Deletion {
  /// Checks that just one of names, `--all` and a selector says which.
  ///
  /// - Throws: `UsageError` otherwise, and when nobody could be asked.
  static func checkSelection(
    _ context: CommandContext,
    all: Flag<Bool>,
    selector: Flag<String>
  ) throws(UsageError) {
    let ways = [
      !context.arguments.words.isEmpty, context[all] == true, context[selector] != nil,
    ]
    guard ways.count(where: { $0 }) == 1 else {
      let path = context.command.path
      throw UsageError(
        "'\(path)' needs just one of: names, --all, --selector",
        hint:
          "'binnacle \(context.command.noun ?? "") get' lists the \(context.command.noun ?? "")s"
      )
    }
    try Confirmation.checkIsPossible(context)
  }

  /// Shows, asks, deletes and reports.
  ///
  /// - Parameters:
  ///   - targets: What goes.
  ///   - context: The command, with an output and a confirm flag.
  ///   - explain: Says what else there is to know before the question.
  ///   - delete: Removes one, and gives it back as it was at last.
  /// - Throws: What any of these throws.
  static func perform<Target: Deletable>(
    _ targets: [Target],
    _ context: CommandContext,
    explain: (Target) async throws -> Void,
    delete: (Target) async throws -> Target
  ) async throws {
    guard !targets.isEmpty else {
      return try await report([Target](), context, "No \(Target.noun)s to delete.")
    }
    try await context.errorOutput.write(TextTable.text(targets, columns: Target.columns))
    for target in targets { try await explain(target) }
    let question = "Delete \(HumanText.counted(targets.count, Target.noun)) for good?"
    guard try await Confirmation.isGiven(question, context) else {
      return try await report([Target](), context, "Nothing was deleted.")
    }
    let title = Target.noun.prefix(1).uppercased() + Target.noun.dropFirst()
    var deleted: [Target] = []
    for target in targets {
      deleted.append(try await delete(target))
      if context.format(GlobalFlags.output) == .text {
        try await context.output.line("\(title) '\(target.name)' is deleted.")
      }
    }
    try await report(deleted, context, nil)
  }

  /// Stops at something that is not any more what was shown.
  static func changed(_ noun: String, _ name: String) -> CommandFailure {
    CommandFailure(
      exitCode: .locked,
      code: "changed",
      message: "the \(noun) '\(name)' has changed since it was shown, and is kept",
      hint: "look at it again with 'binnacle \(noun) describe \(name)'"
    )
  }

  private static func report<Target: Deletable>(
    _ deleted: [Target],
    _ context: CommandContext,
    _ text: String?
  ) async throws {
    let format = context.format(GlobalFlags.output)
    if format == .text {
      if let text { try await context.output.line(text) }
    } else {
      let list = ObjectPrinter.list(deleted.map(\.json))
      try await context.output.write(ObjectPrinter.text(list, as: format))
    }
  }
}
