// SPDX-License-Identifier: Apache-2.0

/// What kind of reason an object could not be restored for.
public enum FailureCause: String, Sendable, Hashable, CaseIterable {
  /// The user lacks a permission.
  case forbidden
  /// An admission webhook refused the object.
  case admissionDenied = "admission-denied"
  /// An admission webhook could not be asked.
  case webhookUnavailable = "webhook-unavailable"
  /// A quota of the namespace is used up.
  case quotaExceeded = "quota-exceeded"
  /// The target does not serve the type.
  case typeMissing = "type-missing"
  /// The target serves the type in other versions.
  case versionMissing = "version-missing"
  /// The namespace is being deleted.
  case namespaceTerminating = "namespace-terminating"
  /// The namespace could not be made.
  case namespaceMissing = "namespace-missing"
  /// The server finds the object wrong.
  case invalid
  /// A field that cannot be changed would have to be.
  case immutableField = "immutable-field"
  /// A port or address of a service is another one's.
  case addressTaken = "address-taken"
  /// Somebody else changed the object again and again.
  case conflict
  /// An object of the name is being deleted and does not go.
  case beingDeleted = "being-deleted"
  /// A definition of custom resources was not accepted in time.
  case definitionNotReady = "definition-not-ready"
  /// A resource modifier could not be applied.
  case modifier
  /// The archive's entry cannot be used.
  case unreadable
  /// The server wants fewer requests, and went on doing so.
  case tooManyRequests = "too-many-requests"
  /// The server took too long, cannot be reached or failed.
  case unavailable
  /// None of these.
  case other
}
