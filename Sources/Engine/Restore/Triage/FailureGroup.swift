// SPDX-License-Identifier: Apache-2.0

/// Objects that could not be restored for the same reason.
public struct FailureGroup: Sendable, Hashable {
  /// The most examples of a group.
  public static let exampleLimit = 5

  /// What kind of reason it is.
  public var cause: FailureCause
  /// What in particular refuses the objects, such as `webhook 'policy.example.org'`; nil where the cause says all.
  public var subject: String?
  /// What the user can do about it.
  public var hint: String?
  /// How many objects there are.
  public var count: Int
  /// The first of them.
  public var examples: [RestoreEntry]
  /// The words about the first of them, as whoever refused it wrote them.
  public var message: String

  /// The cause and the subject in words.
  public var title: String { subject.map { "\(cause.title): \($0)" } ?? cause.title }

  /// Groups the entries that failed.
  ///
  /// Two are in one group when their causes are the same and their messages differ in nothing but names, numbers and the values of
  /// fields. What names its own reason counts as such: objects that one quota, one webhook or one namespace that is being deleted
  /// refuses are one group, whatever else is said about each.
  ///
  /// - Parameter entries: In any order; those with other verdicts are passed over.
  /// - Returns: The groups with the most objects first, and of equal ones that with the first object first.
  public static func groups(of entries: some Sequence<RestoreEntry>) -> [FailureGroup] {
    var groups: [FailureGroup] = []
    var places: [FailureShape: Int] = [:]
    for entry in entries {
      guard case .fail(let failure) = entry.verdict else { continue }
      let shape = FailureShape(failure, of: entry)
      guard let place = places[shape] else {
        places[shape] = groups.count
        groups.append(FailureGroup(failure, entry, shape))
        continue
      }
      groups[place].count += 1
      if groups[place].examples.count < exampleLimit { groups[place].examples.append(entry) }
    }
    return groups.enumerated().sorted { left, right in
      left.element.count == right.element.count
        ? left.offset < right.offset : left.element.count > right.element.count
    }.map(\.element)
  }

  private init(_ failure: RestoreFailure, _ entry: RestoreEntry, _ shape: FailureShape) {
    cause = failure.cause
    subject = shape.subject
    hint = failure.hint ?? failure.cause.hint
    count = 1
    examples = [entry]
    message = failure.message
  }
}
