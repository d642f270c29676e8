// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// Looks for label selectors that match all members among some objects and nothing that is not taken.
struct SelectorSearch {
  /// More selectors than this are no filter that anybody would read.
  static let selectorLimit = 16

  private typealias Pair = (key: String, value: String)

  private let objects: [TranslationSearch.Object]
  /// By `key=value`, the places of the objects that have it.
  private let places: [String: Set<Int>]
  private let members: Set<Int>
  private let strangers: Set<Int>

  init(_ objects: [TranslationSearch.Object]) {
    self.objects = objects
    var places: [String: Set<Int>] = [:]
    for (place, object) in objects.enumerated() {
      for (key, value) in object.labels { places["\(key)=\(value)", default: []].insert(place) }
    }
    self.places = places
    members = Set(objects.indices.filter { objects[$0].isMember })
    strangers = Set(objects.indices.filter { !objects[$0].isTaken })
  }

  /// The fewest of the labels that all members share by which nothing else is matched; nil when even all of them match more.
  var common: LabelSelector? {
    guard let first = members.min() else { return nil }
    var shared = objects[first].labels
    for member in members {
      shared = shared.filter { objects[member].labels[$0.key] == $0.value }
      if shared.isEmpty { return nil }
    }
    return shortened(shared)
  }

  /// Selectors of which one at least matches each member, and none anything that is not taken; nil when there are none, or too many.
  var several: [LabelSelector]? {
    var rest = members
    var found: [LabelSelector] = []
    while let next = best(for: rest) {
      guard found.count < Self.selectorLimit else { return nil }
      rest.subtract(next.matched)
      found.append(next.selector)
      if rest.isEmpty { return found }
    }
    return nil
  }

  private typealias Choice = (selector: LabelSelector, matched: Set<Int>)

  /// The sound selector that matches the most of some members.
  private func best(for rest: Set<Int>) -> Choice? {
    let singles = places.filter { $0.value.isDisjoint(with: strangers) }
      .map { (text: $0.key, count: $0.value.intersection(rest).count) }
      .filter { $0.count > 0 }
    let single = singles.min { ($1.count, $0.text) < ($0.count, $1.text) }
    if let single, let matched = places[single.text], let pair = Self.pair(single.text) {
      return (LabelSelector(matchLabels: [pair.key: pair.value]), matched)
    }
    // No single label tells any of the rest from strangers; all of an object's labels may.
    for member in rest.sorted() {
      guard let selector = shortened(objects[member].labels) else { continue }
      return (selector, matched(selector.matchLabels))
    }
    return nil
  }

  /// Labels without those that can be left out; nil when even all of them match strangers.
  private func shortened(_ labels: [String: String]) -> LabelSelector? {
    guard !labels.isEmpty, matched(labels).isDisjoint(with: strangers) else { return nil }
    var labels = labels
    for key in labels.keys.sorted(by: Self.isLessTelling) where labels.count > 1 {
      let value = labels.removeValue(forKey: key)
      if !matched(labels).isDisjoint(with: strangers) { labels[key] = value }
    }
    return LabelSelector(matchLabels: labels)
  }

  private func matched(_ labels: [String: String]) -> Set<Int> {
    let sets = labels.map { places["\($0.key)=\($0.value)"] ?? [] }
      .sorted { $0.count < $1.count }
    guard let first = sets.first else { return Set(objects.indices) }
    return sets.dropFirst().reduce(first) { $0.intersection($1) }
  }

  /// Keys are dropped in this order, so that those that people know stay.
  private static func isLessTelling(_ left: String, _ right: String) -> Bool {
    (rank(left), left) < (rank(right), right)
  }

  private static func rank(_ key: String) -> Int {
    switch key {
    case "app.kubernetes.io/instance": 3
    case "app.kubernetes.io/name", "app", "k8s-app": 2
    case _ where key.hasPrefix("app.kubernetes.io/"): 1
    default: 0
    }
  }

  private static func pair(_ text: String) -> Pair? {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }
}
