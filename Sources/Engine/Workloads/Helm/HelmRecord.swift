// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One of the records in which Helm keeps the revisions of a release: its name and what its labels say.
///
/// Source: Helm 3, `pkg/storage/driver/secrets.go` and `cfgmaps.go`.
struct HelmRecord: Sendable, Equatable {
  /// The name of the object, `sh.helm.release.v1.NAME.vN`.
  let objectName: String
  /// The number of the revision; 0 where the label is none.
  let revision: Int
  /// `deployed`, `superseded`, `failed` and so on.
  let status: String

  /// Reads the metadata of a Secret or a ConfigMap.
  init(_ view: JSONView) {
    let metadata = view["metadata"]
    objectName = metadata?["name"]?.string ?? ""
    revision = metadata?["labels"]?["version"]?.string.flatMap { Int($0) } ?? 0
    status = metadata?["labels"]?["status"]?.string ?? ""
  }

  init(objectName: String, revision: Int, status: String) {
    self.objectName = objectName
    self.revision = revision
    self.status = status
  }

  /// What finds the records of a release.
  static func selector(_ release: String) -> String { "owner=helm,name=\(release)" }

  /// The record of what is deployed; of a release that never came so far, the newest.
  static func current(_ records: [HelmRecord]) -> HelmRecord? {
    let deployed = records.filter { $0.status == "deployed" }
    return (deployed.isEmpty ? records : deployed).max { $0.revision < $1.revision }
  }
}

/// Where Helm keeps its records.
enum HelmDriver: CaseIterable, Sendable {
  /// Secrets, the usual one.
  case secrets
  /// Config maps, for `HELM_DRIVER=configmap`.
  case configMaps

  /// `plural` of the type.
  var type: String { self == .secrets ? "secrets" : "configmaps" }

  /// The release in a record, still packed; nil where there is none.
  ///
  /// Secrets have their values in base 64, and what Helm puts there is base 64 already.
  func payload(_ view: JSONView) -> [UInt8]? {
    guard let text = view["data"]?["release"]?.string else { return nil }
    guard self == .secrets else { return Array(text.utf8) }
    return Base64.decode(text)
  }
}
