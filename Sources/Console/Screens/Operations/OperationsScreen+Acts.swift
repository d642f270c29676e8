// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// What is opened and asked.
extension OperationsScreen {
  /// What there is a screen for.
  enum Target {
    case backup(BackupPlace)
    case restore(location: String, name: String)
  }

  func target(of operation: Operation, _ world: World) -> Target? {
    switch operation.planned?.launch {
    case .backup(let launch):
      let place = BackupPlace(location: launch.location, name: launch.backup.name)
      let isThere = world.allBackups.contains { $0.place == place }
      return isThere ? .backup(place) : nil
    case .restore(.run(let request, let location, _)):
      return .restore(location: location, name: request.restore.name)
    case .restore(.retry(let location, let name, _)):
      return .restore(location: location, name: name)
    case .restore(.delete), .lifecycle, nil: return nil
    }
  }

  /// Shows the object that went wrong, or lets the user choose among several.
  func chooseObject(_ operation: Operation, _ context: inout UpdateContext) {
    let objects = operation.issueObjects
    if objects.count == 1 { return context.open(.object(objects[0])) }
    context.choose(
      ChoiceMenu(
        tag: Self.objectTag,
        title: "Show which object?",
        choices: objects.map { ChoiceMenu.Choice(id: $0.description, title: $0.text) }
      )
    )
  }

  func askToCancel(_ operation: Operation, _ context: inout UpdateContext) {
    let done = HumanText.counted(operation.progress.done, "object")
    let lines: [String] =
      switch operation.kind {
      case .backup: ["\(done) so far; all that is written will be removed, and no backup is there"]
      case .restore: ["\(done) so far; what is restored stays, the rest is not touched"]
      case .deletion, .expiry: ["what is done stays done; it can be begun again"]
      case .verification, .validation: ["nothing is changed by it"]
      }
    context.confirm(
      Confirmation(
        title: "Stop the \(operation.kind.rawValue) '\(operation.subject)'?",
        lines: lines.map { ConfirmationLine($0) },
        accept: "Stop it",
        tag: "\(Self.cancelTag)\(operation.id.number)"
      )
    )
  }

  /// Whether what an operation is about is as it was when that began.
  func repeatability(of operation: Operation, _ world: World) -> Availability {
    switch operation.planned?.launch {
    case .restore(.run(_, _, let generation)), .restore(.retry(_, _, let generation)):
      .when(
        generation == world.cluster.generation,
        "the console has turned to another cluster since; Restores retries it"
      )
    case .backup, .lifecycle, .restore(.delete), nil: .enabled
    }
  }

  /// Asks whether to begin an operation once more: as it was asked the first time, with what has come of it.
  func askToRepeat(_ operation: Operation, _ context: inout UpdateContext) {
    guard case .ended(let end) = operation.state, let again = operation.planned?.again(after: end)
    else { return }
    var question = question(again, context.world)
    question.lines.insert(ConfirmationLine("it ended so: \(end.text)", .dim), at: 0)
    question.launches = [again]
    question.tag = nil
    context.confirm(question)
  }

  /// The question before a launch; for what destroys, the one that its own screen asks.
  private func question(_ planned: PlannedLaunch, _ world: World) -> Confirmation {
    switch planned.launch {
    case .lifecycle(.delete(let orders)):
      return DeletionReview(orders, hiddenCount: 0).confirmation(world)
    case .lifecycle(.collect(let orders)):
      return CollectionReview(orders: orders, staying: [], leftOutCount: 0).confirmation(world)
    case .lifecycle(.setExpiry(let orders))
    where ExpiryReview(orders, hiddenCount: 0).isNeeded:
      let title = BackupActs.changeTitle(orders)
      return ExpiryReview(orders, hiddenCount: 0).confirmation(title, world)
    case .restore(.delete(let records, let location)):
      return RestoreDeletion(records: records, location: location, hiddenCount: 0)
        .question(world, tag: "")
    case .restore(.run(let request, let location, let generation)):
      return RestoreRetry(
        location: location,
        name: request.restore.name,
        generation: generation,
        left: nil,
        recreates: request.options.recreates
      ).confirmation(world, tag: nil)
    case .restore(.retry(let location, let name, let generation)):
      let listing = world.restores[location]?.value?.first { $0.name == name }
      return RestoreRetry(
        location: location,
        name: name,
        generation: generation,
        left: nil,
        recreates: listing?.record.flatMap {
          (try? RestoreOptions(annotations: $0.annotations))?.recreates
        }
      ).confirmation(world, tag: nil)
    case .backup, .lifecycle:
      return Confirmation(
        title: "Begin the \(planned.kind.rawValue) '\(planned.subject)' once more?",
        lines: [ConfirmationLine("the same is done again, exactly as it was asked for")],
        accept: "Begin",
        isAcceptedByEnter: planned.kind == .backup
      )
    }
  }
}
