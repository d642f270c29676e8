// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

/// What can be done with a restore that is being composed.
extension RestorePlanScreen {
  static let actions: [Action] =
    [
      Action(
        "restore-plan.launch",
        "restore",
        "Look at the plan once more, and restore just what it says",
        keys: ["r"],
        effect: .destroys
      ),
      Action(
        "restore-plan.edit",
        "change",
        "Change what is asked for",
        keys: ["e", "tab", "shift-tab"]
      ),
      Action(
        "restore-plan.offer",
        "list words",
        "List the words that fit the field of the form",
        keys: ["ctrl-n"]
      ),
      Action(
        "restore-plan.plan",
        "plan",
        "Compare what is asked for with the cluster, again",
        keys: ["P", "ctrl-p"]
      ),
      Action(
        "restore-plan.selection",
        "takes",
        "Show what the form takes of the backup and why, or the plan again",
        keys: ["t"]
      ),
      Action(
        "restore-plan.action",
        "next kind",
        "Show only what would be created, updated, left …, or the next view of what is taken",
        keys: ["f"]
      ),
      Action(
        "restore-plan.findings",
        "findings",
        "Show what stands in the way in the cluster, or the objects again",
        keys: ["i"]
      ),
      Action(
        "restore-plan.zoom",
        "zoom",
        "Give the differences all the room; of what is taken, show the row's objects",
        keys: ["z", "enter"]
      ),
      Action(
        "restore-plan.reveal",
        "reveal",
        "Show the values of secrets, or cover them",
        keys: ["x"]
      ),
      Action("restore-plan.exclude", "exclude", "Leave out the row of what is taken", keys: ["X"]),
      Action("restore-plan.include", "only this", "Name the row of what is taken", keys: ["I"]),
      Action("restore-plan.copy", "copy", "Copy the object's name", keys: ["y"]),
    ] + ListPane<ObjectAddress>.actions(prefix, marks: false, sorts: false)
    + selectionPages.map { page in
      Action(
        page.action(prefix),
        page.title.lowercased(),
        "Show the view \(page.title) of what is taken"
      )
    }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "restore-plan.launch": launchability(world)
    case "restore-plan.edit": .when(!isCapturingText, "what is typed has the keys")
    case "restore-plan.offer": .when(focus == .form, "go to the form first")
    case "restore-plan.plan":
      .when(form.isValid, "the form: \(form.problem ?? "something in it is wrong")")
    case "restore-plan.action" where side == .selection: .enabled
    case "restore-plan.zoom" where side == .selection:
      .when(pages.scopeUnderCursor != nil, "there is no type or namespace under the cursor")
    case "restore-plan.action", "restore-plan.findings", "restore-plan.zoom":
      .when(planning.plan != nil, "there is no plan yet")
    case "restore-plan.selection":
      .when(side != .selection || planning.plan != nil, "there is no plan yet")
    case "restore-plan.exclude": exclusionObstacle.map { .disabled($0) } ?? .enabled
    case "restore-plan.include":
      .when(
        side == .selection && entryUnderCursor != nil,
        "there is no type or namespace under the cursor"
      )
    case "restore-plan.reveal":
      .when(side == .objects && isSecret, "it is no secret that differs")
    case "restore-plan.copy": .when(nameUnderCursor != nil, "there is nothing under the cursor")
    default: .enabled
    }
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "restore-plan.launch": review(&context)
    case "restore-plan.edit": focus = .form
    case "restore-plan.offer":
      form.offer(contents.value, context.world.inventory, isAsked: true)
    case "restore-plan.plan": plan(&context)
    case "restore-plan.action":
      if side == .selection { turnPage(by: 1, &context) } else { showNextAction() }
    case "restore-plan.selection":
      if side == .selection { side = .objects } else { showSelection(isWanted: true) }
    case "restore-plan.exclude": name(isExcluded: true, &context)
    case "restore-plan.include": name(isExcluded: false, &context)
    case "restore-plan.findings":
      side = side == .findings ? .objects : .findings
      text = TextView(isWrapped: true)
    case "restore-plan.zoom" where side == .selection: openSelection(&context)
    case "restore-plan.zoom":
      isZoomed.toggle()
      text = TextView(isWrapped: true)
    case "restore-plan.reveal": showsSecrets.toggle()
    case "restore-plan.copy":
      if let name = nameUnderCursor { context.copy(name, what: "'\(name)'") }
    case "restore-plan.find" where side == .selection: pages.find(&context)
    default:
      if let page = Self.selectionPages.first(where: { $0.action(Self.prefix) == action }) {
        showSelection(isWanted: true)
        pages.show(page, result, &context)
      } else if list.perform(action, Self.prefix, &context) {
        (side, isZoomed) = (.objects, false)
      }
    }
  }

  /// What the row under the cursor is called; nil where there is none.
  private var nameUnderCursor: String? {
    guard side == .selection else { return list.cursor?.text }
    return switch pages.page {
    case .resources: pages.resources.cursor
    case .namespaces: pages.namespaces.cursor
    case .taken, .left: pages.objects.cursor?.text
    case .remarks, .text: nil
    }
  }
}
