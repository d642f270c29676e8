// SPDX-License-Identifier: Apache-2.0

public import Primitives

extension RestoreAction {
  /// What was done about objects, in a summary.
  public var done: String {
    switch self {
    case .create: "created"
    case .update: "updated"
    case .recreate: "deleted and created anew"
    case .skipIdentical: "there already"
    case .skipDifferent: "left as they are, though they differ"
    case .leave: "not to be restored"
    case .fail: "failed"
    }
  }

  /// What would be done, as the heading of a table and before an object.
  public var title: String {
    switch self {
    case .create: "create"
    case .update: "update"
    case .recreate: "recreate"
    case .skipIdentical: "same"
    case .skipDifferent: "differs"
    case .leave: "leave"
    case .fail: "fail"
    }
  }
}

extension RestoreCounts {
  /// What of a restore is shown, in this order.
  public static let shown: [RestoreAction] = [
    .create, .update, .recreate, .skipIdentical, .skipDifferent, .fail,
  ]

  /// `12 created, 3 there already`; nil when there was nothing to do.
  public var text: String? {
    let parts = Self.shown.filter { self[$0] > 0 }.map {
      "\(HumanText.count(self[$0])) \($0.done)"
    }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}

extension Duration {
  /// A Go duration as one of Swift's.
  public init(_ duration: GoDuration) { self = .nanoseconds(duration.nanoseconds) }
}
