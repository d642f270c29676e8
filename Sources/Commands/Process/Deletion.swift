// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// Something that can be removed for good, as it was when it was shown.
protocol Deletable: Sendable {
  /// What such things are called, such as `backup`.
  static var noun: String { get }
  /// What is shown of each before it goes.
  static var columns: [Column<Self>] { get }
  /// Its name.
  var name: String { get }
  /// Whether something of it is gone.
  var isTouched: Bool { get }
  /// What programs are told of it when something of it is gone.
  var json: JSONValue { get }
}

/// Removes things for good, after showing which and asking.
enum Deletion {
  /// Checks that just one of names, `--all` and a selector says which.
  ///
  /// - Throws: `UsageError` otherwise, for a selector that selects nothing from the rest, and when nobody could be asked.
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
    guard try context.selector(selector)?.isEmpty != true else {
      throw UsageError(
        "the selector of '\(context.command.path)' is empty, and would match everything",
        hint: "write --all if that is meant"
      )
    }
    try Confirmation.checkIsPossible(context)
  }

  /// Shows, asks, deletes and reports.
  ///
  /// The first one that cannot be deleted is the last one that is tried. What is gone by then is reported all the same.
  ///
  /// - Parameters:
  ///   - targets: What goes.
  ///   - context: The command, with an output and a confirm flag.
  ///   - explain: Says what else there is to know before the question.
  ///   - delete: Removes one, and leaves it as it was at last, also on a throw.
  /// - Returns: `.doneWithIssues` when something is gone and something is not.
  /// - Throws: What any of these throws, when nothing is gone; an interruption.
  static func perform<Target: Deletable>(
    _ targets: [Target],
    _ context: CommandContext,
    explain: (Target) async throws -> Void,
    delete: (inout Target) async throws -> Void
  ) async throws -> ExitCode {
    guard !targets.isEmpty else {
      try await report([Target](), context, "No \(Target.noun)s to delete.")
      return .done
    }
    try await context.errorOutput.write(TextTable.text(targets, columns: Target.columns))
    for target in targets { try await explain(target) }
    let question = "Delete \(HumanText.counted(targets.count, Target.noun)) for good?"
    guard try await Confirmation.isGiven(question, context) else {
      try await report([Target](), context, "Nothing was deleted.")
      return .done
    }
    let title = Target.noun.prefix(1).uppercased() + Target.noun.dropFirst()
    var touched: [Target] = []
    for (place, target) in targets.enumerated() {
      var target = target
      do {
        try await delete(&target)
      } catch {
        if target.isTouched { touched.append(target) }
        try await giveUp(error, touched, left: targets.count - place - 1, context)
        return .doneWithIssues
      }
      touched.append(target)
      if context.format(GlobalFlags.output) == .text {
        try await context.output.line("\(title) '\(target.name)' is deleted.")
      }
    }
    try await report(touched, context, nil)
    return .done
  }

  /// Reports what is gone when something could not be deleted.
  ///
  /// - Throws: The error, when nothing is gone or it is an interruption.
  private static func giveUp<Target: Deletable>(
    _ error: any Error,
    _ touched: [Target],
    left: Int,
    _ context: CommandContext
  ) async throws {
    guard !touched.isEmpty else { throw error }
    // Also one that was interrupted has to say what is gone; so in a task of its own.
    try await Task { try await Self.report(touched, context, nil) }.value
    let failure = ErrorReport(error)
    guard failure.exitCode != .interrupted else { throw error }
    try await context.message(failure.message, hint: failure.hint, kind: .error)
    if left > 0 {
      try await context.message(
        "\(HumanText.counted(left, Target.noun)) after it \(left == 1 ? "was" : "were") not tried",
        kind: .error
      )
    }
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
