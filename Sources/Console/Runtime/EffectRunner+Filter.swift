// SPDX-License-Identifier: Apache-2.0

extension EffectRunner {
  /// Answers a question about filters and previews; nil when the answer comes by another way.
  func answer(_ question: FilterQuestion, _ token: Token) async throws -> FilterAnswer? {
    switch question {
    case .nothing: return .nothing
    }
  }
}
