// SPDX-License-Identifier: Apache-2.0

/// Header fields in the order they were added or received; names compare without regard to ASCII case.
///
/// A name may occur more than once. Source: RFC 9110, section 5.
public struct HTTPHeaders: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  /// One header line.
  public struct Field: Sendable, Hashable {
    /// The name as it was written.
    public let name: String
    /// The value without surrounding blanks.
    public let value: String

    /// Makes one header line.
    public init(name: String, value: String) {
      self.name = name
      self.value = value
    }

    /// Equal values under names that differ in ASCII case only are equal.
    public static func == (left: Field, right: Field) -> Bool {
      left.isNamed(right.name) && left.value == right.value
    }

    /// Hashes the name without its case, and the value.
    public func hash(into hasher: inout Hasher) {
      for byte in name.utf8 { hasher.combine(asciiLowercase(byte)) }
      hasher.combine(value)
    }

    func isNamed(_ other: String) -> Bool {
      name.utf8.elementsEqual(other.utf8) { asciiLowercase($0) == asciiLowercase($1) }
    }
  }

  /// Every line, in order.
  public private(set) var fields: [Field]

  /// No headers.
  public init() { fields = [] }

  /// Makes headers of lines.
  public init(fields: [Field]) { self.fields = fields }

  /// Makes headers of names and values, in the order of the literal; repeated names are kept.
  public init(dictionaryLiteral elements: (String, String)...) {
    fields = elements.map { Field(name: $0.0, value: $0.1) }
  }

  /// The first value of a name; setting replaces every line of the name, setting nil removes them.
  public subscript(_ name: String) -> String? {
    get { fields.first { $0.isNamed(name) }?.value }
    set {
      guard let newValue else {
        fields.removeAll { $0.isNamed(name) }
        return
      }
      set(name: name, value: newValue)
    }
  }

  /// Every value of a name, in order; `Warning` of the Kubernetes API is one that repeats.
  public func values(_ name: String) -> [String] {
    fields.filter { $0.isNamed(name) }.map(\.value)
  }

  /// Adds a line after the others.
  public mutating func add(name: String, value: String) {
    fields.append(Field(name: name, value: value))
  }

  /// Puts one line in the place of every line of this name: at the first one's place, or at the end.
  public mutating func set(name: String, value: String) {
    guard let index = fields.firstIndex(where: { $0.isNamed(name) }) else {
      add(name: name, value: value)
      return
    }
    fields[index] = Field(name: name, value: value)
    var later = index + 1
    while later < fields.count {
      if fields[later].isNamed(name) { fields.remove(at: later) } else { later += 1 }
    }
  }
}

/// The lower-case form of an ASCII letter; every other byte as it is.
func asciiLowercase(_ byte: UInt8) -> UInt8 {
  byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
}
