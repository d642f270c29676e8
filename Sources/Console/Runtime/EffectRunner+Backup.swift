// SPDX-License-Identifier: Apache-2.0

extension EffectRunner {
  /// Answers a question about what is in stores; nil when the answer comes by another way.
  func answer(_ question: BackupQuestion, _ token: Token) async throws -> BackupAnswer? {
    switch question {
    case .nothing: return .nothing
    }
  }
}
