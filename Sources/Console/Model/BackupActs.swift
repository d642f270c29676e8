// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What several screens let the user do with backups: verify, change their ends, protect, delete.
///
/// What is done is fixed when the user is asked: records and forecasts go into the question, and the engine refuses to touch a backup
/// that has become another one since.
struct BackupActs: Sendable {
  /// How many backups may go without the user having to type something.
  static let unarmedLimit = 3

  private let prefix: String
  /// Who waits for the list of what would go, and how many marked rows the filter hides.
  private var deletion: (token: Token, hiddenCount: Int)?
  /// The backups whose time to live is being typed, and how many marked rows the filter hides.
  private var edited: (entries: [BackupEntry], hiddenCount: Int) = ([], 0)

  /// - Parameter prefix: The screen's name, with which the actions' names begin.
  init(_ prefix: String) { self.prefix = prefix }

  /// The actions, for a screen's own.
  static func actions(_ prefix: String) -> [Action] {
    [
      Action(
        ActionID("\(prefix).verify"),
        "verify",
        "Read the archive to its end and compare its objects with the cluster; the result is kept",
        keys: ["V"]
      ),
      Action(
        ActionID("\(prefix).ttl"),
        "expiry",
        "Change how long the backup is kept; shows the date that comes of it",
        keys: ["e"],
        effect: .changes
      ),
      Action(
        ActionID("\(prefix).protect"),
        "protect",
        "Keep the backup without an end, or take that back",
        keys: ["P"],
        effect: .changes
      ),
      Action(
        ActionID("\(prefix).delete"),
        "delete",
        "Delete the backup with all its files, after a question",
        keys: ["D"],
        effect: .destroys
      ),
    ]
  }

  /// Whether an action can be done with some backups; nil when it is none of these.
  ///
  /// - Parameters:
  ///   - action: Which.
  ///   - targets: The backups, as they are shown.
  ///   - missing: Why there are none, where there are none.
  ///   - world: What is known.
  /// - Returns: Whether it can, with the reason why not; nil when it is another action.
  func availability(
    of action: ActionID,
    _ targets: [BackupEntry],
    missing: String = "there is no backup under the cursor",
    _ world: World
  ) -> Availability? {
    guard let verb = verb(action) else { return nil }
    guard !targets.isEmpty else { return .disabled(missing) }
    if verb == "verify" {
      let isEmpty = targets.allSatisfy { !$0.backup.status.phase.isRestorable }
      return isEmpty ? .disabled("it has no complete archive") : .enabled
    }
    let locations = Set(targets.map(\.place.location))
    if let location = world.locations.value?.first(where: {
      locations.contains($0.name) && $0.isReadOnly
    }) {
      return .disabled("location '\(location.name)' is read-only")
    }
    if verb == "delete", deletion != nil { return .disabled("what would go is being read") }
    return .enabled
  }

  /// Does one of the actions.
  ///
  /// - Parameters:
  ///   - action: Which.
  ///   - targets: The backups, as they are shown.
  ///   - hiddenCount: How many marked rows the filter hides.
  ///   - context: Where it is done.
  /// - Returns: Whether it was one of them.
  mutating func perform(
    _ action: ActionID,
    _ targets: [BackupEntry],
    hiddenCount: Int,
    _ context: inout UpdateContext
  ) -> Bool {
    guard let verb = verb(action), !targets.isEmpty else { return false }
    switch verb {
    case "verify":
      verify(targets, &context)
      tell(hiddenCount, &context)
    case "ttl": askForLength(targets, hiddenCount, &context)
    case "protect": protect(targets, hiddenCount, &context)
    default:
      let token = context.ask(.backup(.deletion(targets.map(\.place))))
      deletion = (token, hiddenCount)
      context.wait(
        deletionTag,
        title: "Delete \(Self.named(targets.map(\.place.name)))",
        text: "reading what would go"
      )
    }
    return true
  }

