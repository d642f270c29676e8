// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

// What an error of the API means for a restore. The API has one code, 403, for missing rights, quotas, pod security and
// webhooks alike, so that the words have to tell.

extension FailureCause {
  /// The cause that an answer of the server, or its absence, speaks of.
  public init(_ error: KubernetesError) {
    self = Self.cause(of: error)
  }

  /// The cause that the words of a server name, as also conditions and events repeat them; nil when they name none.
  ///
  /// Of several known phrases the first counts: what follows may be quoted from elsewhere.
  static func named(in words: String) -> FailureCause? {
    var first: (place: String.Index, cause: FailureCause)?
    for (phrase, cause) in phrases {
      guard let place = words.utf8.firstRange(of: phrase.utf8)?.lowerBound else { continue }
      if first.map({ place < $0.place }) ?? true { first = (place, cause) }
    }
    return first?.cause
  }

  private static func cause(of error: KubernetesError) -> FailureCause {
    if error.isNamespaceTerminating { return .namespaceTerminating }
    if let port = serviceCause(of: error) { return port }
    switch error.code {
    case .forbidden: return named(in: error.message) ?? cause(ofRefusal: error)
    case .notFound: return cause(ofAbsence: error)
    case .invalid, .badRequest: return named(in: error.message) ?? .invalid
    case .alreadyExists, .conflict: return named(in: error.message) ?? .conflict
    case .unsupported: return named(in: error.message) ?? .typeMissing
    case .tooManyRequests: return .tooManyRequests
    case .timeout: return named(in: error.message) ?? .timeout
    case .serverError: return named(in: error.message) ?? .serverError
    case .unavailable, .untrusted: return named(in: error.message) ?? .unavailable
    case .unauthorized, .credentials: return .unauthorized
    case .expired, .configuration, .malformedResponse, .cancelled: return .other
    }
  }

  /// Of 403 that no known phrase explains: the authorizer names the user, all others are admission.
  private static func cause(ofRefusal error: KubernetesError) -> FailureCause {
    let isAuthorizers = error.message.contains("User \"") || error.message.contains("user \"")
    return isAuthorizers || !error.message.contains(" is forbidden: ")
      ? .forbidden : .admissionDenied
  }

  /// Of 404: the type, the namespace, or what a binding names.
  private static func cause(ofAbsence error: KubernetesError) -> FailureCause {
    switch error.object?.kind {
    case "namespaces", "namespace", "Namespace": return .namespaceMissing
    case "roles", "clusterroles": return .referenceMissing
    default: break
    }
    if let cause = named(in: error.message) { return cause }
    return error.object?.name.isEmpty ?? true ? .typeMissing : .conflict
  }

  /// What a service asks for and cannot have, by the fields that the server names.
  private static func serviceCause(of error: KubernetesError) -> FailureCause? {
    guard error.code == .invalid || error.code == .serverError else { return nil }
    let words = error.causes.map { "\($0.field) \($0.message)" } + [error.message]
    let isRefused = words.contains { text in
      ["already allocated", "is not in the valid range", "range is full"].contains {
        text.contains($0)
      }
    }
    guard isRefused else { return nil }
    let isPort = words.contains { text in
      ["nodePort", "NodePort", "healthCheckNodePort", "provided port"].contains {
        text.contains($0)
      }
    }
    return isPort ? .nodePortTaken : .addressTaken
  }

  /// What servers and their admission plugins write, with what it means.
  ///
  /// Sources: kube-apiserver's answers as recorded for 1.20 and 1.36, and the sources of Kubernetes 1.20 to 1.34:
  /// apiserver/pkg/admission/plugin/webhook/errors, plugin/pkg/admission/{resourcequota, limitranger, priority, serviceaccount},
  /// pod-security-admission, apimachinery/pkg/api/validation, pkg/registry/rbac/escalation_check, registry/generic/registry/store.
  private static let phrases: [(String, FailureCause)] = [
    ("denied the request", .admissionDenied),
    ("ValidatingAdmissionPolicy '", .admissionDenied),
    ("failed calling webhook", .webhookUnavailable),
    ("failed to call webhook", .webhookUnavailable),
    ("conversion webhook for ", .webhookUnavailable),
    ("exceeded quota: ", .quotaExceeded),
    ("failed quota: ", .quotaExceeded),
    ("insufficient quota to ", .quotaExceeded),
    ("status unknown for quota: ", .quotaExceeded),
    ("violates PodSecurity", .podSecurity),
    ("unable to validate against any pod security policy", .podSecurity),
    ("unable to validate against any security context constraint", .podSecurity),
    ("maximum cpu usage per ", .limitRange),
    ("minimum cpu usage per ", .limitRange),
    ("maximum memory usage per ", .limitRange),
    ("minimum memory usage per ", .limitRange),
    ("maximum storage usage per ", .limitRange),
    ("minimum storage usage per ", .limitRange),
    ("maximum ephemeral-storage usage per ", .limitRange),
    ("minimum ephemeral-storage usage per ", .limitRange),
    ("max limit to request ratio per ", .limitRange),
    ("because it is being terminated", .namespaceTerminating),
    ("attempting to grant RBAC permissions not currently held", .roleEscalation),
    ("no PriorityClass with name ", .referenceMissing),
    ("error looking up service account ", .referenceMissing),
    ("pod rejected: RuntimeClass ", .referenceMissing),
    ("object is being deleted: ", .beingDeleted),
    ("while custom resource definition is terminating", .definitionNotReady),
    ("no matches for kind ", .typeMissing),
    ("could not find the requested resource", .typeMissing),
    ("404 page not found", .typeMissing),
    ("does not match the expected API version", .versionMissing),
    ("field is immutable", .immutableField),
    ("may not change once set", .immutableField),
    ("is immutable after creation", .immutableField),
    ("is immutable after bind", .immutableField),
    ("updates may not change fields other than", .immutableField),
    ("spec for fields other than ", .immutableField),
    ("resourceVersion should not be set on objects to be created", .invalid),
    ("request is too large", .tooLarge),
    ("Request entity too large", .tooLarge),
    ("larger than max ", .tooLarge),
    ("request did not complete within", .timeout),
    ("etcdserver: request timed out", .timeout),
  ]
}
