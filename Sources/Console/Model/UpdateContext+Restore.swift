// SPDX-License-Identifier: Apache-2.0

extension UpdateContext {
  /// Plans a restore.
  mutating func restore(_ seed: RestoreSeed) {
    guard let make = ScreenTable.restorePlan else {
      return say(.warning, "restore '\(seed.place.name)' with 'binnacle restore create' for now")
    }
    push(make(seed))
  }
}
