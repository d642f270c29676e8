// SPDX-License-Identifier: Apache-2.0

/// A value in a YAML document, with the place where it stands.
///
/// Aliases are replaced by what they refer to, which then has the place of its anchor.
public struct YAMLNode: Sendable, Hashable {
  /// What a node holds.
  public enum Content: Sendable, Hashable {
    /// Text; plain when it stood there without quotes and is no block, so that its looks give its type.
    case scalar(text: String, isPlain: Bool)
    /// A list.
    case sequence([YAMLNode])
    /// Keys with values in order; a key can stand twice when the options allow it.
    case mapping([Pair])
  }

  /// A key with its value.
  public struct Pair: Sendable, Hashable {
    /// The key, mostly a scalar.
    public var key: YAMLNode
    /// The value.
    public var value: YAMLNode

    /// Makes a pair.
    public init(key: YAMLNode, value: YAMLNode) {
      self.key = key
      self.value = value
    }
  }

  /// What the node holds.
  public var content: Content
  /// Where the node begins.
  public var mark: YAMLMark
  /// The tag that was written, in its long form such as `tag:yaml.org,2002:str`; nil when there was none.
  public var tag: String?

  /// Makes a node.
  public init(content: Content, mark: YAMLMark, tag: String? = nil) {
    self.content = content
    self.mark = mark
    self.tag = tag
  }
}

extension YAMLNode {
  /// The elements of a sequence, or nil for another kind.
  public var elements: [YAMLNode]? {
    if case .sequence(let elements) = content { elements } else { nil }
  }

  /// The pairs of a mapping, merge keys not resolved, or nil for another kind.
  public var pairs: [Pair]? {
    if case .mapping(let pairs) = content { pairs } else { nil }
  }

  /// The text of a scalar whatever its type, or nil for another kind.
  public var scalarText: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }

  /// The text when the node is a string by quotes, tag or looks; nil for `true`, `1`, `~` and for collections.
  public var string: String? {
    guard case .scalar(let text, _) = content, scalarType == .string else { return nil }
    return text
  }

  /// The truth value when the node is one by its looks or tag.
  public var bool: Bool? {
    if case .bool(let flag)? = scalarType { flag } else { nil }
  }

  /// Whether the node is null: empty, `~` or `null` without quotes.
  public var isNull: Bool { scalarType == .null }

  /// The value of the last pair whose key is the text `key`, or nil.
  public subscript(key: String) -> YAMLNode? {
    pairs?.last(where: { $0.key.scalarText == key })?.value
  }

  /// What a scalar is by its tag or looks; nil for collections.
  var scalarType: YAMLScalarType? {
    guard case .scalar(let text, let isPlain) = content else { return nil }
    guard let tag else {
      return isPlain ? YAMLScalarType(plain: text) : .string
    }
    return YAMLScalarType(text: text, tag: tag)
  }
}
