// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Kubernetes
internal import Primitives
internal import Terminal

/// What of an object is looked at.
enum ObjectView: String, Sendable, Hashable, CaseIterable {
  case yaml
  case relations
  case backups

  var title: String {
    switch self {
    case .yaml: "YAML"
    case .relations: "Relations"
    case .backups: "Backups"
    }
  }

  /// The view after this one, round the end.
  var next: ObjectView {
    switch self {
    case .yaml: .relations
    case .relations: .backups
    case .backups: .yaml
    }
  }
}

/// An object's YAML as lines: secret values hidden until they are asked for, noise left out.
struct ObjectText: Sendable {
  private(set) var lines: [TextLine] = []
  /// The text that is copied: what is seen.
  private(set) var text = ""
  /// Whether there is something secret in the object.
  private(set) var isSecret = false
  private(set) var version = ""
  private(set) var uid = ""

  init() {}

  init(_ object: JSONValue, revealsSecrets: Bool, showsManagedFields: Bool) {
    isSecret = SecretMask.applies(to: object)
    version = object[path: "metadata", "resourceVersion"]?.string ?? ""
    uid = object[path: "metadata", "uid"]?.string ?? ""
    var shown = isSecret && !revealsSecrets ? SecretMask.masked(object) : object
    if !showsManagedFields, var metadata = shown["metadata"] {
      metadata["managedFields"] = nil
      shown["metadata"] = metadata
    }
    text = shown.yaml(sortedKeys: true)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map { TextLine(yaml: String($0)) }
  }
}

/// A row of the relations: a heading, or an object.
struct RelationRow: Sendable, Hashable {
  enum ID: Sendable, Hashable {
    case heading(String)
    case owner(ObjectAddress)
    case owned(ObjectAddress)
    case related(ObjectAddress)
    case note(String)

    var key: String { "\(self)" }

    /// The object that it opens.
    var address: ObjectAddress? {
      switch self {
      case .owner(let address), .owned(let address), .related(let address): address
      case .heading, .note: nil
      }
    }
  }

  var id: ID
  var depth: Int
  var label: TextLine
  var detail = ""
}

/// The relations of an object as rows: owners, what it owns, what it needs and is attached to.
struct RelationRows: Sendable {
  private(set) var rows: [RelationRow] = []

  init() {}

  init(
    of address: ObjectAddress,
    _ ownership: Ownership?,
    _ tree: Loadable<RelationTree>,
    _ world: World
  ) {
    heading("Owners")
    for (depth, node) in (ownership?.owners ?? []).enumerated() {
      let missing = node.isMissing ? "not there" : ""
      add(.owner(node.address), depth + 1, node.kind, missing, isMissing: node.isMissing)
    }
    if let ownership, ownership.owners.isEmpty { note("owners", "nothing owns it") }
    heading("Owned by it")
    for node in ownership?.owned ?? [] {
      add(.owned(node.address), node.depth, node.kind, "")
    }
    if let ownership {
      if ownership.owned.isEmpty { note("owned", "it owns nothing") }
      if ownership.isCut { note("cut", "and more: only the first \(Ownership.limit) are shown") }
    } else {
      note("ownership", "\(world.spinner) following owner references")
    }
    heading("Needed by it, and attached to it")
    let shown = (ownership?.owners ?? []) + (ownership?.owned ?? [])
    addTree(tree, besides: Set(shown.map(\.address)), world)
  }

  private mutating func addTree(
    _ tree: Loadable<RelationTree>,
    besides shown: Set<ObjectAddress>,
    _ world: World
  ) {
    if let failure = tree.failure {
      note("failure", failure.message, .bad)
      if let hint = failure.hint { note("hint", hint) }
    }
    guard let value = tree.value else {
      if tree.failure == nil { note("reading", "\(world.spinner) reading what it names") }
      return
    }
    let nodes = Self.nodes(value.nodes, besides: shown)
    for node in nodes {
      let kind = world.inventory.flatMap { snapshot in
        snapshot.place(of: node.address.type).map { snapshot.resource(ofType: $0).kind }
      }
      let detail = node.relation + (node.depth == 1 ? " it" : " the one above")
      add(.related(node.address), node.depth, kind ?? node.address.type, detail)
    }
    if nodes.isEmpty { note("none", "it names nothing, and nothing names it") }
    for remark in value.remarks { note(remark.message, remark.message, .warn) }
    for gap in value.gaps {
      let place = gap.namespace.map { " in '\($0)'" } ?? ""
      let types = gap.types.joined(separator: ", ")
      note("\(types)\(place)", "not read: \(types)\(place): \(gap.reason)", .warn)
    }
  }

  /// The tree without what stands above already, unless something else hangs on it.
  private static func nodes(
    _ nodes: [RelationTree.Node],
    besides shown: Set<ObjectAddress>
  ) -> [RelationTree.Node] {
    var kept: [RelationTree.Node] = []
    for node in nodes.reversed() {
      let hasChildren = kept.last.map { $0.depth > node.depth } ?? false
      if hasChildren || !shown.contains(node.address) { kept.append(node) }
    }
    return kept.reversed()
  }

  private mutating func heading(_ text: String) {
    rows.append(RelationRow(id: .heading(text), depth: 0, label: TextLine(text, .title)))
  }

  private mutating func note(_ id: String, _ text: String, _ role: Role = .dim) {
    rows.append(RelationRow(id: .note(id), depth: 1, label: TextLine(text, Style(role))))
  }

  private mutating func add(
    _ id: RelationRow.ID,
    _ depth: Int,
    _ kind: String,
    _ detail: String,
    isMissing: Bool = false
  ) {
    let label = TextLine([
      TextSpan(kind, .accent), TextSpan(" "),
      TextSpan(id.address?.path ?? "", isMissing ? .bad : .text),
    ])
    rows.append(RelationRow(id: id, depth: depth, label: label, detail: detail))
  }
}
