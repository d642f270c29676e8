// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Synchronization
internal import Velero

/// The log of a run in Velero's text form, compressed as it grows, and the results file that is made of its warnings and errors.
final class RunLog: Sendable {
  private struct State {
    var text: [UInt8] = []
    var members: [UInt8] = []
    var results = OperationResults()
    let compressor = GzipCompressor()
  }

  /// Text is compressed when it has this many bytes.
  private static let blockBytes = 256 << 10

  private let state: Mutex<State>
  private let clock: WallClock
  private let subject: (field: String, name: String)
  private let onLine: @Sendable (LogLine) -> Void

  /// Makes the empty log of a backup.
  ///
  /// - Parameters:
  ///   - backup: `namespace/name` of the backup, which every line carries.
  ///   - clock: Gives the lines' times.
  ///   - onLine: Told of every line.
  convenience init(
    backup: String,
    clock: WallClock,
    onLine: @escaping @Sendable (LogLine) -> Void = { _ in }
  ) {
    self.init(subject: ("backup", backup), clock: clock, onLine: onLine)
  }

  /// Makes the empty log of a restore.
  ///
  /// - Parameters:
  ///   - restore: `namespace/name` of the restore, which every line carries.
  ///   - clock: Gives the lines' times.
  ///   - onLine: Told of every line.
  convenience init(
    restore: String,
    clock: WallClock,
    onLine: @escaping @Sendable (LogLine) -> Void
  ) {
    self.init(subject: ("restore", restore), clock: clock, onLine: onLine)
  }

  private init(
    subject: (field: String, name: String),
    clock: WallClock,
    onLine: @escaping @Sendable (LogLine) -> Void
  ) {
    state = Mutex(State())
    self.clock = clock
    self.subject = subject
    self.onLine = onLine
  }

  /// Notes what happens.
  func info(_ message: String) { write(.info, message, [:]) }

  /// Notes an issue; it counts among the results.
  func issue(_ issue: Issue) {
    var fields = Self.fields(
      resource: issue.subject.resource,
      namespace: issue.subject.namespace,
      name: issue.subject.name
    )
    fields["error"] = issue.cause
    fields["hint"] = issue.hint
    write(issue.severity == .error ? .error : .warning, issue.message, fields)
  }

  /// Notes that an object of its own kind of reason was left out.
  func left(_ facts: ItemFacts, of resource: String, because exclusion: Exclusion) {
    write(
      .info,
      "left out: \(exclusion)",
      Self.fields(resource: resource, namespace: facts.namespace, name: facts.name)
    )
  }

  /// Notes how many listed objects were left out for one reason.
  func left(_ count: Int, because reason: String) {
    info("left out \(count) listed \(count == 1 ? "object" : "objects"): \(reason)")
  }

  /// Notes that an object was taken for the sake of others.
  func taken(_ facts: ItemFacts, of resource: String, because inclusion: Inclusion) {
    write(
      .info,
      "taken: \(inclusion)",
      Self.fields(resource: resource, namespace: facts.namespace, name: facts.name)
    )
  }

  /// Notes what was done about an object.
  func note(_ message: String, of subject: Issue.Subject) {
    write(
      .info,
      message,
      Self.fields(
        resource: subject.resource,
        namespace: subject.namespace,
        name: subject.name
      )
    )
  }

  /// The warnings and errors so far.
  var results: OperationResults { state.withLock { $0.results } }

  /// The whole log as gzip; what is noted later starts a new member.
  func compressed() -> [UInt8] {
    state.withLock { state in
      Self.compressText(&state)
      return state.members
    }
  }

  /// Velero's results sort lines by the field `namespace`: there and empty for an object of the cluster, absent for the run.
  private static func fields(
    resource: String?,
    namespace: String?,
    name: String?
  ) -> [String: String] {
    var fields: [String: String] = [:]
    fields["resource"] = resource
    fields["name"] = name
    fields["namespace"] = namespace ?? (name == nil ? nil : "")
    return fields
  }

  private func write(_ level: LogLevel, _ message: String, _ fields: [String: String]) {
    var fields = fields
    fields[subject.field] = subject.name
    let line = LogLine(time: clock.now(), level: level, message: message, fields: fields)
    state.withLock { state in
      line.append(to: &state.text)
      state.results.record(line)
      if state.text.count >= Self.blockBytes { Self.compressText(&state) }
    }
    onLine(line)
  }

  private static func compressText(_ state: inout State) {
    guard !state.text.isEmpty else { return }
    state.members += state.compressor.compress(state.text)
    state.text.removeAll(keepingCapacity: true)
  }
}
