// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Terminal
internal import Velero

/// The records of restores that are to be deleted, as they were when the question was asked.
struct RestoreDeletion {
  /// More records than this are confirmed by their number.
  private static let plainLimit = 3
  /// Records that are named, up to so many.
  private static let namedLimit = 12

  /// The records.
  var records: [Restore]
  /// Where they are.
  var location: String
  /// How many others are marked and hidden by the filter; they stay.
  var hiddenCount: Int

  /// The question, with Cancel before it.
  func question(_ world: World, tag: String) -> Confirmation {
    let isLarge = records.count > Self.plainLimit || world.isProduction
    let one = records.count == 1 ? records.first : nil
    var lines = [
      ConfirmationLine("The record, the log and the lists go; what was restored stays."),
      ConfirmationLine(""),
    ]
    for record in records.prefix(Self.namedLimit) {
      let phase = record.status.phase.text
      lines.append(ConfirmationLine("\(record.name)  \(phase)  of \(record.spec.backupName)"))
    }
    if records.count > Self.namedLimit {
      lines.append(ConfirmationLine("and \(records.count - Self.namedLimit) more", .dim))
    }
    if hiddenCount > 0 {
      lines.append(
        ConfirmationLine("\(hiddenCount) more marked, hidden by the filter: not deleted", .warn)
      )
    }
    let title = one.map { "the record of '\($0.name)'" } ?? "\(records.count) records"
    return Confirmation(
      title: "Delete \(title) in '\(location)'?",
      lines: lines,
      accept: "Delete",
      arm: isLarge ? one?.name ?? "\(records.count)" : nil,
      launches: [
        PlannedLaunch(
          .restore(.delete(records, location: location)),
          .deletion,
          one?.name ?? HumanText.counted(records.count, "restore"),
          total: records.count
        )
      ],
      tag: tag
    )
  }
}

extension World {
  /// Why nothing may be written to a location; nil where it may.
  func readOnlyReason(ofLocation name: String) -> String? {
    guard let location = locations.value?.first(where: { $0.name == name }) else { return nil }
    if let problem = location.problem { return problem }
    return location.isReadOnly ? "the location '\(name)' is read-only" : nil
  }
}
