// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// An object of an archive: what its paths are made of.
public struct ArchiveItem: Sendable, Hashable {
  /// The resource with its group, such as `deployments.apps`, or `pods` of the core group.
  public var resource: String
  /// The version of the object's `apiVersion`, such as `v1`.
  public var version: String
  /// Whether the cluster prefers that version for the resource.
  public var isPreferredVersion: Bool
  /// The object's namespace; nil for the cluster's own.
  public var namespace: String?
  /// The object's name.
  public var name: String

  /// Makes an item.
  public init(
    resource: String,
    version: String,
    isPreferredVersion: Bool,
    namespace: String?,
    name: String
  ) {
    self.resource = resource
    self.version = version
    self.isPreferredVersion = isPreferredVersion
    self.namespace = namespace
    self.name = name
  }

  /// Where the object's bytes go: into two places when its version is the preferred one.
  ///
  /// Source: Velero 1.18, `pkg/backup/item_backupper.go`.
  public var paths: [ArchivePath] {
    let versions: [ArchivePath.Version] =
      isPreferredVersion ? [.unversioned, .preferred(version)] : [.other(version)]
    return versions.map {
      ArchivePath(resource: resource, version: $0, namespace: namespace, name: name)
    }
  }
}

/// A part of a backup's tar, of whole entries.
public struct ArchiveBlock: Sendable, Hashable {
  /// The entries.
  public var bytes: [UInt8] = []
  /// The bodies that stand twice, for `DeflateEncoder`.
  public var repeats: [DeflateRepeat] = []

  /// Makes an empty block.
  public init() {}

  /// Removes the entries and keeps the memory for others.
  public mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    repeats.removeAll(keepingCapacity: true)
  }
}

/// Writes the tar of a backup behind the entries of a block; compressing it is the caller's part.
public struct ArchiveWriter: Sendable {
  /// The version of the layout, as `status.formatVersion` says it too.
  public static let formatVersion = "1.1.0"
  /// The first entry's path.
  public static let versionPath = "metadata/version"

  private let tar: TarWriter
  private var path: [UInt8] = []

  /// Makes a writer.
  ///
  /// - Parameter modified: The time that all entries carry.
  public init(modified: Timestamp) { tar = TarWriter(modified: modified) }

  /// Writes the entry that every archive starts with.
  public func appendStart(to block: inout ArchiveBlock) {
    tar.append(
      path: Self.versionPath,
      body: Array((Self.formatVersion + "\n").utf8),
      to: &block.bytes
    )
  }

  /// Writes one object into all the places that are its own.
  ///
  /// - Parameters:
  ///   - item: What the object is.
  ///   - head: What its JSON starts with, such as `{"apiVersion":"v1","kind":"Pod",`.
  ///   - body: The rest of its JSON.
  ///   - block: Where the entries go to the end of.
  /// - Throws: `.unsafePath` when a name could lead out of the archive; then nothing is written.
  public mutating func append(
    _ item: ArchiveItem,
    head: UnsafeRawBufferPointer = UnsafeRawBufferPointer(start: nil, count: 0),
    body: UnsafeRawBufferPointer,
    to block: inout ArchiveBlock
  ) throws(VeleroError) {
    try Self.check(item)
    guard item.isPreferredVersion else {
      return appendEntry(item, version: item.version, suffix: "/", head, body, &block.bytes)
    }
    appendEntry(item, version: "", suffix: "", head, body, &block.bytes)
    let firstEnd = block.bytes.count
    appendEntry(item, version: item.version, suffix: "-preferredversion/", head, body, &block.bytes)
    let size = head.count + body.count
    let stored = size + TarHeader.padding(sizeBytes: Int64(size))
    block.repeats.append(
      DeflateRepeat(
        start: block.bytes.count - stored,
        count: stored,
        distance: block.bytes.count - firstEnd
      )
    )
  }

  /// Writes the end of the archive.
  public func appendEnd(to block: inout ArchiveBlock) { tar.appendEnd(to: &block.bytes) }

  private mutating func appendEntry(
    _ item: ArchiveItem,
    version: String,
    suffix: String,
    _ head: UnsafeRawBufferPointer,
    _ body: UnsafeRawBufferPointer,
    _ output: inout [UInt8]
  ) {
    path.removeAll(keepingCapacity: true)
    path.append(contentsOf: "resources/".utf8)
    path.append(contentsOf: item.resource.utf8)
    path.append(UInt8(ascii: "/"))
    path.append(contentsOf: version.utf8)
    path.append(contentsOf: suffix.utf8)
    if let namespace = item.namespace {
      path.append(contentsOf: "namespaces/".utf8)
      path.append(contentsOf: namespace.utf8)
      path.append(UInt8(ascii: "/"))
    } else {
      path.append(contentsOf: "cluster/".utf8)
    }
    path.append(contentsOf: item.name.utf8)
    path.append(contentsOf: ".json".utf8)
    path.withUnsafeBytes { tar.append(path: $0, head: head, body: body, to: &output) }
  }

  private static func check(_ item: ArchiveItem) throws(VeleroError) {
    guard isSafe(item.resource), isSafe(item.version), isSafe(item.name),
      item.namespace.map(isSafe) ?? true
    else {
      throw VeleroError(
        code: .unsafePath,
        message: "cannot archive \(item.resource) '\(item.namespace.map { $0 + "/" } ?? "")"
          + "\(item.name)': a part of its path would be empty, '..', or hold '/' or NUL"
      )
    }
  }

  private static func isSafe(_ segment: String) -> Bool {
    let utf8 = segment.utf8
    return !utf8.isEmpty && segment != "." && segment != ".."
      && !utf8.contains { $0 == 0 || $0 == UInt8(ascii: "/") }
  }
}
