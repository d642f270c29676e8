// SPDX-License-Identifier: Apache-2.0

/// How objects say which Helm release they are of.
///
/// Source: Helm 3, `pkg/action/validate.go`; Kubernetes, recommended labels.
enum HelmMark {
  private static let instance = "app.kubernetes.io/instance"
  private static let name = "meta.helm.sh/release-name"
  private static let namespace = "meta.helm.sh/release-namespace"

  /// Whether an object is marked as part of a release.
  ///
  /// Helm's own annotations decide where they are; the label is what charts set by habit, and another release may have the
  /// same name elsewhere, so that it counts in the release's namespace only.
  static func isMarked(_ row: ObjectRow, _ release: String, _ releaseNamespace: String) -> Bool {
    if let name = row.annotation(name) {
      return name == release && row.annotation(namespace) ?? row.namespace == releaseNamespace
    }
    return row.namespace == releaseNamespace && row.label(instance) == release
  }
}
