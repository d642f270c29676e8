// SPDX-License-Identifier: Apache-2.0

public import Terminal

/// What lies over a screen and takes the keys.
enum Overlay: Sendable {
  case confirmation(Confirmation, Dialog)
  case menu(ChoiceMenu, Menu)
  case prompt(Prompt)
  case commands(CommandList)
  case waiting(Waiting, Dialog)

  init(_ waiting: Waiting) { self = .waiting(waiting, waiting.dialog) }

  init(_ confirmation: Confirmation) { self = .confirmation(confirmation, confirmation.dialog) }

  init(_ menu: ChoiceMenu) { self = .menu(menu, menu.menu) }
}

/// A question before something is done.
///
/// What will be done is fixed when the question is asked: the effects are made then, with
/// the names and uids of what they are about, so that nothing that moves meanwhile can change them.
public struct Confirmation: Sendable {
  /// What is asked.
  public var title: String
  /// What will happen, and to what; scrolls when it is long.
  public var lines: [ConfirmationLine]
  /// The word on the button that does it, such as `Delete`.
  public var accept: String
  /// What the user has to type before the button works; nil for nothing.
  public var arm: String?
  /// Whether Enter does it at once, as for what only adds; else Cancel has the focus.
  public var isAcceptedByEnter: Bool
  /// The operations that accepting begins, each with what it is about.
  public var launches: [PlannedLaunch]
  /// What the screen is told when it is accepted; nil for nothing.
  public var tag: String?

  /// Asks a question.
  public init(
    title: String,
    lines: [ConfirmationLine],
    accept: String,
    arm: String? = nil,
    isAcceptedByEnter: Bool = false,
    launches: [PlannedLaunch] = [],
    tag: String? = nil
  ) {
    self.title = title
    self.lines = lines
    self.accept = accept
    self.arm = arm
    self.isAcceptedByEnter = isAcceptedByEnter
    self.launches = launches
    self.tag = tag
  }
}

extension Confirmation {
  static let cancelID = "cancel"
  static let acceptID = "accept"

  /// How it is shown: the button that does it never has the focus at first, unless it only adds.
  var dialog: Dialog {
    Dialog(
      title: title,
      lines: lines.map { TextLine($0.text, Style($0.role)) },
      buttons: [
        DialogButton(Self.cancelID, "Cancel", letters: ["n", "c"]),
        DialogButton(Self.acceptID, accept, isDangerous: !isAcceptedByEnter, letters: ["y"]),
      ],
      focus: isAcceptedByEnter ? Self.acceptID : Self.cancelID,
      word: arm
    )
  }
}

/// What a question has to wait for, such as what a store says; it has the keys at once, so that none that is
/// meant for something else meets the question when that comes.
public struct Waiting: Sendable {
  /// What is waited for; the question with the same tag takes its place.
  public var tag: String
  /// What will be asked.
  public var title: String
  /// What is being read.
  public var text: String
}

extension Waiting {
  /// How it is shown: it can be left, and nothing else.
  var dialog: Dialog {
    Dialog(
      title: title,
      lines: [TextLine(text, .dim)],
      buttons: [DialogButton(Confirmation.cancelID, "Cancel")],
      focus: Confirmation.cancelID
    )
  }
}

/// A line of a question.
public struct ConfirmationLine: Sendable, Hashable {
  /// The text.
  public var text: String
  /// How it looks.
  public var role: Role

  /// Makes a line.
  public init(_ text: String, _ role: Role = .text) {
    self.text = text
    self.role = role
  }
}

/// An operation that is to begin, with what the list of operations says of it.
public struct PlannedLaunch: Sendable {
  /// What is done.
  public var launch: Launch
  /// What kind of operation it is.
  public var kind: Operation.Kind
  /// What it is about.
  public var subject: String
  /// How many objects are expected; nil when nobody knows.
  public var total: Int?

  /// Plans an operation.
  public init(_ launch: Launch, _ kind: Operation.Kind, _ subject: String, total: Int? = nil) {
    self.launch = launch
    self.kind = kind
    self.subject = subject
    self.total = total
  }
}

/// A choice among some words.
public struct ChoiceMenu: Sendable {
  /// One of them.
  public struct Choice: Sendable, Hashable {
    /// What the screen is told.
    public var id: String
    /// What the user reads.
    public var title: String
    /// What stands beside it, dimmed.
    public var note: String
    /// Why it cannot be chosen; nil when it can.
    public var reason: String?

    /// Makes a choice.
    public init(id: String, title: String, note: String = "", reason: String? = nil) {
      self.id = id
      self.title = title
      self.note = note
      self.reason = reason
    }
  }

  /// Tells the screen which menu is answered.
  public var tag: String
  /// What is to be chosen.
  public var title: String
  /// The choices.
  public var choices: [Choice]
  /// The place of the one under the cursor.
  public var cursor: Int

  /// Makes a menu.
  public init(tag: String, title: String, choices: [Choice], cursor: Int = 0) {
    self.tag = tag
    self.title = title
    self.choices = choices
    self.cursor = cursor
  }
}

extension ChoiceMenu {
  var menu: Menu {
    Menu(
      title: title,
      items: choices.map {
        MenuItem($0.id, title: $0.title, detail: $0.note, disabledReason: $0.reason)
      },
      selected: choices.indices.contains(cursor) ? choices[cursor].id : nil
    )
  }
}

/// A question that is answered by a line of text.
public struct Prompt: Sendable {
  /// Tells the screen which prompt is answered.
  public var tag: String
  /// What is asked.
  public var title: String
  /// Lines above the text.
  public var lines: [ConfirmationLine]
  /// The text.
  public var field: TextField
  /// Says what the text means, or what is wrong with it, as it is typed.
  public var check: @Sendable (String) -> PromptCheck

  /// Makes a prompt.
  public init(
    tag: String,
    title: String,
    lines: [ConfirmationLine] = [],
    text: String = "",
    check: @escaping @Sendable (String) -> PromptCheck = { _ in .fine("") }
  ) {
    self.tag = tag
    self.title = title
    self.lines = lines
    field = TextField(text)
    self.check = check
  }
}

/// What a text in a prompt means.
public enum PromptCheck: Sendable, Hashable {
  /// It can be used; the text says what it means.
  case fine(String)
  /// It cannot be used; the text says why.
  case wrong(String)
}

/// What the user has answered.
public enum OverlayAnswer: Sendable, Hashable {
  /// The choice of a menu.
  case chosen(String, tag: String)
  /// The text of a prompt.
  case typed(String, tag: String)
  /// Yes to a question that has a tag; operations are begun already.
  case accepted(tag: String, [OperationID])
  /// A menu, prompt or question was closed without an answer.
  case dismissed(tag: String)
}
