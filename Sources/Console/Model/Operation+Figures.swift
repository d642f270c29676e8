// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives
internal import Velero

/// How fast an operation is, and how long it will take: only what can be told honestly.
extension Operation {
  /// How many objects it deals with in a second, over the last ten seconds or so; nil while there is too little to tell, and
  /// while nothing moves.
  public func rate(at now: Timestamp) -> Double? {
    rate(at: now) { Double($0.done) }
  }

  /// How many bytes it deals with in a second, by the same rules.
  public func byteRate(at now: Timestamp) -> Double? {
    rate(at: now) { Double($0.bytes) }
  }

  private func rate(at now: Timestamp, _ value: (ProgressSample) -> Double) -> Double? {
    guard isRunning, stalledSeconds(at: now) == nil, let first = samples.first,
      let last = samples.last
    else { return nil }
    let seconds = (last.time - first.time).seconds
    return seconds >= 1 ? (value(last) - value(first)) / Double(seconds) : nil
  }

  /// How long it will still take at the present rate; nil where that cannot be told honestly.
  public func remainingSeconds(at now: Timestamp) -> Int64? {
    guard let total = progress.total, total > progress.done, let rate = rate(at: now), rate > 0,
      samples.count >= 3
    else { return nil }
    return Int64((Double(total - progress.done) / rate).rounded(.up))
  }

  /// For how many seconds nothing has moved, when that is long enough to be told.
  public func stalledSeconds(at now: Timestamp) -> Int64? {
    guard isRunning else { return nil }
    let seconds = (now - moved).seconds
    return seconds >= Operations.stallSeconds ? seconds : nil
  }

  /// How much of it is done, from 0 to 1; nil while nobody knows the whole.
  public var fraction: Double? {
    guard let total = progress.total, total > 0 else { return nil }
    return min(1, Double(progress.done) / Double(total))
  }

  /// For how long it has run, or ran.
  public func elapsedSeconds(at now: Timestamp) -> Int64 { ((ended ?? now) - started).seconds }
}

extension Operation {
  /// Whether it restores under a name; the records of another location are other restores.
  func isRestore(_ name: String, in location: String) -> Bool {
    kind == .restore && subject == name && (self.location ?? location) == location
  }

  /// Whether it makes a backup of a name in a location.
  func isBackup(_ name: String, in location: String) -> Bool {
    kind == .backup && subject == name && (self.location ?? location) == location
  }

  /// Where it writes; nil where nobody has said so.
  private var location: String? {
    switch planned?.launch {
    case .backup(let launch): launch.location
    case .restore(.run(_, let location, _)), .restore(.retry(let location, _, _)),
      .restore(.delete(_, let location)):
      location
    case .lifecycle, nil: nil
    }
  }
}

/// Issues of one cause.
public struct IssueGroup: Sendable, Hashable {
  /// How much they matter.
  public var severity: Issue.Severity
  /// What is wrong with all of them.
  public var cause: String
  /// What can be done about it.
  public var hint: String?
  /// How many there are.
  public var count: Int
  /// The objects of the first of them, `pods shop/db-0`.
  public var examples: [String]
}

extension Operation {
  /// The most objects that a group of issues names.
  private static let exampleLimit = 5

  /// The issues by their cause: errors first, then the most frequent.
  public var issueGroups: [IssueGroup] {
    struct Key: Hashable {
      var severity: Issue.Severity
      var cause: String
    }
    var keys: [Key] = []
    var groups: [Key: IssueGroup] = [:]
    for issue in issues {
      let key = Key(severity: issue.severity, cause: issue.cause ?? issue.message)
      if groups[key] == nil {
        keys.append(key)
        groups[key] = IssueGroup(
          severity: key.severity,
          cause: key.cause,
          hint: issue.hint,
          count: 0,
          examples: []
        )
      }
      groups[key]?.count += 1
      let name = issue.subject.text
      if !name.isEmpty, groups[key]?.examples.count ?? 0 < Self.exampleLimit {
        groups[key]?.examples.append(name)
      }
    }
    return keys.compactMap { groups[$0] }.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      if first.severity != second.severity { return first.severity == .error }
      return first.count == second.count ? left.offset < right.offset : first.count > second.count
    }.map(\.element)
  }
}

extension Operation {
  /// The most objects that can be chosen among.
  private static let objectLimit = 50

  /// The first objects in which something went wrong, those of errors first.
  var issueObjects: [ObjectAddress] {
    var found: [ObjectAddress] = []
    for severity in [Issue.Severity.error, .warning] {
      for issue in issues where issue.severity == severity {
        guard let address = issue.object, !found.contains(address) else { continue }
        found.append(address)
        if found.count == Self.objectLimit { return found }
      }
    }
    return found
  }
}

extension Issue {
  /// The object that it is about; nil where that is not one.
  var object: ObjectAddress? {
    guard let type = subject.resource, let name = subject.name else { return nil }
    return ObjectAddress(type: type, namespace: subject.namespace, name: name)
  }
}

extension Issue.Subject {
  /// `pods shop/db-0`; empty for what is about more than one object.
  fileprivate var text: String {
    let path = [namespace, name].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: "/")
    return [resource ?? "", path].filter { !$0.isEmpty }.joined(separator: " ")
  }
}

extension PlannedLaunch {
  /// The same once more, where that makes sense after it has ended so; nil where not.
  ///
  /// A backup that was stopped or failed has left nothing, so it can be made again under its name; of a restore, what failed or was
  /// left is done, on the connection it was begun with; what is stored may be changed again at any time.
  public func again(after end: OperationEnd) -> PlannedLaunch? {
    switch launch {
    case .backup: end.outcome == .failed || end.outcome == .cancelled ? self : nil
    case .lifecycle: end.outcome == .done ? nil : self
    case .restore(let launch):
      end.outcome == .done ? nil : PlannedLaunch(.restore(launch.again), kind, subject)
    }
  }
}

extension RestoreLaunch {
  /// What does the rest of it.
  fileprivate var again: RestoreLaunch {
    switch self {
    case .run(let request, let location, let generation):
      .retry(location: location, name: request.restore.name, generation: generation)
    case .retry, .delete: self
    }
  }
}
