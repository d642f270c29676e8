// SPDX-License-Identifier: Apache-2.0

extension UpdateContext {
  /// Plans a restore.
  mutating func restore(_ seed: RestoreSeed) { push(RestorePlanScreen(seed: seed)) }
}
