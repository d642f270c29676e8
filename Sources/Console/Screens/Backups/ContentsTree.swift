// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// A row of what is in a backup: a namespace, a type in it, or an object.
///
/// The empty namespace is that of the cluster's own objects.
enum ContentsNode: Sendable, Hashable {
  case namespace(String)
  case type(String, String)
  case object(ObjectAddress)

  /// Names the row in clicks.
  var key: String {
    switch self {
    case .namespace(let name): "n/\(name)"
    case .type(let namespace, let type): "t/\(namespace)/\(type)"
    case .object(let address): "o/\(address.text)"
    }
  }
}

/// What is in a backup, grouped and summed up, and its rows as a tree shows them.
struct ContentsTree: Sendable {
  /// How rows of one level are ordered.
  enum Order: String, Sendable, CaseIterable {
    case size, name, count
  }

  /// Some objects together.
  private struct Group: Sendable {
    var sizeBytes: Int64 = 0
    var count = 0
    var children: [String] = []
    var items: [Int] = []

    mutating func add(_ bytes: Int64, _ item: Int? = nil) {
      sizeBytes += bytes
      count += 1
      if let item { items.append(item) }
    }
  }

  let index: ArchiveIndex
  private(set) var order = Order.size
  private(set) var query = SearchQuery("")
  /// How many objects match the filter, and their bytes.
  private(set) var shownCount = 0
  private(set) var shownBytes: Int64 = 0

  private var namespaces: [String] = []
  private var groups: [ContentsNode: Group] = [:]
  /// How many objects each namespace and type has, whatever the filter.
  private var wholeCounts: [ContentsNode: Int] = [:]
  private let sizes: [Int64]
  /// The objects in their order.
  private var ranks: [Int] = []
  /// The folded addresses of all objects, one after the other, and where each ends.
  private let folded: [UInt8]
  private let ends: [Int]

  init(_ index: ArchiveIndex) {
    self.index = index
    sizes = index.items.map { Int64($0.mainCopy?.sizeBytes ?? 0) }
    var folded: [UInt8] = []
    ends = index.items.map { item in
      folded += FoldedText.bytes(item.address.text)
      return folded.count
    }
    self.folded = folded
    rank()
    group()
    wholeCounts = groups.mapValues(\.count)
  }

  /// How many objects a row has, those that the filter leaves out among them.
  func wholeCount(of node: ContentsNode) -> Int {
    if case .object = node { 1 } else { wholeCounts[node] ?? 0 }
  }

  /// How many objects there are in all.
  var totalCount: Int { index.itemCount }

  mutating func setQuery(_ query: SearchQuery) {
    self.query = query
    group()
  }

  mutating func setOrder(_ order: Order) {
    self.order = order
    rank()
    group()
  }

  /// The rows that are not inside a closed one; while a filter is set, all are open.
  func rows(_ isOpen: (ContentsNode) -> Bool) -> [ContentsNode] {
    var rows: [ContentsNode] = []
    let opensAll = !query.isEmpty && shownCount <= Self.openLimit
    for namespace in namespaces {
      let node = ContentsNode.namespace(namespace)
      rows.append(node)
      guard opensAll || isOpen(node), let group = groups[node] else { continue }
      for type in group.children {
        let child = ContentsNode.type(namespace, type)
        rows.append(child)
        guard opensAll || isOpen(child), let objects = groups[child] else { continue }
        rows += objects.items.map { .object(index[$0].address) }
      }
    }
    return rows
  }

  /// Up to so many finds are shown with all that is around them open.
  static let openLimit = 2000

  /// What a row shows.
  func row(_ node: ContentsNode) -> TreeRow<ContentsNode> {
    switch node {
    case .namespace(let name):
      let label = name.isEmpty ? "the cluster's own" : name
      return TreeRow(
        node,
        depth: 0,
        hasChildren: true,
        label: TextLine(label, name.isEmpty ? .accent : .title),
        detail: detail(node),
        share: share(node, of: namespaces.map(ContentsNode.namespace))
      )
    case .type(let namespace, let type):
      return TreeRow(
        node,
        depth: 1,
        hasChildren: true,
        label: TextLine(type),
        detail: detail(node),
        share: share(
          node,
          of: (groups[.namespace(namespace)]?.children ?? []).map { .type(namespace, $0) }
        )
      )
    case .object(let address):
      let bytes = size(of: address)
      let siblings = groups[.type(address.namespace ?? "", address.type)]?.items ?? []
      let greatest = siblings.lazy.map { sizes[$0] }.max() ?? 0
      return TreeRow(
        node,
        depth: 2,
        hasChildren: false,
        label: TextLine(address.name),
        detail: Self.detail(bytes, count: nil),
        share: greatest > 0 ? Double(bytes) / Double(greatest) : nil
      )
    }
  }

