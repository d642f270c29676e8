// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What the user is shown before the life of backups is shortened.
struct ExpiryReview: Sendable {
  private let orders: [ExpiryOrder]
  private let hiddenCount: Int

  /// - Parameters:
  ///   - orders: The changes; at least one.
  ///   - hiddenCount: How many marked rows are not seen, and not among them.
  init(_ orders: [ExpiryOrder], hiddenCount: Int) {
    self.orders = orders
    self.hiddenCount = hiddenCount
  }

  /// Whether any of them shortens the life of a backup, so that the user is asked.
  var isNeeded: Bool { orders.contains(where: \.forecast.isShortening) }

  /// What is begun.
  var launch: PlannedLaunch {
    PlannedLaunch(
      .lifecycle(.setExpiry(orders)),
      .expiry,
      BackupActs.named(orders.map(\.forecast.name)),
      total: orders.count
    )
  }

  /// The question, with the old and the new end of each.
  func confirmation(_ title: String, _ world: World) -> Confirmation {
    var lines = orders.flatMap { order -> [ConfirmationLine] in
      let (old, new) = (order.forecast.formerEnd, order.forecast.newEnd)
      let past = order.forecast.isPast ? ", which is over: the next collection removes it" : ""
      let change = ConfirmationLine(
        "\(order.forecast.name): \(old.map(world.local) ?? "never") "
          + "\(Character(world.glyphs.arrow)) \(new.map(world.local) ?? "never")\(past)",
        order.forecast.isShortening ? .warn : .text
      )
      return [change] + DeletionReview.uidLines(order.forecast.before)
    }
    lines.append(ConfirmationLine(HumanText.counted(orders.count, "backup")))
    if let text = DeletionReview.hidden(hiddenCount) {
      lines.append(ConfirmationLine(text, .warn))
    }
    let places = orders.map { BackupPlace(location: $0.location, name: $0.forecast.name) }
    let isForeign = places.contains(where: world.mayBeOfOtherCluster)
    if places.contains(where: world.isOfOtherCluster) {
      let text = orders.count == 1 ? "it is of another cluster" : "some are of other clusters"
      lines.append(ConfirmationLine(text, .bad))
    } else if isForeign {
      let text = orders.count == 1 ? "it may be of another one" : "some may be of other ones"
      lines.append(ConfirmationLine("the cluster has not said who it is: \(text)", .warn))
    }
    return Confirmation(
      title: "\(title)?",
      lines: lines,
      accept: "Shorten",
      arm: DeletionReview.arm(orders.map(\.forecast.name), world, isForeign: isForeign),
      launches: [launch]
    )
  }
}
