// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine
@testable import Kubernetes

/// An answer: its code, reason, message and the object it names.
struct ServerAnswer: Sendable, CustomTestStringConvertible {
  var cause: FailureCause
  var code: Int
  var reason: String?
  var message: String
  var details: JSONValue?
  var testDescription: String { "\(cause): \(message)" }

  init(
    _ cause: FailureCause,
    _ code: Int,
    _ reason: String?,
    _ message: String,
    _ details: JSONValue? = nil
  ) {
    self.cause = cause
    self.code = code
    self.reason = reason
    self.message = message
    self.details = details
  }

  var error: KubernetesError {
    var status: JSONValue = [
      "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": .string(message),
      "code": .number(JSONNumber(code)),
    ]
    status["reason"] = reason.map { .string($0) }
    status["details"] = details
    return KubernetesError(
      status: status,
      httpStatus: code,
      doing: "cannot create pods 'web-1' in namespace 'shop'"
    )
  }
}

/// The answers of servers, as recorded or as their sources write them.
extension ServerAnswer {
  static let forbidden = [
    ServerAnswer(
      .forbidden,
      403,
      "Forbidden",
      "secrets is forbidden: User \"jane\" cannot create resource \"secrets\" in API group \"\" in "
        + "the namespace \"shop\"",
      ["kind": "secrets"]
    ),
    ServerAnswer(
      .roleEscalation,
      403,
      "Forbidden",
      "roles.rbac.authorization.k8s.io \"admin\" is forbidden: user \"jane\" "
        + "(groups=[\"system:authenticated\"]) is attempting to grant RBAC permissions not "
        + "currently held:\n{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}",
      ["kind": "roles", "group": "rbac.authorization.k8s.io", "name": "admin"]
    ),
    ServerAnswer(
      .quotaExceeded,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, "
        + "limited: pods=10"
    ),
    ServerAnswer(
      .quotaExceeded,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: failed quota: compute: must specify limits.cpu for: web"
    ),
    ServerAnswer(
      .quotaExceeded,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: status unknown for quota: team, resources: pods"
    ),
    ServerAnswer(
      .limitRange,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: [maximum cpu usage per Container is 1, but limit is 2, "
        + "maximum memory usage per Pod is 1Gi, but limit is 2147483648]"
    ),
    ServerAnswer(
      .limitRange,
      403,
      "Forbidden",
      "persistentvolumeclaims \"data\" is forbidden: maximum storage usage per "
        + "PersistentVolumeClaim is 2Gi, but request is 5Gi"
    ),
    ServerAnswer(
      .podSecurity,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: violates PodSecurity \"restricted:latest\": "
        + "allowPrivilegeEscalation != false (container \"web\" must set "
        + "securityContext.allowPrivilegeEscalation=false)"
    ),
    ServerAnswer(
      .podSecurity,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: unable to validate against any pod security policy: "
        + "[spec.containers[0].securityContext.privileged: Invalid value: true: Privileged "
        + "containers are not allowed]"
    ),
    ServerAnswer(
      .referenceMissing,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: no PriorityClass with name high was found"
    ),
    ServerAnswer(
      .referenceMissing,
      403,
      "Forbidden",
      "pods \"web-1\" is forbidden: error looking up service account shop/web: serviceaccount "
        + "\"web\" not found"
    ),
    ServerAnswer(
      .namespaceTerminating,
      403,
      "Forbidden",
      "configmaps \"late\" is forbidden: unable to create new content in namespace shop because "
        + "it is being terminated",
      [
        "name": "late", "kind": "configmaps",
        "causes": [
          [
            "reason": "NamespaceTerminating", "message": "namespace shop is being terminated",
            "field": "metadata.namespace",
          ]
        ],
      ]
    ),
    ServerAnswer(
      .admissionDenied,
      403,
      "Forbidden",
      "persistentvolumes \"nfs\" is forbidden: volume of this kind is not allowed here"
    ),
    ServerAnswer(.forbidden, 403, nil, "no"),
  ]

  static let webhooks = [
    ServerAnswer(
      .admissionDenied,
      403,
      "Forbidden",
      "admission webhook \"validation.gatekeeper.sh\" denied the request: [owners] you must "
        + "provide labels: {\"owner\"}"
    ),
    ServerAnswer(
      .admissionDenied,
      400,
      nil,
      "admission webhook \"quota.example.org\" denied the request: exceeded quota: of the day"
    ),
    ServerAnswer(
      .admissionDenied,
      422,
      "Invalid",
      "deployments.apps \"api\" is forbidden: ValidatingAdmissionPolicy 'replicas' with binding "
        + "'all' denied request: failed expression: object.spec.replicas <= 5",
      ["kind": "deployments", "group": "apps", "name": "api"]
    ),
    ServerAnswer(
      .webhookUnavailable,
      500,
      "InternalError",
      "Internal error occurred: failed calling webhook \"validate.nginx.ingress.kubernetes.io\": "
        + "failed to call webhook: Post \"https://ingress.ingress-nginx.svc:443/networking/v1?"
        + "timeout=10s\": dial tcp 10.96.3.4:443: connect: connection refused"
    ),
    ServerAnswer(
      .webhookUnavailable,
      500,
      "InternalError",
      "Internal error occurred: failed calling webhook \"a.example.org\": Post "
        + "\"https://a.x.svc:443/?timeout=30s\": no endpoints available for service \"a\""
    ),
    ServerAnswer(
      .webhookUnavailable,
      500,
      nil,
      "conversion webhook for example.org/v1, Kind=Gadget failed: Post \"https://c.x.svc:443/\": "
        + "service \"c\" not found"
    ),
  ]

  static let objects = [
    ServerAnswer(
      .namespaceMissing,
      404,
      "NotFound",
      "namespaces \"nowhere\" not found",
      ["name": "nowhere", "kind": "namespaces"]
    ),
    ServerAnswer(
      .typeMissing,
      404,
      "NotFound",
      "the server could not find the requested resource",
      [:]
    ),
    ServerAnswer(
      .referenceMissing,
      404,
      "NotFound",
      "clusterroles.rbac.authorization.k8s.io \"none\" not found",
      ["name": "none", "group": "rbac.authorization.k8s.io", "kind": "clusterroles"]
    ),
    ServerAnswer(
      .conflict,
      404,
      "NotFound",
      "configmaps \"settings-4\" not found",
      ["name": "settings-4", "kind": "configmaps"]
    ),
    ServerAnswer(
      .conflict,
      409,
      "Conflict",
      "Operation cannot be fulfilled on configmaps \"settings-0\": the object has been modified; "
        + "please apply your changes to the latest version and try again",
      ["name": "settings-0", "kind": "configmaps"]
    ),
    ServerAnswer(
      .beingDeleted,
      409,
      "AlreadyExists",
      "object is being deleted: pods \"web-1\" already exists",
      ["name": "web-1", "kind": "pods"]
    ),
    ServerAnswer(
      .definitionNotReady,
      405,
      "MethodNotAllowed",
      "create not allowed while custom resource definition is terminating"
    ),
    ServerAnswer(
      .typeMissing,
      405,
      "MethodNotAllowed",
      "the server does not allow this method on the requested resource"
    ),
    ServerAnswer(
      .versionMissing,
      400,
      "BadRequest",
      "the API version in the data (apps/v1beta1) does not match the expected API version "
        + "(apps/v1)"
    ),
    ServerAnswer(
      .invalid,
      400,
      "BadRequest",
      "Secret in version \"v1\" cannot be handled as a ConfigMap: converting (v1.Secret) to "
        + "(core.ConfigMap): unknown conversion"
    ),
    ServerAnswer(.invalid, 500, nil, "resourceVersion should not be set on objects to be created"),
    ServerAnswer(
      .tooLarge,
      413,
      "RequestEntityTooLarge",
      "Request entity too large: limit is 3145728"
    ),
    ServerAnswer(.tooLarge, 500, nil, "etcdserver: request is too large"),
  ]

  static let fields = [
    ServerAnswer(
      .invalid,
      422,
      "Invalid",
      "Gadget.example.org \"g\" is invalid: spec.size: Required value",
      causes(("FieldValueRequired", "Required value", "spec.size"))
    ),
    ServerAnswer(
      .immutableField,
      422,
      "Invalid",
      "Deployment.apps \"api\" is invalid: [spec.template.metadata.labels: Invalid value: "
        + "{\"app\":\"shop\"}: `selector` does not match template `labels`, spec.selector: Invalid "
        + "value: {\"matchLabels\":{\"app\":\"other\"}}: field is immutable]",
      causes(
        ("FieldValueInvalid", "`selector` does not match template `labels`", "spec.template"),
        ("FieldValueInvalid", "Invalid value: {}: field is immutable", "spec.selector")
      )
    ),
    ServerAnswer(
      .immutableField,
      422,
      "Invalid",
      "StatefulSet.apps \"db\" is invalid: spec: Forbidden: updates to statefulset spec for "
        + "fields other than 'replicas', 'template', and 'updateStrategy' are forbidden"
    ),
    ServerAnswer(
      .immutableField,
      422,
      "Invalid",
      "PersistentVolumeClaim \"data\" is invalid: spec: Forbidden: is immutable after creation "
        + "except resources.requests for bound claims"
    ),
    ServerAnswer(
      .immutableField,
      422,
      "Invalid",
      "Service \"api\" is invalid: spec.clusterIP: Invalid value: \"\": field is immutable",
      causes(("FieldValueInvalid", "Invalid value: \"\": field is immutable", "spec.clusterIP"))
    ),
    ServerAnswer(
      .nodePortTaken,
      422,
      "Invalid",
      "Service \"api2\" is invalid: spec.ports[0].nodePort: Invalid value: 30123: provided port is "
        + "already allocated",
      causes(
        (
          "FieldValueInvalid", "Invalid value: 30123: provided port is already allocated",
          "spec.ports[0].nodePort"
        )
      )
    ),
    ServerAnswer(
      .nodePortTaken,
      422,
      "Invalid",
      "Service \"api\" is invalid: spec.ports[0].nodePort: Invalid value: 80: provided port is not "
        + "in the valid range. The range of valid ports is 30000-32767"
    ),
    ServerAnswer(
      .addressTaken,
      422,
      "Invalid",
      "Service \"api\" is invalid: spec.clusterIPs: Invalid value: []string{\"10.96.0.10\"}: failed "
        + "to allocate IP 10.96.0.10: provided IP is already allocated",
      causes(
        (
          "FieldValueInvalid",
          "Invalid value: []string{\"10.96.0.10\"}: failed to allocate IP 10.96.0.10: provided IP "
            + "is already allocated", "spec.clusterIPs"
        )
      )
    ),
    ServerAnswer(
      .addressTaken,
      500,
      "InternalError",
      "Internal error occurred: failed to allocate a serviceIP: range is full"
    ),
  ]

  static let servers = [
    ServerAnswer(.unauthorized, 401, "Unauthorized", "Unauthorized"),
    ServerAnswer(
      .tooManyRequests,
      429,
      "TooManyRequests",
      "the server is currently unable to handle it"
    ),
    ServerAnswer(
      .timeout,
      504,
      "Timeout",
      "Timeout: request did not complete within requested timeout"
    ),
    ServerAnswer(.timeout, 500, nil, "etcdserver: request timed out"),
    ServerAnswer(.serverError, 500, nil, "etcdserver: mvcc: database space exceeded"),
    ServerAnswer(.unavailable, 503, "ServiceUnavailable", "apiserver not ready"),
  ]

  static func causes(
    _ causes: (reason: String, message: String, field: String)...
  ) -> JSONValue {
    [
      "causes": .array(
        causes.map {
          [
            "reason": .string($0.reason), "message": .string($0.message),
            "field": .string($0.field),
          ]
        }
      )
    ]
  }
}
