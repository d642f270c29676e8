// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

extension CommandContext {
  /// How many issues of a run are printed; its log holds all of them.
  private static let issueLimit = 20

  /// Prints the issues of a run, the first of many.
  ///
  /// - Parameters:
  ///   - issues: What went other than asked.
  ///   - more: Where the rest is to be found.
  /// - Throws: What writing throws.
  func tell(_ issues: [Issue], more: String) async throws {
    for issue in issues.prefix(Self.issueLimit) { try await tell(issue) }
    if issues.count > Self.issueLimit {
      try await warn("\(HumanText.count(issues.count - Self.issueLimit)) more; \(more)")
    }
  }

  /// Prints an issue of a run as a warning or an error, with what it is about and what can be done.
  func tell(_ issue: Issue) async throws {
    let subject = issue.subject
    let place = [subject.namespace, subject.name].compactMap { $0 }.joined(separator: "/")
    let object = [subject.resource, place.isEmpty ? nil : place].compactMap { $0 }
      .joined(separator: " ")
    let isNamed = subject.name == nil && subject.resource.map(issue.message.contains) ?? true
    var text = object.isEmpty || isNamed ? issue.message : "\(object): \(issue.message)"
    if let cause = issue.cause { text += ": \(cause)" }
    try await message(text, hint: issue.hint, kind: issue.severity == .error ? .error : .warning)
  }
}
