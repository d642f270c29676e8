// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// What differs between a backup and another one, or the cluster as it is now: the objects, and each one's fields.
struct DifferenceScreen: ConsoleScreen {
  /// An object in both states.
  private struct States: Sendable {
    var address: ObjectAddress
    var before: JSONValue?
    var after: JSONValue?
  }

  /// The name of the fields in clicks.
  static let fieldsPane = "fields"

  let kind = ScreenKind.difference
  let subject: DifferenceSubject
  var pane = ListPane<ObjectAddress>("difference", hasMarks: true) { $0.text }
  private(set) var comparison = Loadable<BackupDifference>()
  private(set) var kinds: [ObjectDifference.Kind] = ObjectDifference.Kind.allCases
  private var kindOf: [ObjectAddress: ObjectDifference.Kind] = [:]
  private(set) var progress: DifferenceProgress?
  private var token: Token?
  private(set) var fields = TextPane(isWrapped: true)
  private var states: States?
  private(set) var fieldsFailure: Failure?
  private var waiting: (token: Token, address: ObjectAddress)?
  private(set) var hidesNoise = true
  private(set) var showsSecrets = false
  /// Whether the fields have the keys, and in little room the screen.
  private(set) var isInFields = false

  static let actions: [Action] =
    [
      Action(
        "difference.open",
        "fields",
        "Go to the fields of the object, or back",
        keys: ["enter", "tab"]
      ),
      Action(
        "difference.kind",
        "kinds",
        "Show changed, added or removed objects, or all",
        keys: ["f"]
      ),
      Action(
        "difference.noise",
        "noise",
        "Show what servers write too, or leave it out",
        keys: ["t"]
      ),
      Action(
        "difference.reveal",
        "reveal",
        "Show the values of secrets, or cover them",
        keys: ["x"]
      ),
      Action("difference.restore", "restore", "Plan a restore of the marked objects", keys: ["r"]),
      Action("difference.archived", "object", "Show the object as the backup has it", keys: ["Y"]),
      Action("difference.copy", "copy name", "Copy the object's name", keys: ["y"]),
      Action("difference.reload", "compare again", "Compare again", keys: ["R"]),
    ] + ListPane<ObjectAddress>.actions("difference", sorts: false)

  init(_ subject: DifferenceSubject) { self.subject = subject }

  /// What differs, as far as it is known.
  var difference: BackupDifference? { comparison.value }

  func crumb(_ world: World) -> String {
    "\(subject.before.name) \(Character(world.glyphs.arrow)) \(subject.after?.name ?? "cluster")"
  }

  func status(_ world: World) -> String {
    guard let difference else { return "" }
    return "\(HumanText.counted(difference.objects.count, "object")) differ"
  }

  func availability(of action: ActionID, _ world: World) -> Availability {
    switch action {
    case "difference.reload": return .enabled
    case "difference.kind", "difference.find", "difference.noise":
      return .when(difference != nil, "nothing is compared yet")
    case "difference.restore", "difference.archived":
      let kinds = pane.allTargets.compactMap { kindOf[$0] }
      guard !kinds.isEmpty else { return .disabled("there is no object") }
      return .when(!kinds.contains(.added), "the backup does not have it")
    case "difference.reveal":
      return .when(isSecret, "it is no secret")
    default: return .when(pane.cursor != nil, "there is no object")
    }
  }

  var isCapturingText: Bool { pane.isFiltering }

  mutating func enter(_ context: inout UpdateContext) {
    if difference == nil, token == nil, comparison.failure == nil { compare(&context) }
  }

  mutating func reload(_ context: inout UpdateContext) { compare(&context) }

  mutating func leave(_ context: inout UpdateContext) {
    context.forget(token)
    context.forget(waiting?.token)
  }

  mutating func perform(_ action: ActionID, _ context: inout UpdateContext) {
    switch action {
    case "difference.open": isInFields.toggle()
    case "difference.kind": nextKinds()
    case "difference.noise":
      hidesNoise.toggle()
      fill(context.world)
    case "difference.reveal":
      showsSecrets.toggle()
      fill(context.world)
    case "difference.restore":
      if let remark = pane.hiddenRemark("object") { context.say(.info, remark) }
      context.restore(RestoreSeed(place: subject.before, objects: pane.allTargets))
    case "difference.archived":
      if let address = pane.cursor {
        context.push(ArchivedObjectScreen(address, in: subject.before, context.world))
      }
    case "difference.copy":
      if let address = pane.cursor { context.copy(address.text, what: "the object's name") }
    case "difference.reload": compare(&context)
    default: _ = pane.perform(action, "difference", &context)
    }
    show(&context)
  }

  mutating func type(_ event: InputEvent, _ context: inout UpdateContext) -> Bool {
    let world = context.world
    let isTaken =
      isInFields && !pane.isFiltering
      ? fields.type(event, size: drawnSize(of: Self.fieldsPane, world))
      : pane.type(event, height: drawnSize(of: pane.name, world).height - 1)
    show(&context)
    return isTaken
  }

  mutating func stepBack(_ context: inout UpdateContext) -> Bool {
    if isInFields {
      isInFields = false
      return true
    }
    if !pane.stepBack() {
      guard kinds.count < ObjectDifference.Kind.allCases.count else { return false }
      kinds = ObjectDifference.Kind.allCases
    }
    show(&context)
    return true
  }

