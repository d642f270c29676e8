// SPDX-License-Identifier: Apache-2.0

/// How YAML is read.
public struct YAMLOptions: Sendable, Hashable {
  /// Whether a key may stand twice in a mapping; the last value counts then, as kubectl reads it.
  public var allowsRepeatedKeys: Bool
  /// The most values a text may hold, aliases counted as what they refer to.
  ///
  /// A few lines of nested aliases can stand for billions of values.
  public var nodeLimit: Int
  /// The deepest nesting; Kubernetes' own objects reach about 40.
  public var depthLimit: Int

  /// Makes options; the default refuses repeated keys, more than a million values and nesting beyond 256.
  public init(
    allowsRepeatedKeys: Bool = false,
    nodeLimit: Int = 1_000_000,
    depthLimit: Int = 256
  ) {
    self.allowsRepeatedKeys = allowsRepeatedKeys
    self.nodeLimit = nodeLimit
    self.depthLimit = depthLimit
  }
}

/// One YAML document as a tree of nodes that know where they stand.
///
/// The syntax is YAML 1.1 as libyaml reads it, with UTF-8 or UTF-16.
public struct YAMLDocument: Sendable, Hashable {
  /// The whole document; a null scalar when the document is empty.
  public var root: YAMLNode

  /// Makes a document of a node.
  public init(root: YAMLNode) { self.root = root }

  /// Reads a text that holds one document, or none, which counts as null.
  ///
  /// - Throws: `YAMLError` for broken syntax, a second document, or a limit that is passed.
  public init(parsing bytes: [UInt8], options: YAMLOptions = YAMLOptions()) throws(YAMLError) {
    let documents = try Self.all(in: bytes, options: options)
    if documents.count > 1 {
      throw YAMLError(
        message: "a second document begins here, where one was expected",
        mark: documents[1].root.mark
      )
    }
    let empty = YAMLNode(
      content: .scalar(text: "", isPlain: true),
      mark: YAMLMark(line: 1, column: 1)
    )
    self = documents.first ?? YAMLDocument(root: empty)
  }

  /// Reads a text that holds one document, or none, which counts as null.
  ///
  /// - Throws: `YAMLError` for broken syntax, a second document, or a limit that is passed.
  public init(parsing text: String, options: YAMLOptions = YAMLOptions()) throws(YAMLError) {
    try self.init(parsing: Array(text.utf8), options: options)
  }

  /// Reads all documents of a text, which `---` separates.
  ///
  /// - Throws: `YAMLError` for broken syntax or a limit that is passed.
  public static func all(
    in bytes: [UInt8],
    options: YAMLOptions = YAMLOptions()
  ) throws(YAMLError) -> [YAMLDocument] {
    let reader = YAMLEventReader(bytes)
    var documents: [YAMLDocument] = []
    var builder = YAMLTreeBuilder(options: options)
    while let event = try reader.next() {
      if let root = try builder.take(event) {
        documents.append(YAMLDocument(root: root))
      }
    }
    return documents
  }
}

/// Puts the events of a text together to trees.
struct YAMLTreeBuilder {
  private struct Open {
    var node: YAMLNode
    var anchor: String?
    /// Values so far, itself included.
    var size: Int
    var elements: [YAMLNode] = []
    var keys: Set<String> = []
  }

  private struct Anchored {
    var node: YAMLNode
    var size: Int
  }

  private let options: YAMLOptions
  private var open: [Open] = []
  private var anchors: [String: Anchored] = [:]
  private var size = 0

  init(options: YAMLOptions) { self.options = options }

  /// Takes the next event; gives the root when a document is complete.
  mutating func take(_ event: YAMLEvent) throws(YAMLError) -> YAMLNode? {
    switch event.kind {
    case .documentStart:
      anchors = [:]
      return nil
    case .scalar(let text, let isPlain):
      let node = YAMLNode(
        content: .scalar(text: text, isPlain: isPlain),
        mark: event.mark,
        tag: event.tag
      )
      return try add(node, size: 1, anchor: event.anchor)
    case .alias:
      let anchored = try target(of: event)
      return try add(anchored.node, size: anchored.size, anchor: nil)
    case .start(let isMapping):
      try begin(event, isMapping: isMapping)
      return nil
    case .end:
      return try finish()
    }
  }

  private func target(of event: YAMLEvent) throws(YAMLError) -> Anchored {
    let name = event.anchor ?? ""
    if let anchored = anchors[name] { return anchored }
    let isOpen = open.contains { $0.anchor == name }
    throw YAMLError(
      message: isOpen
        ? "the alias '*\(name)' refers to the value it stands in"
        : "the alias '*\(name)' refers to no anchor before it",
      mark: event.mark
    )
  }

  private mutating func begin(_ event: YAMLEvent, isMapping: Bool) throws(YAMLError) {
    guard open.count < options.depthLimit else {
      throw YAMLError(
        message: "nested deeper than \(options.depthLimit) levels",
        mark: event.mark
      )
    }
    let node = YAMLNode(
      content: isMapping ? .mapping([]) : .sequence([]),
      mark: event.mark,
      tag: event.tag
    )
    open.append(Open(node: node, anchor: event.anchor, size: 1))
  }

  private mutating func finish() throws(YAMLError) -> YAMLNode? {
    guard var top = open.popLast() else { return nil }
    if case .sequence = top.node.content {
      top.node.content = .sequence(top.elements)
    } else {
      top.node.content = .mapping(
        stride(from: 0, to: top.elements.count - 1, by: 2).map {
          YAMLNode.Pair(key: top.elements[$0], value: top.elements[$0 + 1])
        }
      )
    }
    // Its inner values were counted as they came.
    size -= top.size - 1
    return try add(top.node, size: top.size, anchor: top.anchor)
  }

  private mutating func add(
    _ node: YAMLNode,
    size added: Int,
    anchor: String?
  ) throws(YAMLError) -> YAMLNode? {
    size += added
    guard size <= options.nodeLimit else {
      throw YAMLError(
        message: "more than \(options.nodeLimit) values, aliases counted as what they stand for",
        mark: node.mark
      )
    }
    if let anchor { anchors[anchor] = Anchored(node: node, size: added) }
    guard let last = open.indices.last else { return node }
    try checkKey(node, at: last)
    open[last].elements.append(node)
    open[last].size += added
    return nil
  }

  private mutating func checkKey(_ node: YAMLNode, at last: Int) throws(YAMLError) {
    guard case .mapping = open[last].node.content, open[last].elements.count % 2 == 0,
      let key = node.scalarText
    else { return }
    let isNew = open[last].keys.insert(key).inserted
    guard isNew || options.allowsRepeatedKeys || key == "<<" else {
      throw YAMLError(message: "the key '\(key)' stands twice in this mapping", mark: node.mark)
    }
  }
}
