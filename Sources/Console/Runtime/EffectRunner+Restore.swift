// SPDX-License-Identifier: Apache-2.0

extension EffectRunner {
  /// Answers a question about restores; nil when the answer comes by another way.
  func answer(_ question: RestoreQuestion, _ token: Token) async throws -> RestoreAnswer? {
    switch question {}
  }
  /// Carries an operation out.
  func carryOut(
    _ launch: RestoreLaunch,
    _ tell: @escaping @Sendable (OperationNews) -> Void
  ) async throws -> OperationEnd {
    switch launch {}
  }
}
