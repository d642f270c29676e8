// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Gathers the names of a backup's objects, for a list of up to millions of them.
///
/// A name costs its bytes and 4 more. Names may come in any order and more than once.
public struct ResourceListBuilder: Sendable {
  fileprivate struct Names: Sendable {
    private(set) var bytes: [UInt8] = []
    private var ends: [UInt32] = []
    private(set) var isSorted = true

    var count: Int { ends.count }

    func range(_ index: Int) -> Range<Int> {
      (index == 0 ? 0 : Int(ends[index - 1]))..<Int(ends[index])
    }

    mutating func add(namespace: String?, name: String) {
      if let namespace {
        bytes.append(contentsOf: namespace.utf8)
        bytes.append(UInt8(ascii: "/"))
      }
      bytes.append(contentsOf: name.utf8)
      precondition(bytes.count <= UInt32.max, "the names of a kind have at most 4 GiB")
      ends.append(UInt32(bytes.count))
      let last = ends.count - 1
      if last > 0, isSorted {
        isSorted = !bytes[range(last)].lexicographicallyPrecedes(bytes[range(last - 1)])
      }
    }
  }

  fileprivate private(set) var names: [String: Names] = [:]
  /// How many names were added.
  public private(set) var count = 0

  /// Makes an empty list.
  public init() {}

  /// Adds an object.
  ///
  /// - Parameters:
  ///   - kind: `<apiVersion>/<kind>`, such as `apps/v1/Deployment`.
  ///   - namespace: Its namespace; nil for the cluster's own.
  ///   - name: Its name, in a restore's list with the action in parentheses behind.
  public mutating func add(kind: String, namespace: String?, name: String) {
    names[kind, default: Names()].add(namespace: namespace, name: name)
    count += 1
  }

  /// Writes the file piece by piece.
  ///
  /// - Parameter compressor: Compresses the pieces; the encoder's alone until it is done.
  /// - Returns: The encoder; its pieces, one after the other, are the file.
  public func makeEncoder(_ compressor: GzipCompressor) -> ResourceListEncoder {
    ResourceListEncoder(self, compressor)
  }
}

/// Gives the file of a resource list in gzip members of about 1 MiB of JSON each.
///
/// Beyond the names it takes memory for one member, and for 4 bytes for each name of the largest kind that was
/// not added in order.
public struct ResourceListEncoder {
  private static let memberSizeBytes = 1 << 20

  private let builder: ResourceListBuilder
  private let compressor: GzipCompressor
  private let kinds: [String]
  private var kindIndex = 0
  private var nameIndex = 0
  /// The places of the present kind's names in order; nil when they were added so.
  private var order: [UInt32]?
  private var json: [UInt8] = []
  private var isDone = false

  fileprivate init(_ builder: ResourceListBuilder, _ compressor: GzipCompressor) {
    self.builder = builder
    self.compressor = compressor
    kinds = builder.names.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    json.reserveCapacity(Self.memberSizeBytes + 4096)
    json.append(UInt8(ascii: "{"))
  }

  /// The next piece, or nil after the last one.
  public mutating func next() -> [UInt8]? {
    if isDone { return nil }
    while kindIndex < kinds.count, json.count < Self.memberSizeBytes { writeName() }
    if kindIndex == kinds.count {
      isDone = true
      json.append(contentsOf: "}\n".utf8)
    }
    let member = compressor.compress(json)
    json.removeAll(keepingCapacity: true)
    return member
  }

  /// Writes one name, with what stands before the first and behind the last one of a kind.
  private mutating func writeName() {
    let kind = kinds[kindIndex]
    guard let names = builder.names[kind] else { return }
    if nameIndex == 0 {
      order = names.isSorted ? nil : Self.sorted(names)
      if kindIndex > 0 { json.append(UInt8(ascii: ",")) }
      json.append(contentsOf: JSONValue.string(kind).encoded(.go))
      json.append(contentsOf: ":[".utf8)
    }
    let range = names.range(place(nameIndex))
    let isRepeated =
      nameIndex > 0
      && names.bytes[range] == names.bytes[names.range(place(nameIndex - 1))]
    if !isRepeated {
      if nameIndex > 0 { json.append(UInt8(ascii: ",")) }
      writeText(names.bytes[range])
    }
    nameIndex += 1
    if nameIndex == names.count {
      json.append(UInt8(ascii: "]"))
      kindIndex += 1
      nameIndex = 0
    }
  }

  private func place(_ index: Int) -> Int { order.map { Int($0[index]) } ?? index }

  private mutating func writeText(_ text: ArraySlice<UInt8>) {
    let isPlain = text.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && !"\"\\<>&".utf8.contains($0)
    }
    if isPlain {
      json.append(UInt8(ascii: "\""))
      json.append(contentsOf: text)
      json.append(UInt8(ascii: "\""))
    } else {
      let text = String(decoding: text, as: UTF8.self)
      json.append(contentsOf: JSONValue.string(text).encoded(.go))
    }
  }

  private static func sorted(_ names: ResourceListBuilder.Names) -> [UInt32] {
    var order = Array(0..<UInt32(names.count))
    names.bytes.withUnsafeBytes { bytes in
      order.sort { left, right in
        let left = UnsafeRawBufferPointer(rebasing: bytes[names.range(Int(left))])
        let right = UnsafeRawBufferPointer(rebasing: bytes[names.range(Int(right))])
        return left.lexicographicallyPrecedes(right)
      }
    }
    return order
  }
}
