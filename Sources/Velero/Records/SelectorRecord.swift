// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// A spec that takes objects by their labels.
public protocol SelectorRecord: JSONRecord {}

extension SelectorRecord {
  /// Only objects with these labels; not together with `orLabelSelectors`.
  ///
  /// A selector that makes no sense reads as nil; `selectors()` says what is wrong with it.
  public var labelSelector: LabelSelector? {
    get { json["labelSelector"].flatMap { $0.isNull ? nil : try? LabelSelector(json: $0) } }
    set { json["labelSelector"] = newValue?.json }
  }

  /// Only objects that one of these selects; not together with `labelSelector`.
  ///
  /// Selectors that make no sense are left out; `selectors()` says what is wrong with them.
  public var orLabelSelectors: [LabelSelector] {
    get { json["orLabelSelectors"]?.array?.compactMap { try? LabelSelector(json: $0) } ?? [] }
    set {
      json["orLabelSelectors"] = newValue.isEmpty ? nil : .array(newValue.map(\.json))
    }
  }

  /// The selectors of which an object must match one; none when every object is taken.
  ///
  /// - Throws: `.invalid` for a selector that makes no sense.
  public func selectors() throws(VeleroError) -> [LabelSelector] {
    var selectors: [LabelSelector] = []
    if let selector = json["labelSelector"], !selector.isNull {
      selectors.append(try LabelSelector(json: selector))
    }
    for selector in json["orLabelSelectors"]?.array ?? [] {
      selectors.append(try LabelSelector(json: selector))
    }
    return selectors
  }
}
