// SPDX-License-Identifier: Apache-2.0

/// The path of one object in an archive.
///
/// ```
/// resources/<resource>/cluster/<name>.json
/// resources/<resource>/namespaces/<namespace>/<name>.json
/// resources/<resource>/<version>-preferredversion/…        the same two below
/// resources/<resource>/<version>/…                         the same two below
/// ```
///
/// Source: Velero 1.18, `pkg/archive/filesystem.go`.
public struct ArchivePath: Sendable, Hashable {
  /// Which directory of a resource the object is in.
  public enum Version: Sendable, Hashable {
    /// The one without a version, which every reader looks into.
    case unversioned
    /// That of the version the cluster preferred, such as `v1`.
    case preferred(String)
    /// That of another version.
    case other(String)

    /// The version that a directory is of; nil is the unversioned one.
    public init(directory: String?) {
      guard let directory else {
        self = .unversioned
        return
      }
      self =
        directory.hasSuffix(ArchivePath.preferredSuffix)
        ? .preferred(String(directory.dropLast(ArchivePath.preferredSuffix.count)))
        : .other(directory)
    }

    /// The directory's name; nil for the unversioned one, which is the resource's own.
    public var directory: String? {
      switch self {
      case .unversioned: nil
      case .preferred(let version): version + ArchivePath.preferredSuffix
      case .other(let version): version
      }
    }
  }

  /// What the name of an object's file ends with.
  static let fileSuffix = ".json"

  /// What the directory of a preferred version ends with.
  public static let preferredSuffix = "-preferredversion"

  /// The resource with its group, such as `deployments.apps`, or `pods` of the core group.
  public var resource: String
  /// Which directory of the resource.
  public var version: Version
  /// The object's namespace; nil for the cluster's own.
  public var namespace: String?
  /// The object's name.
  public var name: String

  /// The API group in the resource, such as `apps`; empty for the core group.
  public var group: Substring {
    resource.firstIndex(of: ".").map { resource[resource.index(after: $0)...] } ?? ""
  }

  /// Makes a path out of its parts.
  public init(
    resource: String,
    version: Version = .unversioned,
    namespace: String?,
    name: String
  ) {
    self.resource = resource
    self.version = version
    self.namespace = namespace
    self.name = name
  }

  /// Takes a path apart; nil when it is none of an object, such as `metadata/version`.
  ///
  /// - Parameter text: Relative, with `/` between its segments.
  public init?(parsing text: String) {
    // As bytes: a combining mark behind a '/' makes both one character, which is no '/' to a String.
    var segments = text.utf8.split(
      separator: UInt8(ascii: "/"),
      omittingEmptySubsequences: false
    ).map { Substring($0) }[...]
    guard segments.popFirst() == "resources", let resource = segments.popFirst(),
      let file = segments.popLast()?.utf8, file.count > Self.fileSuffix.utf8.count,
      file.suffix(Self.fileSuffix.utf8.count).elementsEqual(Self.fileSuffix.utf8)
    else { return nil }
    var version = Version.unversioned
    if segments.count == 2 && segments.first != "namespaces" || segments.count == 3 {
      version = Version(directory: String(segments.removeFirst()))
    }
    switch (segments.count, segments.first) {
    case (1, "cluster"): namespace = nil
    case (2, "namespaces"): namespace = segments.last.map { String($0) }
    default: return nil
    }
    guard !resource.isEmpty, namespace != "", version.directory != "" else { return nil }
    self.resource = String(resource)
    self.version = version
    name = String(Substring(file.dropLast(Self.fileSuffix.utf8.count)))
  }

  /// The path as it stands in the archive.
  public var text: String {
    let version = version.directory.map { $0 + "/" } ?? ""
    let scope = namespace.map { "namespaces/\($0)/" } ?? "cluster/"
    return "resources/\(resource)/\(version)\(scope)\(name)\(Self.fileSuffix)"
  }
}
