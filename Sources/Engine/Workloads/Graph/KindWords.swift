// SPDX-License-Identifier: Apache-2.0

/// Kinds as a reader would say them.
enum KindWords {
  private static let special = [
    "PersistentVolumeClaim": "claim", "PersistentVolume": "volume",
    "CustomResourceDefinition": "definition", "HorizontalPodAutoscaler": "autoscaler",
    "PodDisruptionBudget": "disruption budget", "CSIDriver": "CSI driver", "CSINode": "CSI node",
    "APIService": "API service",
  ]

  /// `stateful set` for Kubernetes' own kinds; those of others stay names: `Rollout`.
  static func words(_ kind: String, group: String) -> String {
    guard BuiltInGroups.contains(group) else { return kind }
    if let words = special[kind] { return words }
    var words = ""
    for character in kind {
      if character.isUppercase, !words.isEmpty { words += " " }
      words += character.lowercased()
    }
    return words
  }
}
