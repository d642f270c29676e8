// SPDX-License-Identifier: Apache-2.0

extension EffectRunner {
  /// Answers a question about locations and expiry; nil when the answer comes by another way.
  func answer(_ question: LifecycleQuestion, _ token: Token) async throws -> LifecycleAnswer? {
    switch question {
    case .nothing: return .nothing
    }
  }
}
