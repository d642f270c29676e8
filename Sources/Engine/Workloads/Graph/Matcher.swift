// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// A label selector as objects of the API carry it.
struct Matcher: Sendable, Hashable {
  private let selector: LabelSelector

  /// Takes plain labels, as a Service has them.
  init(labels: [String: String]) { selector = LabelSelector(matchLabels: labels) }

  /// Reads a `metav1.LabelSelector`; nil where there is none, or none that makes sense.
  init?(_ view: JSONView?) {
    guard let view, view.isObject, let selector = try? LabelSelector(json: view.value) else {
      return nil
    }
    self.selector = selector
  }

  /// Whether it matches everything.
  var isEmpty: Bool { selector.isEmpty }

  func matches(_ labels: [String: String]) -> Bool { selector.matches(labels) }
}
