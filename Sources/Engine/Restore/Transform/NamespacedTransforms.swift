// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Jobs: the labels by which the old controller knew their pods are left out, so that the new one gives its own.
///
/// Source: velero/05, section 6: `job`.
enum JobTransform {
  private static let labels: Set<String> = [
    "controller-uid", "batch.kubernetes.io/controller-uid",
  ]

  static func apply(_ object: JSONValue) -> JSONValue {
    var object = object
    object.removeMembers(["spec", "selector", "matchLabels"], where: labels.contains)
    object.removeMembers(["spec", "template", "metadata", "labels"], where: labels.contains)
    return object
  }
}

/// Secrets with tokens of service accounts, which only the server that made them accepts.
///
/// Source: velero/05, section 6: `secret`.
enum SecretTransform {
  /// The type of such secrets.
  static let tokenType = "kubernetes.io/service-account-token"

  /// The secret without its token.
  static func apply(_ object: JSONValue) -> JSONValue {
    guard object["type"]?.string == tokenType else { return object }
    var object = object
    object.removeMembers(["metadata", "annotations"]) { $0 == "kubernetes.io/service-account.uid" }
    object.removeMembers(["data"]) { $0 == "token" || $0 == "ca.crt" }
    return object
  }

  /// Why a secret is not restored: the target makes one for the account itself.
  ///
  /// - Parameters:
  ///   - object: The secret.
  ///   - accounts: The service accounts of the namespace that it goes into.
  /// - Returns: The reason; nil when it is restored.
  static func skip(_ object: JSONValue, accounts: some Sequence<String>) -> RestoreSkip? {
    guard object["type"]?.string == tokenType,
      let name = object[path: "metadata", "name"]?.string,
      let account = accounts.first(where: { name.hasPrefix($0 + "-token-") })
    else { return nil }
    return .unneeded("the service account '\(account)' gets a token of its own")
  }
}

/// Service accounts: the tokens that the old server made for them are not named.
///
/// Source: velero/05, section 6: `service-account`.
enum AccountTransform {
  static func apply(_ object: JSONValue) -> JSONValue {
    let prefix = (object[path: "metadata", "name"]?.string ?? "") + "-token-"
    var object = object
    object.removeElements(["secrets"]) { $0["name"]?.string?.hasPrefix(prefix) == true }
    return object
  }
}
