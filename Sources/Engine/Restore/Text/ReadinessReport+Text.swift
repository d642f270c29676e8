// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension ReadinessReport {
  /// How far the workloads are: `3 of 5 workloads ready, 1 stuck`.
  public var readyText: String {
    let stuck = stuckCount > 0 ? ", \(HumanText.count(stuckCount)) stuck" : ""
    let all = HumanText.counted(entries.count, "workload")
    return "\(HumanText.count(readyCount)) of \(all) ready\(stuck)"
  }
}
