// SPDX-License-Identifier: Apache-2.0

extension EffectRunner {
  /// Answers a question about the objects of the cluster; nil when the answer comes by another way.
  func answer(_ question: ExplorerQuestion, _ token: Token) async throws -> ExplorerAnswer? {
    switch question {
    case .nothing: return .nothing
    }
  }
}
