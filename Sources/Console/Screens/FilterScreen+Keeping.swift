// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// Filters that are kept by name.
extension FilterScreen {
  /// Marks the question for a name.
  static let saveTag = "filter.save"
  /// Marks the question whether to empty the form.
  static let clearTag = "filter.clear"
  /// Marks the choice of a filter.
  static let loadTag = "filter.load"

  /// Asks for the name under which the filter is kept.
  mutating func askForName(_ context: inout UpdateContext) {
    let known = Set(savedNames)
    context.prompt(
      Prompt(
        tag: Self.saveTag,
        title: "Keep the filter",
        lines: [ConfirmationLine("The whole form is kept but for the backup's name.", .dim)],
        text: savedName
      ) { name in
        guard ObjectName.isSubdomain(name) else {
          return .wrong(name.isEmpty ? "write a name" : ObjectName.rule)
        }
        return .fine(known.contains(name) ? "takes the place of the filter '\(name)'" : "")
      }
    )
  }

  /// Lets the user choose a filter.
  mutating func offerFilters(_ context: inout UpdateContext) {
    guard !savedNames.isEmpty else {
      context.say(.info, "no filter is kept yet; w keeps this one")
      return
    }
    context.choose(
      ChoiceMenu(
        tag: Self.loadTag,
        title: isEdited ? "Load a filter in place of this one" : "Load a filter",
        choices: savedNames.map { ChoiceMenu.Choice(id: $0, title: $0) },
        cursor: savedNames.firstIndex(of: savedName) ?? 0
      )
    )
  }

  mutating func answered(_ answer: OverlayAnswer, _ context: inout UpdateContext) {
    switch answer {
    case .accepted(Self.launchTag, _): launched(&context)
    case .accepted(Self.clearTag, _): clear(&context)
    case .typed(let name, Self.saveTag):
      var backup = reading.backup
      backup.name = name
      context.forget(libraryToken)
      libraryToken = context.ask(.filter(.saveFilter(name, backup)))
    case .chosen(let name, Self.loadTag):
      context.forget(libraryToken)
      libraryToken = context.ask(.filter(.savedFilter(name)))
    case .chosen, .typed, .accepted, .dismissed: break
    }
  }

  /// Takes what the library has answered.
  mutating func takeFromLibrary(_ answer: Answer, _ context: inout UpdateContext) {
    switch answer {
    case .filter(.savedFilters(let names)): savedNames = names
    case .filter(.saved(let name, let place)):
      isEdited = false
      savedName = name
      if !savedNames.contains(savedName) { savedNames = (savedNames + [savedName]).sorted() }
      context.say(.info, "the filter '\(savedName)' is kept in \(place)")
    case .filter(.savedFilter(let filter)): load(filter, &context)
    case .failed(let failure): context.say(failure)
    default: break
    }
  }

  private mutating func load(_ filter: SavedFilter, _ context: inout UpdateContext) {
    let name = form[.name]
    form = BackupForm(name: name, locations: locations(context.world))
    if let location = context.world.defaultLocation { form[.location] = location.name }
    form.fill(with: filter.backup)
    savedName = filter.name
    isEdited = false
    if filter.findings.isEmpty {
      context.say(.info, "the filter '\(filter.name)' is loaded")
    } else {
      context.say(
        .warning,
        "the filter '\(filter.name)' is loaded; not all of its file is understood",
        details: filter.findings
      )
    }
    follow(&context, isTyped: false)
  }

  /// Asks before something is thrown away that was typed.
  func askToClear(_ context: inout UpdateContext) {
    context.confirm(
      Confirmation(
        title: "Start anew?",
        lines: [
          ConfirmationLine("what was typed is neither kept nor launched", .warn),
          ConfirmationLine("w keeps it under a name", .dim),
        ],
        accept: "Start anew",
        tag: Self.clearTag
      )
    )
  }

  /// Empties the form.
  mutating func clear(_ context: inout UpdateContext) {
    form = BackupForm(name: freshName(context.world), locations: locations(context.world))
    if let location = context.world.defaultLocation { form[.location] = location.name }
    savedName = ""
    isEdited = false
    follow(&context, isTyped: false)
  }
}
