// SPDX-License-Identifier: Apache-2.0

/// What a restore will do, as far as it is known without a look at the objects of the target.
///
/// Objects that are restored come in the order of their waves, then by type, namespace and name; of the same archive and filter
/// every plan is the same.
public struct RestorePlan: Sendable {
  /// An object of the archive.
  public struct Item: Sendable, Hashable {
    /// Its number in the archive's index.
    public var number: Int
    /// What becomes of it.
    public var standing: Standing
  }

  /// What becomes of an object.
  public enum Standing: Sendable, Hashable {
    /// It is restored in this wave, as this entry of the archive has it.
    case restored(wave: Int, copy: Int)
    /// It is not, for this reason.
    case skipped(RestoreSkip)
    /// It cannot be, for this reason.
    case failing(RestoreObstacle)
  }

  /// A namespace that objects are restored into, or whose object is restored.
  public struct Namespace: Sendable, Hashable {
    /// Its name in the target.
    public var target: String
    /// The number of the Namespace object that it is made of; nil when the archive has none.
    public var number: Int?
  }

  /// The waves, in their order.
  public let waves: [RestoreWave]
  /// The namespaces that have to be there, by their names; those that exist are not changed.
  public let namespaces: [Namespace]
  /// The objects that are restored, in their order, and behind them the others, in the archive's.
  public let items: [Item]
  /// What the user should know.
  public let remarks: [SelectionRemark]

  /// How many objects are restored; Namespace objects do not count.
  public var restoredCount: Int {
    items.count { if case .restored = $0.standing { true } else { false } }
  }
}

/// Why an object cannot be restored.
public enum RestoreObstacle: Sendable, Hashable, CustomStringConvertible {
  /// The target does not serve its type; the archive may have a definition that is not restored.
  case typeMissing(String, hasDefinition: Bool)
  /// It is not known whether the target serves its type, for this reason.
  case typeUnknown(String, String)
  /// The target serves its type, but in none of the versions that the archive has.
  case versionMissing(String, archived: [String], served: [String])

  /// The reason in words, in lower case and without a stop.
  public var description: String {
    switch self {
    case .typeMissing(let type, hasDefinition: true):
      "the target has no type '\(type)', and its definition is in the backup but not restored"
    case .typeMissing(let type, hasDefinition: false):
      "the target has no type '\(type)', and the backup has no definition of it"
    case .typeUnknown(let type, let reason):
      "it is not known whether the target has the type '\(type)': \(reason)"
    case .versionMissing(let type, let archived, let served):
      "the target serves '\(type)' in \(served.joined(separator: ", ")), and the backup has it in "
        + archived.joined(separator: ", ")
    }
  }
}
