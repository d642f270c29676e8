// SPDX-License-Identifier: Apache-2.0

/// Why an object of a backup is not restored.
public enum RestoreSkip: Sendable, Hashable {
  /// The restore's filter leaves it out.
  case filter(Exclusion)
  /// Objects of its type are never restored.
  case neverRestored(type: String)
  /// Cluster-scoped, and this entry narrows the namespaces: only what others need comes along.
  case clusterResourcesOnlyWhenNeeded(by: FilterEntry)
  /// A pod or job that has ended.
  case completed
  /// A pod that a node makes out of a file of its own.
  case mirrorPod
  /// Another object of the archive, this one, goes to the same place.
  case duplicate(of: ObjectAddress)
  /// The restore names single objects, and this is none of them.
  case notNamed
  /// A change on its way says that it is not needed, and why.
  case unneeded(String)
}

extension RestoreSkip: CustomStringConvertible {
  /// The reason in words, in lower case and without a stop.
  public var description: String {
    switch self {
    case .filter(let exclusion): exclusion.description
    case .neverRestored(let type): "objects of the type '\(type)' are never restored"
    case .clusterResourcesOnlyWhenNeeded(let entry):
      "cluster-scoped, and namespaces are filtered by \(entry); restored only where a restored object needs it"
    case .completed: "it had ended when it was backed up"
    case .mirrorPod: "its node makes it out of a file of its own"
    case .duplicate(let other): "\(other) is restored to the same place"
    case .notNamed: "the restore names single objects, and this is none of them"
    case .unneeded(let reason): reason
    }
  }
}
