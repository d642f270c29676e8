// SPDX-License-Identifier: Apache-2.0

/// The flags of `backup preview` beside those of `backup create`.
enum PreviewFlags {
  static let namespace = Flag.text(
    "namespace",
    short: "n",
    placeholder: "NAMESPACE",
    completion: .namespaces,
    "The namespace of the object of --why, where that names none; otherwise as the global flag"
  )
  static let fromBackup = Flag.text(
    "from-backup",
    placeholder: "NAME",
    completion: .backups,
    "Start from the filter of a backup in the store"
  )
  static let fromSchedule = Flag.text(
    "from-schedule",
    placeholder: "NAME",
    completion: .serverObjects(.schedules),
    "Start from the filter of a schedule in the cluster"
  )
  static let file = Flag.text(
    "filename",
    short: "f",
    placeholder: "FILE",
    completion: .files,
    "Start from the Backup or Schedule in a manifest; - reads standard input"
  )
  static let objects = Flag.truth("objects", "List every object that is taken, with the reason")
  static let leftOut = Flag.truth(
    "left-out",
    "List every object that is left out, with the reason; with --objects both"
  )
  static let why = Flag.repeated(
    "why",
    placeholder: "OBJECT",
    "Say why an object such as pods/shop/db-0 is taken or not; may be repeated"
  )
  static let spec = Flag.truth(
    "spec",
    "Print the Backup that asks for the same, for a Velero server; YAML when -o says nothing"
  )
  static let output = Flag.choice(
    "output",
    short: "o",
    ["table", "json", "yaml", "name"],
    "How results are printed; name gives a line resource/namespace/name for each object"
  )

  /// All flags of the command, in the order of help.
  static let all: [FlagSpec] =
    BackupCreateFlags.ofSpec + [
      BackupCreateFlags.allowEmpty.spec, BackupCreateFlags.wait.spec, fromBackup.spec,
      fromSchedule.spec, file.spec, namespace.spec, objects.spec, leftOut.spec, why.spec,
      spec.spec, output.spec,
    ]
}

/// What `backup preview` is to print.
enum PreviewForm: Sendable, Hashable {
  /// The counts.
  case summary(OutputFormat)
  /// The objects; in JSON and YAML together with the counts.
  case objects(ObjectChoice, OutputFormat)
  /// A line an object.
  case names(ObjectChoice)
  /// Why some objects are taken or not.
  case why([ObjectQuestion], OutputFormat)
  /// The Backup that asks for the same.
  case spec(OutputFormat)

  /// Which objects are listed.
  enum ObjectChoice: Sendable, Hashable {
    case taken
    case left
    case both
  }

  /// Reads the flags.
  ///
  /// - Throws: `UsageError` for flags that do not go together.
  init(_ context: CommandContext) throws(UsageError) {
    let output = context[PreviewFlags.output] ?? "table"
    let format = OutputFormat(rawValue: output)
    let choice = Self.choice(context)
    let questions = context[PreviewFlags.why] ?? []
    let forms = [
      (PreviewFlags.spec, context[PreviewFlags.spec] == true),
      (PreviewFlags.objects, context[PreviewFlags.objects] == true),
      (PreviewFlags.leftOut, context[PreviewFlags.leftOut] == true),
    ].filter(\.1).map { "--\($0.0.spec.name)" }
    let asked = forms + (questions.isEmpty ? [] : ["--why"])
    if asked.count > 1, asked.contains("--why") || asked.contains("--spec") {
      throw UsageError(
        "'\(asked[0])' and '\(asked[1])' do not go together",
        hint: "print one of them at a time"
      )
    }
    guard let format else {
      guard !asked.contains("--why"), !asked.contains("--spec") else {
        throw UsageError(
          "'-o name' and '\(asked[0])' do not go together",
          hint: "'-o name' prints the names of the objects; use -o json or yaml"
        )
      }
      guard choice != .both else {
        throw UsageError(
          "'-o name' does not say which objects are taken",
          hint: "list either --objects or --left-out"
        )
      }
      self = .names(choice ?? .taken)
      return
    }
    if asked == ["--spec"] {
      self = .spec(format)
    } else if !questions.isEmpty {
      self = .why(try Self.questions(questions, context), format)
    } else {
      self = choice.map { .objects($0, format) } ?? .summary(format)
    }
  }

  private static func choice(_ context: CommandContext) -> ObjectChoice? {
    switch (context[PreviewFlags.objects] == true, context[PreviewFlags.leftOut] == true) {
    case (true, true): .both
    case (true, false): .taken
    case (false, true): .left
    case (false, false): nil
    }
  }

  private static func questions(
    _ texts: [String],
    _ context: CommandContext
  ) throws(UsageError) -> [ObjectQuestion] {
    var questions: [ObjectQuestion] = []
    for text in texts {
      questions.append(try ObjectQuestion(text, namespace: context[PreviewFlags.namespace]))
    }
    return questions
  }
}

extension PreviewForm.ObjectChoice {
  /// Whether taken objects are listed.
  var hasTaken: Bool { self != .left }
  /// Whether objects are listed that are left out.
  var hasLeft: Bool { self != .taken }
}
