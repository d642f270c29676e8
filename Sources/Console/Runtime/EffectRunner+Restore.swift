// SPDX-License-Identifier: Apache-2.0

extension EffectRunner {
  /// Answers a question about restores; nil when the answer comes by another way.
  func answer(_ question: RestoreQuestion, _ token: Token) async throws -> RestoreAnswer? {
    switch question {
    case .nothing: return .nothing
    }
  }
  /// Carries an operation out.
  func carryOut(
    _ launch: RestoreLaunch,
    _ tell: @escaping @Sendable (OperationNews) -> Void
  ) async throws -> OperationEnd {
    switch launch {
    case .nothing: return OperationEnd(.done, "nothing")
    }
  }
}