  /// The row that one lies in; nil for a namespace.
  func parent(of node: ContentsNode) -> ContentsNode? {
    switch node {
    case .namespace: nil
    case .type(let namespace, _): .namespace(namespace)
    case .object(let address): .type(address.namespace ?? "", address.type)
    }
  }

  /// The objects of a row, those that the filter leaves out not among them.
  func objects(of node: ContentsNode) -> [ObjectAddress] {
    switch node {
    case .namespace(let name):
      (groups[node]?.children ?? []).flatMap { objects(of: .type(name, $0)) }
    case .type: (groups[node]?.items ?? []).map { index[$0].address }
    case .object(let address): [address]
    }
  }

  func size(of address: ObjectAddress) -> Int64 {
    index.number(resource: address.type, namespace: address.namespace, name: address.name)
      .map { sizes[$0] } ?? 0
  }

  private func detail(_ node: ContentsNode) -> String {
    guard let group = groups[node] else { return "" }
    return Self.detail(group.sizeBytes, count: group.count)
  }

  private static func detail(_ bytes: Int64, count: Int?) -> String {
    let count = count.map { HumanText.count($0) } ?? ""
    let size = HumanText.bytes(bytes)
    return padded(count, 8) + padded(size, 10)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func share(_ node: ContentsNode, of siblings: [ContentsNode]) -> Double? {
    let greatest = siblings.lazy.compactMap { groups[$0]?.sizeBytes }.max() ?? 0
    guard greatest > 0, let own = groups[node]?.sizeBytes else { return nil }
    return Double(own) / Double(greatest)
  }

  /// Sorts the objects, all at once, so that those of each type come in their order.
  private mutating func rank() {
    let names = index.items.map(\.name)
    ranks = Array(0..<index.itemCount)
    ranks.sort { left, right in
      if order == .size, sizes[left] != sizes[right] { return sizes[left] > sizes[right] }
      return names[left] < names[right]
    }
  }

  private mutating func group() {
    groups = [:]
    (shownCount, shownBytes) = (0, 0)
    let matcher = SearchMatcher(query)
    let takesAll = query.isEmpty && query.problem == nil
    for number in ranks {
      let item = index[number]
      guard takesAll || matcher.matches(item, folded: address(number)) else { continue }
      let namespace = item.namespace ?? ""
      let type = item.resource
      let size = sizes[number]
      shownCount += 1
      shownBytes += size
      let child = ContentsNode.type(namespace, type)
      if groups[child] == nil {
        groups[.namespace(namespace), default: Group()].children.append(type)
      }
      groups[.namespace(namespace), default: Group()].add(size)
      groups[child, default: Group()].add(size, number)
    }
    sort()
  }

  private func address(_ number: Int) -> ArraySlice<UInt8> {
    folded[(number == 0 ? 0 : ends[number - 1])..<ends[number]]
  }

  private mutating func sort() {
    let names = groups.keys.compactMap { node -> String? in
      if case .namespace(let name) = node { name } else { nil }
    }
    namespaces = names.sorted { isBefore(.namespace($0), .namespace($1), $0, $1) }
    for namespace in namespaces {
      let node = ContentsNode.namespace(namespace)
      let sorted = (groups[node]?.children ?? []).sorted {
        isBefore(.type(namespace, $0), .type(namespace, $1), $0, $1)
      }
      groups[node]?.children = sorted
    }
  }

  private func isBefore(
    _ left: ContentsNode,
    _ right: ContentsNode,
    _ leftName: String,
    _ rightName: String
  ) -> Bool {
    let (one, other) = (groups[left] ?? Group(), groups[right] ?? Group())
    switch order {
    case .size where one.sizeBytes != other.sizeBytes: return one.sizeBytes > other.sizeBytes
    case .count where one.count != other.count: return one.count > other.count
    case .size, .count, .name: return leftName < rightName
    }
  }
}
