// SPDX-License-Identifier: Apache-2.0

public import Engine
internal import Primitives
public import Terminal

/// What a restore that is being composed would take of its backup.
typealias LiveArchivePreview = LiveAnswer<ArchiveSelection, ArchivePreview>

extension LiveArchivePreview {
  /// Makes one that has asked nothing.
  ///
  /// - Parameter place: The backup.
  init(of place: BackupPlace) {
    self.init(
      { .restore(.selection($0, place)) },
      read: { answer in
        if case .restore(.selection(let preview)) = answer { preview } else { nil }
      }
    )
  }
}

extension ArchivePreview: SelectionResult {
  /// The types that have objects.
  public var typeRows: [SelectionRow] { types.map(SelectionRow.init) }

  /// The namespaces that have objects; the empty one stands for the cluster's own.
  public var namespaceRows: [SelectionRow] { namespaces.map(SelectionRow.init) }

  /// Why objects of a type are left out.
  public func lines(aboutType name: String) -> [TextLine] {
    guard let row = types.first(where: { $0.name == name }) else { return [] }
    return [TextLine("\(name): Enter shows the objects")] + row.lines
  }

  /// Why objects of a namespace are left out.
  public func lines(aboutNamespace name: String) -> [TextLine] {
    guard let row = namespaces.first(where: { $0.name == name }) else { return [] }
    return [SelectionRow.title(ofNamespace: name)] + row.lines
  }

  /// Whether an object is taken, why, and for the sake of which others.
  public func lines(about address: ObjectAddress) -> [TextLine] {
    guard let number = index.number(of: address) else { return [] }
    let isTaken = isTaken(number)
    var lines = [
      TextLine([
        TextSpan(isTaken ? "in: " : "out: ", isTaken ? .ok : .warn),
        TextSpan(reason(for: number)),
      ])
    ]
    for (depth, origin) in origins(of: number).enumerated() {
      let indent = String(repeating: "  ", count: depth + 1)
      lines.append(
        TextLine([
          TextSpan("\(indent)\(index.address(origin))", .accent),
          TextSpan("  \(reason(for: origin))", .dim),
        ])
      )
    }
    return lines
  }

  /// Goes through objects, by type, namespace and name.
  public func forEachObject(
    _ isTaken: Bool,
    in scope: PreviewObjectsRequest.Scope,
    _ body: (PreviewObject, _ label: @escaping (String) -> String?) throws -> Void
  ) throws {
    for row in types where isTaken ? row.taken > 0 : row.leftTotal > 0 {
      try Task.checkCancellation()
      if case .type(let wanted) = scope, wanted != row.name { continue }
      for number in numbers(ofType: row.name, taken: isTaken) {
        let item = index[number]
        if case .namespace(let wanted) = scope, (item.namespace ?? "") != wanted { continue }
        try body(object(number)) { item.labels[$0] }
      }
    }
  }
}

extension ArchivePreview.Row {
  /// Why objects are left out.
  fileprivate var lines: [TextLine] {
    var counts: [String: Int] = [:]
    for (skip, count) in left { counts[skip.description, default: 0] += count }
    return SelectionRow.lines(ofReasons: counts)
  }
}
