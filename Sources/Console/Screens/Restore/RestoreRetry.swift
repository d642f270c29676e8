// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal

/// The rest of a restore that is to be done, as it is when the question is asked.
struct RestoreRetry {
  /// Where its record is.
  var location: String
  /// Its name.
  var name: String
  /// The connection that it goes by.
  var generation: Int
  /// How many objects failed or were left; nil where that is not known.
  var left: Int?
  /// Whether objects that exist and differ are deleted first; nil where that is not known.
  var recreates: Bool?

  /// The question; in production the context is typed.
  func confirmation(_ world: World, tag: String?) -> Confirmation {
    let context = world.contextName
    let objects = left.map { HumanText.counted($0, "object") } ?? "all of its objects"
    var lines = [
      ConfirmationLine("\(objects) that failed or were left are restored again"),
      ConfirmationLine(
        "into context '\(context ?? "")'",
        world.isProduction ? .production : .title
      ),
      ConfirmationLine("what is there already is left alone", .dim),
    ]
    switch recreates {
    case true?:
      lines.append(
        ConfirmationLine("those that exist and differ are deleted and created anew", .warn)
      )
    case false?: break
    case nil:
      lines.append(
        ConfirmationLine(
          "it is not known whether those that differ are deleted and created anew",
          .warn
        )
      )
    }
    return Confirmation(
      title: "Retry '\(name)'?",
      lines: lines,
      accept: "Retry",
      arm: world.isProduction ? context : nil,
      launches: [
        PlannedLaunch(
          .restore(.retry(location: location, name: name, generation: generation)),
          .restore,
          name,
          total: left
        )
      ],
      tag: tag
    )
  }
}
