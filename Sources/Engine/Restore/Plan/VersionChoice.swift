// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Velero

/// In which API version the objects of a type are read from an archive.
///
/// Source: velero/05, section 8.
public struct VersionChoice: Sendable, Hashable {
  /// Why a version was chosen.
  public enum Reason: Sendable, Hashable {
    /// The restore's own list names it.
    case listed
    /// The target prefers it.
    case preferredByTarget
    /// The backed-up cluster preferred it, and the target serves it.
    case preferredByBackup
    /// The newest of those that both have.
    case common
    /// The target serves none of the archive's; the backed-up cluster's is tried.
    case none
  }

  /// The version, such as `v1`.
  public var version: String
  /// The archive's directory of it.
  public var directory: ArchivePath.Version
  /// Why.
  public var reason: Reason

  /// Chooses.
  ///
  /// - Parameters:
  ///   - resource: The type, `plural.group`.
  ///   - archived: The directories that the archive has for the type.
  ///   - discovery: What the target serves.
  ///   - listed: The versions that the user prefers, the best first.
  /// - Returns: nil when the archive has no directory of a version: only the unversioned one can be read.
  public static func choose(
    resource: String,
    archived: Set<ArchivePath.Version>,
    discovery: Discovery,
    listed: [String] = []
  ) -> VersionChoice? {
    let directories = Dictionary(
      archived.compactMap { version in version.text.map { ($0, version) } },
      uniquingKeysWith: { first, _ in first }
    )
    let preferred = archived.lazy.compactMap { version in
      if case .preferred(let name) = version { name } else { nil }
    }.first
    let served = discovery.resources.filter { $0.groupResource == resource }.map(\.version)
    let favourite = discovery.preferred.first { $0.groupResource == resource }?.version
    func choice(_ version: String?, _ reason: Reason) -> VersionChoice? {
      guard let version, let directory = directories[version] else { return nil }
      return VersionChoice(version: version, directory: directory, reason: reason)
    }
    let common = directories.keys.filter(served.contains).sorted {
      KubernetesVersion.precedes($0, $1)
    }
    return choice(listed.first { common.contains($0) }, .listed)
      ?? choice(favourite, .preferredByTarget)
      ?? choice(preferred.flatMap { served.contains($0) ? $0 : nil }, .preferredByBackup)
      ?? choice(common.first, .common)
      ?? choice(preferred, .none)
  }

  /// Reads the list of a ConfigMap's key `restoreResourcesVersionPriority`: lines `resource.group=v2,v1`.
  ///
  /// - Returns: The versions by type; lines that are none are left out.
  public static func priorities(parsing text: String) -> [String: [String]] {
    var lists: [String: [String]] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.filter { !$0.isWhitespace } }
      guard parts.count == 2 else { continue }
      lists[parts[0]] = parts[1].split(separator: ",").map(String.init)
    }
    return lists
  }
}

extension ArchivePath.Version {
  /// The version, such as `v1`; nil for the unversioned directory.
  fileprivate var text: String? {
    switch self {
    case .unversioned: nil
    case .preferred(let version), .other(let version): version
    }
  }
}

/// The order of versions' names: stable ones first, then beta, then alpha, the newest first; others behind, by name.
///
/// Source: Kubernetes documentation, "Versions in CustomResourceDefinitions", version priority.
enum KubernetesVersion {
  private struct Rank {
    /// 2 stable, 1 beta, 0 alpha.
    var stability: Int
    var major: Int
    var minor: Int
  }

  static func precedes(_ left: String, _ right: String) -> Bool {
    switch (rank(left), rank(right)) {
    case (let left?, let right?):
      (left.stability, left.major, left.minor) > (right.stability, right.major, right.minor)
    case (_?, nil): true
    case (nil, _?): false
    case (nil, nil): left < right
    }
  }

  private static func rank(_ text: String) -> Rank? {
    var rest = text[...]
    func number() -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return Int(digits)
    }
    guard rest.popFirst() == "v", let major = number() else { return nil }
    if rest.isEmpty { return Rank(stability: 2, major: major, minor: 0) }
    for (stability, name) in ["alpha", "beta"].enumerated() where rest.hasPrefix(name) {
      rest = rest.dropFirst(name.count)
      guard let minor = number(), rest.isEmpty else { return nil }
      return Rank(stability: stability, major: major, minor: minor)
    }
    return nil
  }
}
