// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Role bindings: subjects are looked for in the namespaces that they are restored into.
///
/// Source: velero/05, section 6: `cluster-role-bindings`, `role-bindings`. Names of groups are not touched.
enum BindingTransform {
  static func apply(_ object: JSONValue, mapping: NamespaceMapping) -> JSONValue {
    var object = object
    object.changeElements(["subjects"]) { subject in
      if let namespace = subject["namespace"]?.string {
        subject["namespace"] = .string(mapping.target(of: namespace))
      }
    }
    return object
  }
}

/// Webhook configurations: of the side effects that v1 does no longer admit none are claimed.
///
/// Source: velero/05, section 6: `admission-webhook-configuration`.
enum WebhookTransform {
  private static let admitted: Set<String> = ["None", "NoneOnDryRun"]

  static func apply(_ object: JSONValue) -> JSONValue {
    guard object["apiVersion"]?.string == "admissionregistration.k8s.io/v1" else { return object }
    var object = object
    object.changeElements(["webhooks"]) { webhook in
      if !admitted.contains(webhook["sideEffects"]?.string ?? "") {
        webhook["sideEffects"] = "None"
      }
    }
    return object
  }
}

/// APIServices that the server makes by itself are not restored.
///
/// Source: velero/05, section 6: `apiservice`.
enum APIServiceTransform {
  private static let automanaged = "kube-aggregator.kubernetes.io/automanaged"

  /// Why an object is not restored; nil when it is.
  static func skip(_ object: JSONValue) -> RestoreSkip? {
    object[path: "metadata", "labels"]?[automanaged] == nil
      ? nil : .unneeded("the API server makes it by itself")
  }
}

/// Definitions: what v1 says about unknown fields in the schemas of the versions.
///
/// Source: velero/05, section 6: `crd-preserve-fields`.
enum DefinitionTransform {
  static func apply(_ object: JSONValue) -> JSONValue {
    guard object["apiVersion"]?.string == "apiextensions.k8s.io/v1",
      object[path: "spec", "preserveUnknownFields"]?.bool == true
    else { return object }
    var object = object
    object["spec"]?["preserveUnknownFields"] = false
    object.changeElements(["spec", "versions"]) { version in
      version.change(["schema", "openAPIV3Schema"]) {
        $0["x-kubernetes-preserve-unknown-fields"] = true
      }
    }
    return object
  }
}
