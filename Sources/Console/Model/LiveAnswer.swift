// SPDX-License-Identifier: Apache-2.0

internal import Engine

/// The answer to a question that is being edited: asked for a moment after the last change, and live from then on where more
/// answers come.
///
/// The last answer stays until the next one lands; `isCurrent` says whether it is that of the question as it stands.
struct LiveAnswer<Wish: Sendable & Equatable, Found: Sendable>: Sendable {
  /// An answer with the wish that it is of.
  struct Shown: Sendable {
    var wish: Wish
    var found: Found
  }

  /// How long after the last change it is asked.
  static var pause: Duration { .milliseconds(80) }

  /// The last answer; nil before the first.
  private(set) var shown: Shown?
  /// Why there is no answer to the wish as it stands.
  private(set) var failure: Failure?
  /// The wish as it stands; nil while it makes no sense.
  private(set) var wanted: Wish?
  private var timer: Token?
  private var token: Token?
  private let question: @Sendable (Wish) -> Question
  private let read: @Sendable (Answer) -> Found?

  /// Makes one that has asked nothing.
  ///
  /// - Parameters:
  ///   - question: What is asked of a wish.
  ///   - read: What an answer says; nil for one that says nothing yet.
  init(
    _ question: @escaping @Sendable (Wish) -> Question,
    read: @escaping @Sendable (Answer) -> Found?
  ) {
    (self.question, self.read) = (question, read)
  }

  /// Whether the answer is to the wish as it stands.
  var isCurrent: Bool { failure == nil && wanted != nil && shown?.wish == wanted }

  /// The wish has changed, or makes no sense now and is nil.
  ///
  /// - Parameters:
  ///   - wish: What is to be asked.
  ///   - isEdited: Whether more changes may follow, which are waited for.
  ///   - context: Where it is asked.
  mutating func want(_ wish: Wish?, isEdited: Bool, _ context: inout UpdateContext) {
    guard wish != wanted else { return }
    stop(&context)
    wanted = wish
    guard let wish else { return }
    if isEdited {
      timer = context.ask(.timer(Self.pause))
    } else {
      token = context.ask(question(wish))
    }
  }

  /// Asks again for what could not be had.
  mutating func retry(_ context: inout UpdateContext) {
    let wish = wanted
    stop(&context)
    wanted = wish
    if let wish { token = context.ask(question(wish)) }
  }

  /// Another cluster is looked at: nothing that is known counts any more.
  mutating func reset(_ context: inout UpdateContext) {
    shown = nil
    retry(&context)
  }

  /// Waits for nothing any more.
  mutating func stop(_ context: inout UpdateContext) {
    context.forget(timer)
    context.forget(token)
    (timer, token, failure, wanted) = (nil, nil, nil, nil)
  }

  /// Takes an answer.
  ///
  /// - Returns: Whether it was for this question.
  mutating func take(_ answer: Answer, _ token: Token, _ context: inout UpdateContext) -> Bool {
    if token == timer {
      timer = nil
      if let wanted { self.token = context.ask(question(wanted)) }
      return true
    }
    guard token == self.token, let wanted else { return false }
    if case .failed(let failure) = answer {
      self.failure = failure
    } else if let found = read(answer) {
      failure = nil
      shown = Shown(wish: wanted, found: found)
    }
    return true
  }
}
