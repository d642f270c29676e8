// SPDX-License-Identifier: Apache-2.0

/// The screens that are open: those that lie on each other now, and those that lay on each other before the last jump.
///
/// Each is there once, also where both have it, so that going back finds it as it has become meanwhile. The first one, the overview,
/// is in both and stays.
struct ScreenStack: Sendable {
  private var held: [Int: any ConsoleScreen]
  private var nextNumber = 1
  /// The numbers of those that lie on each other, the one that is seen last.
  private var now = [0]
  /// Those of before the last jump; empty before the first one.
  private var before: [Int] = []

  /// With one screen, which stays.
  init(root: any ConsoleScreen) { held = [0: root] }

  /// The screen that is seen.
  var top: any ConsoleScreen {
    get { self[now[now.count - 1]] }
    set { self[now[now.count - 1]] = newValue }
  }

  /// A screen that is open, by its number.
  subscript(number: Int) -> any ConsoleScreen {
    get {
      guard let screen = held[number] else { preconditionFailure("no screen \(number) is open") }
      return screen
    }
    set { held[number] = newValue }
  }

  /// Those that lie on each other, the one that is seen last.
  var shown: [any ConsoleScreen] { now.map { self[$0] } }

  /// How many lie on each other.
  var count: Int { now.count }

  /// The numbers of those that lie on each other.
  var shownNumbers: [Int] { now }

  /// The numbers of those of before the last jump that are hidden by it.
  var hiddenNumbers: [Int] { before.filter { !now.contains($0) } }

  /// Whether a screen is still open.
  func isOpen(_ number: Int) -> Bool { held[number] != nil }

  /// The screen that was seen before the last jump; nil when it is seen still, or there was none.
  var formerTop: (any ConsoleScreen)? {
    guard before != now, let last = before.last else { return nil }
    return self[last]
  }

  /// What would be lost if the program ended.
  var unsaved: [String] { (now + hiddenNumbers).compactMap { self[$0].unsaved } }

  /// What a jump would lose: what is unsaved of before the last one, where this one leaves something unsaved too.
  var lostByJump: [String] {
    guard now.dropFirst().contains(where: { self[$0].unsaved != nil }) else { return [] }
    return hiddenNumbers.compactMap { self[$0].unsaved }
  }

  /// Lays a screen over the others.
  mutating func push(_ screen: any ConsoleScreen) {
    held[nextNumber] = screen
    now.append(nextNumber)
    nextNumber += 1
  }

  /// Goes elsewhere: to a screen with nothing but the first one below it, or to the first one.
  ///
  /// What was seen can be gone back to, unless there is something unsaved there already and nothing here.
  ///
  /// - Returns: The screens that are closed by it.
  mutating func jump(to screen: (any ConsoleScreen)?) -> [any ConsoleScreen] {
    let left = now
    now = [0]
    if let screen { push(screen) }
    let isDraftThere = before.contains { !left.contains($0) && self[$0].unsaved != nil }
    let isDraftHere = left.dropFirst().contains { self[$0].unsaved != nil }
    if !isDraftThere || isDraftHere { before = left }
    return sweep()
  }

  /// Closes the screen that is seen; the first one stays.
  ///
  /// - Parameter forGood: Whether nothing leads back to it.
  /// - Returns: The screens that are closed by it.
  mutating func pop(forGood: Bool) -> [any ConsoleScreen] {
    guard now.count > 1 else { return [] }
    let isDraftThere = hiddenNumbers.contains { self[$0].unsaved != nil }
    if forGood {
      let closed = now[now.count - 1]
      before.removeAll { $0 == closed }
    } else if !isDraftThere {
      before = now
    }
    now.removeLast()
    return sweep()
  }

  /// Goes back to before the last jump, which becomes the last one itself; false when there was none.
  mutating func goBack() -> Bool {
    guard !before.isEmpty else { return false }
    swap(&now, &before)
    return true
  }

  /// Closes what nothing leads to any more.
  private mutating func sweep() -> [any ConsoleScreen] {
    let kept = Set(now + before)
    let closed = held.keys.filter { !kept.contains($0) }.sorted()
    return closed.compactMap { held.removeValue(forKey: $0) }
  }
}
