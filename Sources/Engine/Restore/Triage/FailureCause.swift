// SPDX-License-Identifier: Apache-2.0

/// What kind of reason an object could not be restored for.
///
/// The raw values are kept in records of restores.
public enum FailureCause: String, Sendable, Hashable, CaseIterable {
  /// The server does not accept the user's credentials, or no longer.
  case unauthorized
  /// The user lacks a permission.
  case forbidden
  /// The user may not give rights that he does not have himself.
  case roleEscalation = "role-escalation"
  /// An admission webhook, an admission policy or a built-in admission plugin refused the object.
  case admissionDenied = "admission-denied"
  /// An admission or conversion webhook could not be asked.
  case webhookUnavailable = "webhook-unavailable"
  /// A quota of the namespace is used up, or asks for what the object does not say.
  case quotaExceeded = "quota-exceeded"
  /// A limit range of the namespace does not allow what the object asks for.
  case limitRange = "limit-range"
  /// The namespace's pod security does not allow the pod.
  case podSecurity = "pod-security"
  /// The target does not serve the type, or not for writing.
  case typeMissing = "type-missing"
  /// The target serves the type in other versions.
  case versionMissing = "version-missing"
  /// The namespace is being deleted.
  case namespaceTerminating = "namespace-terminating"
  /// The namespace could not be made.
  case namespaceMissing = "namespace-missing"
  /// Another object that this one needs from the start is not there.
  case referenceMissing = "reference-missing"
  /// The server finds the object wrong.
  case invalid
  /// The object is larger than the server takes.
  case tooLarge = "too-large"
  /// A field that cannot be changed would have to be.
  case immutableField = "immutable-field"
  /// A node port of a service is another one's, or none that the cluster gives.
  case nodePortTaken = "node-port-taken"
  /// An address of a service is another one's, or none that the cluster gives.
  case addressTaken = "address-taken"
  /// Somebody else changed or removed the object again and again.
  case conflict
  /// An object of the name is being deleted and does not go.
  case beingDeleted = "being-deleted"
  /// A definition of custom resources was not accepted in time, or is being deleted.
  case definitionNotReady = "definition-not-ready"
  /// A resource modifier could not be applied.
  case modifier
  /// The archive's entry cannot be used.
  case unreadable
  /// The server wants fewer requests, and went on doing so.
  case tooManyRequests = "too-many-requests"
  /// The server took too long.
  case timeout
  /// The server failed.
  case serverError = "server-error"
  /// The server cannot be reached, or is not serving.
  case unavailable
  /// None of these.
  case other
}

extension FailureCause {
  /// The cause in words that can stand above a list of objects.
  public var title: String {
    switch self {
    case .unauthorized: "the credentials are not accepted"
    case .forbidden: "the user may not do this"
    case .roleEscalation: "the user may not give rights that he does not have"
    case .admissionDenied: "refused by an admission rule"
    case .webhookUnavailable: "a webhook cannot be asked"
    case .quotaExceeded: "the quota of the namespace does not allow it"
    case .limitRange: "outside the limits of the namespace"
    case .podSecurity: "the pod security of the namespace does not allow it"
    case .typeMissing: "the cluster does not serve the type"
    case .versionMissing: "the cluster serves other versions of the type"
    case .namespaceTerminating: "the namespace is being deleted"
    case .namespaceMissing: "the namespace is missing"
    case .referenceMissing: "something that it names is missing"
    case .invalid: "the cluster finds it wrong"
    case .tooLarge: "too large for the cluster"
    case .immutableField: "it differs in fields that cannot be changed"
    case .nodePortTaken: "a node port cannot be had"
    case .addressTaken: "an address cannot be had"
    case .conflict: "changed by somebody else meanwhile"
    case .beingDeleted: "the one that is there is being deleted"
    case .definitionNotReady: "the definition of its type is not ready"
    case .modifier: "a resource modifier cannot be applied"
    case .unreadable: "the backup's entry cannot be used"
    case .tooManyRequests: "the cluster wants fewer requests"
    case .timeout: "the cluster took too long"
    case .serverError: "the cluster failed"
    case .unavailable: "the cluster cannot be reached"
    case .other: "other reasons"
    }
  }

  /// What the user can do about it; nil where only the message can tell.
  public var hint: String? {
    switch self {
    case .unauthorized: "log in again, then retry the restore"
    case .forbidden:
      "ask for a role that allows this, or restore as another user with --as, then retry"
    case .roleEscalation:
      "restore as a user who has these rights himself, or the verbs 'bind' and 'escalate' on roles"
    case .admissionDenied:
      "change the objects by a resource modifier, or except the restore from the rule"
    case .webhookUnavailable:
      "see that the webhook's service runs, or remove its configuration, then retry"
    case .quotaExceeded: "raise the quota or free some of it, then retry"
    case .limitRange: "change the namespace's LimitRange, or the objects by a resource modifier"
    case .podSecurity:
      "change the namespace's label pod-security.kubernetes.io/enforce, or the pods by a resource modifier"
    case .typeMissing: "install what serves the type, or its definition, then retry"
    case .versionMissing:
      "install a version of the type's definition that serves it, or leave the type out"
    case .namespaceTerminating:
      "wait until the namespace is gone, see what its finalizers wait for, then retry"
    case .namespaceMissing: "create the namespace, then retry"
    case .referenceMissing: "restore or create what is named, then retry"
    case .invalid: "correct the objects by a resource modifier"
    case .tooLarge: "make the objects smaller in their source, and back them up again"
    case .immutableField: "restore with the policy 'recreate', or leave them as they are"
    case .nodePortTaken:
      "free the port, or restore without --preserve-nodeports so that the cluster chooses one"
    case .addressTaken: "free the address, or remove it by a resource modifier"
    case .conflict: "stop what changes the objects, then retry"
    case .beingDeleted: "see what their finalizers wait for, then retry"
    case .definitionNotReady:
      "look at the conditions of the CustomResourceDefinition, then retry"
    case .modifier: "correct the rule, then retry"
    case .unreadable: "verify the backup, or restore from another one"
    case .tooManyRequests, .timeout: "retry when the cluster has less to do"
    case .serverError, .unavailable: "look at the API server's health, then retry"
    case .other: nil
    }
  }
}
