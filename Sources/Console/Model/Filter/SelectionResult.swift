// SPDX-License-Identifier: Apache-2.0

public import Engine
internal import Primitives
public import Terminal

/// What a filter takes and leaves out: of a cluster for a backup, or of an archive for a restore.
public protocol SelectionResult: Sendable {
  /// The types that have objects.
  var typeRows: [SelectionRow] { get }
  /// The namespaces that have objects; the empty one stands for the cluster's own.
  var namespaceRows: [SelectionRow] { get }

  /// What there is to say of a type.
  func lines(aboutType name: String) -> [TextLine]

  /// What there is to say of a namespace; of an empty name, of the cluster's own objects.
  func lines(aboutNamespace name: String) -> [TextLine]

  /// Whether an object is taken, and why.
  func lines(about address: ObjectAddress) -> [TextLine]

  /// Goes through objects, by type, namespace and name.
  ///
  /// - Parameters:
  ///   - isTaken: Whether those that are taken are wanted, or those that are left out.
  ///   - scope: Of which objects.
  ///   - body: Gets each, and what gives the value of one of its labels.
  /// - Throws: What the body throws; `CancellationError`.
  func forEachObject(
    _ isTaken: Bool,
    in scope: PreviewObjectsRequest.Scope,
    _ body: (PreviewObject, _ label: @escaping (String) -> String?) throws -> Void
  ) throws
}

/// How many objects of a type or of a namespace are taken and left out.
public struct SelectionRow: Sendable, Hashable {
  /// The name.
  public var name: String
  /// How many are taken.
  public var taken: Int
  /// How many are left out.
  public var left: Int

  init(_ row: SelectionSummary.Row) {
    (name, taken, left) = (row.name, row.taken, row.leftTotal)
  }

  init(_ row: ArchivePreview.Row) {
    (name, taken, left) = (row.name, row.taken, row.leftTotal)
  }

  /// What a namespace is called above what there is to say of it.
  static func title(ofNamespace name: String) -> TextLine {
    let title = name.isEmpty ? "objects of the cluster itself" : "namespace \(name)"
    return TextLine("\(title): Enter shows the objects")
  }

  /// Why objects are left out, the most frequent reason first.
  static func lines(ofReasons counts: [String: Int]) -> [TextLine] {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map {
      TextLine([
        TextSpan("\(HumanText.count($0.value)) out: ", .warn), TextSpan($0.key, .dim),
      ])
    }
  }
}