  mutating func click(_ mouse: Mouse, on target: HitTarget, _ context: inout UpdateContext) {
    let world = context.world
    if target == .pane(Self.fieldsPane) {
      isInFields = true
      fields.scroll(mouse, size: drawnSize(of: Self.fieldsPane, world))
    } else {
      let height = drawnSize(of: pane.name, world).height - 1
      isInFields = pane.click(mouse, on: target, height: height) != nil
    }
    show(&context)
  }

  mutating func receive(_ message: Message, _ context: inout UpdateContext) {
    guard case .answer(let answer, let token) = message else { return }
    if token == waiting?.token { return take(fields: answer, context.world) }
    guard token == self.token else { return }
    switch answer {
    case .backup(.comparing(let progress)): self.progress = progress
    case .backup(.difference(let difference)):
      comparison.end(.success(difference), at: context.world.now)
      states = nil
      kindOf = Dictionary(difference.objects.map { ($0.address, $0.kind) }) { first, _ in first }
      (self.token, progress) = (nil, nil)
      show(&context)
    case .failed(let failure):
      comparison.end(.failure(failure), at: context.world.now)
      (self.token, progress) = (nil, nil)
    default: break
    }
  }

  /// How an object differs.
  func kind(of address: ObjectAddress) -> ObjectDifference.Kind { kindOf[address] ?? .changed }

  /// Whether the fields under the cursor are of a secret.
  var isSecret: Bool {
    [states?.before, states?.after].contains { $0.flatMap { $0 }.map(SecretMask.applies) ?? false }
  }

  /// Whether the fields of the object under the cursor are on their way.
  var isReadingFields: Bool { waiting != nil }

  private mutating func take(fields answer: Answer, _ world: World) {
    guard let address = waiting?.address else { return }
    waiting = nil
    switch answer {
    case .backup(.states(let before, let after)):
      states = States(address: address, before: before, after: after)
      fieldsFailure = nil
      fill(world)
    case .failed(let failure):
      states = nil
      fieldsFailure = failure
      fields.show([])
    default: break
    }
  }

  private mutating func compare(_ context: inout UpdateContext) {
    context.forget(token)
    progress = nil
    comparison.begin()
    token = context.ask(.backup(.difference(subject)))
  }

  /// All, then each of the kinds there are.
  private mutating func nextKinds() {
    let present = ObjectDifference.Kind.allCases.filter { difference?.count($0) ?? 0 > 0 }
    if kinds.count > 1 {
      kinds = present.prefix(1).map { $0 }
    } else if let only = kinds.first, let at = present.firstIndex(of: only), at + 1 < present.count
    {
      kinds = [present[at + 1]]
    } else {
      kinds = ObjectDifference.Kind.allCases
    }
  }

  /// Makes the rows anew, and asks for the fields of the object under the cursor.
  private mutating func show(_ context: inout UpdateContext) {
    let matcher = FilterMatcher(pane.query)
    let rows = (difference?.objects ?? []).filter { object in
      kinds.contains(object.kind)
        && matcher.matches(
          FilterQuery.Subject(
            texts: [object.address.text],
            namespace: object.address.namespace,
            phase: object.kind.rawValue,
            kind: object.address.type
          )
        )
    }
    pane.show(rows.map(\.address))
    guard let address = pane.cursor else {
      context.forget(waiting?.token)
      (waiting, states) = (nil, nil)
      return
    }
    guard address != states?.address, address != waiting?.address else { return }
    context.forget(waiting?.token)
    fieldsFailure = nil
    waiting = (context.ask(.backup(.states(address, subject))), address)
  }

  /// Makes the lines of the fields anew.
  private mutating func fill(_ world: World) {
    guard let states else { return }
    func shown(_ object: JSONValue?) -> JSONValue? {
      showsSecrets ? object : object.map(SecretMask.masked)
    }
    let changes = ObjectNoise.changes(
      from: shown(states.before),
      to: shown(states.after),
      hidesNoise: hidesNoise
    )
    // Values that are covered alike may differ all the same.
    let hidden =
      showsSecrets
      ? []
      : ObjectNoise.changes(from: states.before, to: states.after, hidesNoise: hidesNoise)
        .filter { change in !changes.contains { $0.path == change.path } }
    fields.show(FieldLines.lines(changes, hidden: hidden.map(\.path), world.glyphs))
  }
}

/// The places in which an object differs, in lines.
enum FieldLines {
  static func lines(_ changes: [FieldChange], hidden: [String], _ glyphs: Glyphs) -> [TextLine] {
    var lines: [TextLine] = []
    for change in changes {
      lines.append(TextLine(change.path.isEmpty ? "/" : change.path, .accent))
      if let before = change.before { lines += value(before, "-", .removed) }
      if let after = change.after { lines += value(after, "+", .added) }
    }
    for path in hidden {
      lines.append(TextLine([TextSpan(path, .accent), TextSpan("  differs (covered)", .changed)]))
    }
    return lines.isEmpty ? [TextLine("no field differs that counts", .dim)] : lines
  }

  /// A value behind its sign: one line for a plain one, YAML for the others.
  private static func value(_ value: JSONValue, _ sign: String, _ role: Role) -> [TextLine] {
    let text: String
    switch value {
    case .object, .array: text = value.yaml()
    case .string(let string): text = string
    case .null, .bool, .number: text = value.text()
    }
    return text.split(separator: "\n", omittingEmptySubsequences: false)
      .reversed().drop { $0.isEmpty }.reversed()
      .map { TextLine("\(sign) \($0)", Style(role)) }
  }
}