  /// Takes the list of what would go, and asks the user.
  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    guard case .answer(let answer, let token) = message, token == deletion?.token else { return }
    let hiddenCount = deletion?.hiddenCount ?? 0
    deletion = nil
    switch answer {
    case .backup(.deletion(let orders)) where orders.isEmpty:
      context.endWait(deletionTag)
      context.say(.info, "there is nothing left to delete")
    case .backup(.deletion(let orders)):
      let review = DeletionReview(orders, hiddenCount: hiddenCount)
      context.endWait(deletionTag, review.confirmation(context.world))
    case .failed(let failure):
      context.endWait(deletionTag)
      context.say(failure)
    default: break
    }
  }

  /// Takes what the user has typed.
  ///
  /// - Returns: Whether it was an answer to a question of its own.
  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) -> Bool {
    switch answer {
    case .typed(let text, tag: ttlTag):
      let (entries, hiddenCount) = edited
      edited = ([], 0)
      guard let length = GoDuration(shorthand: text) else { return true }
      let orders = entries.compactMap { Self.order($0, .timeToLive(length), context.world.now) }
      change(orders, Self.changeTitle(orders), hiddenCount, &context)
      return true
    case .dismissed(tag: ttlTag):
      edited = ([], 0)
      return true
    case .dismissed(tag: deletionTag):
      leave(&context)
      return true
    default: return false
    }
  }

  /// Nobody waits any more.
  mutating func leave(_ context: inout UpdateContext) {
    context.forget(deletion?.token)
    deletion = nil
  }

  private var ttlTag: String { "\(prefix).ttl" }
  private var deletionTag: String { "\(prefix).deletion" }

  private func verb(_ action: ActionID) -> String? {
    guard action.text.hasPrefix(prefix + ".") else { return nil }
    let verb = String(action.text.dropFirst(prefix.count + 1))
    return ["verify", "ttl", "protect", "delete"].contains(verb) ? verb : nil
  }

  private func verify(_ targets: [BackupEntry], _ context: inout UpdateContext) {
    let sound = targets.filter { $0.backup.status.phase.isRestorable }
    context.launch(
      PlannedLaunch(
        .lifecycle(.verify(sound.map(\.place))),
        .verification,
        Self.named(sound.map(\.place.name)),
        total: sound.compactMap(\.objectCount).reduce(0, +)
      )
    )
  }

  /// Backups that are named one by one where a time to live is asked for.
  private static let namedLimit = 5

  private mutating func askForLength(
    _ targets: [BackupEntry],
    _ hiddenCount: Int,
    _ context: inout UpdateContext
  ) {
    edited = (targets, hiddenCount)
    let world = context.world
    let length = targets.count == 1 ? HumanText.duration(targets[0].backup.spec.ttl) : ""
    var lines = targets.prefix(Self.namedLimit).map {
      ConfirmationLine("\($0.place.name) ends \($0.expiryLine(world))", .dim)
    }
    if targets.count > Self.namedLimit {
      let more = HumanText.count(targets.count - Self.namedLimit)
      lines.append(ConfirmationLine("and \(more) more", .dim))
    }
    if let text = DeletionReview.hidden(hiddenCount) { lines.append(ConfirmationLine(text, .warn)) }
    lines.append(
      ConfirmationLine("counted from the beginning of the backup: 36h, 30d, 2w", .dim)
    )
    context.prompt(
      Prompt(
        tag: ttlTag,
        title: "Keep \(Self.named(targets.map(\.place.name))) how long?",
        lines: lines,
        text: length,
        check: { Self.check($0, targets, world) }
      )
    )
  }

  /// What a length of time would come to.
  private static func check(
    _ text: String,
    _ targets: [BackupEntry],
    _ world: World
  ) -> PromptCheck {
    guard let length = GoDuration(shorthand: text) else {
      return .wrong("write a length of time such as 36h, 30d or 2w")
    }
    var ends: [Timestamp] = []
    var shorter = 0
    for target in targets {
      do throws(EngineError) {
        let forecast = try ExpiryForecast(target.backup, .timeToLive(length), at: world.now)
        if let end = forecast.newEnd { ends.append(end) }
        if forecast.isShortening { shorter += 1 }
      } catch {
        return .wrong(error.message)
      }
    }
    guard let first = ends.min(), let last = ends.max() else { return .wrong("nothing changes") }
    let span =
      first == last
      ? "\(world.local(first)), \(world.until(first))"
      : "\(world.local(first)) to \(world.local(last))"
    return .fine("ends \(span)" + (shorter > 0 ? "; sooner than now" : ""))
  }

  private func protect(
    _ targets: [BackupEntry],
    _ hiddenCount: Int,
    _ context: inout UpdateContext
  ) {
    // Several become alike: protected unless all of them are.
    let areProtected = targets.allSatisfy { entry in
      if case .protected = BackupExpiry(entry.backup, at: context.world.now).standing {
        true
      } else {
        false
      }
    }
    let change: ExpiryChange = areProtected ? .unprotect : .protect
    let orders = targets.compactMap { Self.order($0, change, context.world.now) }
    let names = Self.named(orders.map(\.forecast.name))
    let title = areProtected ? "Let \(names) end again" : "Protect \(names)"
    self.change(orders, title, hiddenCount, &context)
  }

  private static func order(
    _ entry: BackupEntry,
    _ change: ExpiryChange,
    _ now: Timestamp
  ) -> ExpiryOrder? {
    (try? ExpiryForecast(entry.backup, change, at: now)).flatMap {
      $0.isIdle ? nil : ExpiryOrder(location: entry.place.location, forecast: $0)
    }
  }

  /// Begins changes; asks first when any of them shortens the life of a backup.
  private func change(
    _ orders: [ExpiryOrder],
    _ title: String,
    _ hiddenCount: Int,
    _ context: inout UpdateContext
  ) {
    guard !orders.isEmpty else { return context.say(.info, "nothing changes") }
    let review = ExpiryReview(orders, hiddenCount: hiddenCount)
    guard review.isNeeded else {
      context.launch(review.launch)
      return tell(hiddenCount, &context)
    }
    context.confirm(review.confirmation(title, context.world))
  }

  /// What is asked before other ends: `Change when nightly-1 ends`.
  static func changeTitle(_ orders: [ExpiryOrder]) -> String {
    "Change when \(named(orders.map(\.forecast.name))) \(orders.count == 1 ? "ends" : "end")"
  }

  /// Says which marked backups an action was not about.
  private func tell(_ hiddenCount: Int, _ context: inout UpdateContext) {
    if let text = DeletionReview.hidden(hiddenCount) { context.say(.warning, text) }
  }

  /// A name, or how many there are.
  static func named(_ names: [String]) -> String {
    names.count == 1 ? names[0] : HumanText.counted(names.count, "backup")
  }
}
