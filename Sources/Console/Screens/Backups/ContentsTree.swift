// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal

/// A row of what is in a backup: a namespace, a type in it, or an object. The empty namespace is that of the cluster's own objects.
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

    mutating func add(_ bytes: Int64) {
      sizeBytes += bytes
      count += 1
    }
  }

  let index: ArchiveIndex
  private(set) var order = Order.size
  private(set) var query = FilterQuery("")
  /// How many objects match the filter, and their bytes.
  private(set) var shownCount = 0
  private(set) var shownBytes: Int64 = 0

  private var namespaces: [String] = []
  private var groups: [ContentsNode: Group] = [:]
  private let sizes: [Int64]

  init(_ index: ArchiveIndex) {
    self.index = index
    sizes = index.items.map { item in item.copies.reduce(0) { $0 + Int64($1.sizeBytes) } }
    group()
  }

  /// How many objects there are in all.
  var totalCount: Int { index.itemCount }

  mutating func setQuery(_ query: FilterQuery) {
    self.query = query
    group()
  }

  mutating func setOrder(_ order: Order) {
    self.order = order
    sort()
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

  private mutating func group() {
    groups = [:]
    (shownCount, shownBytes) = (0, 0)
    for item in index.items where query.isEmpty || query.matches(Self.subject(item)) {
      let namespace = item.namespace ?? ""
      let type = item.resource
      let size = sizes[item.number]
      shownCount += 1
      shownBytes += size
      let child = ContentsNode.type(namespace, type)
      if groups[child] == nil { groups[.namespace(namespace), default: Group()].children.append(type) }
      groups[.namespace(namespace), default: Group()].add(size)
      groups[child, default: Group()].add(size)
      groups[child]?.items.append(item.number)
    }
    namespaces = groups.keys.compactMap { if case .namespace(let name) = $0 { name } else { nil } }
    sort()
  }

  private static func subject(_ item: ArchivedItem) -> FilterQuery.Subject {
    FilterQuery.Subject(
      texts: [item.name, item.resource, item.namespace ?? ""],
      namespace: item.namespace,
      kind: item.resource,
      label: { item.labels[$0] }
    )
  }

  private mutating func sort() {
    namespaces = namespaces.sorted { isBefore(.namespace($0), .namespace($1), $0, $1) }
    for (node, group) in groups {
      var group = group
      switch node {
      case .namespace(let namespace):
        group.children.sort {
          isBefore(.type(namespace, $0), .type(namespace, $1), $0, $1)
        }
      case .type:
        let names = Dictionary(group.items.map { ($0, index[$0].name) }) { first, _ in first }
        group.items.sort { left, right in
          if order == .size, sizes[left] != sizes[right] { return sizes[left] > sizes[right] }
          return names[left] ?? "" < names[right] ?? ""
        }
      case .object: break
      }
      groups[node] = group
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
