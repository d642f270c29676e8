// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension DemoScene {
  /// Adds the secrets in which Helm keeps the revisions of a release; the last one is the deployed one.
  ///
  /// The payload is Helm 3's: the release as JSON, gzip, base64, and base64 once more as secrets have it. Its
  /// manifest names the objects added so far that carry the release's annotations.
  mutating func addHelmRelease(
    _ name: String,
    in namespace: String,
    chart: String? = nil,
    chartVersion: String,
    revisions: [Int],
    values: JSONValue = [:]
  ) {
    let manifest = helmManifest(name, in: namespace)
    for revision in revisions {
      let isDeployed = revision == revisions.last
      let age: DemoAge = isDeployed ? .days(6) : .days(34)
      let release = helmRelease(
        name,
        chart: helmChart(chart ?? name, version: chartVersion, values: values),
        status: isDeployed ? "deployed" : "superseded",
        deployed: age
      )
      var full = release
      full["config"] = values
      full["manifest"] = .string(manifest)
      full["version"] = .int(revision)
      full["namespace"] = .string(namespace)
      let payload = Base64.encode(Gzip.compress(full.encoded(.go)))
      add(
        .secret,
        DemoMetadata(
          "sh.helm.release.v1.\(name).v\(revision)",
          in: namespace,
          labels: [
            "modifiedAt": "\(now.seconds - age.seconds)", "name": name, "owner": "helm",
            "status": isDeployed ? "deployed" : "superseded", "version": "\(revision)",
          ],
          age: age
        ),
        ["data": ["release": .base64(payload)], "type": "helm.sh/release.v1"]
      )
    }
  }

  private func helmRelease(
    _ name: String,
    chart: JSONValue,
    status: String,
    deployed: DemoAge
  ) -> JSONValue {
    [
      "name": .string(name),
      "info": [
        "first_deployed": time(.days(371)), "last_deployed": time(deployed), "deleted": "",
        "description": "Upgrade complete", "status": .string(status),
      ],
      "chart": chart,
    ]
  }

  private func helmChart(_ name: String, version: String, values: JSONValue) -> JSONValue {
    let template = "{{- include \"\(name).workload\" . }}\n"
    return [
      "metadata": [
        "name": .string(name), "version": .string(version), "apiVersion": "v2",
        "description": .string("A Helm chart for \(name)"), "type": "application",
      ],
      "lock": nil,
      "templates": [["name": "templates/workload.yaml", "data": .base64(template)]],
      "values": values, "schema": nil, "files": nil,
    ]
  }

  private func helmManifest(_ name: String, in namespace: String) -> String {
    var manifest = ""
    for object in objects {
      let metadata = object["metadata"]
      guard metadata?[path: "annotations", "meta.helm.sh/release-name"]?.string == name,
        metadata?[path: "annotations", "meta.helm.sh/release-namespace"]?.string == namespace
      else { continue }
      var shown: JSONValue = ["apiVersion": nil, "kind": nil, "metadata": ["name": nil]]
      shown["apiVersion"] = object["apiVersion"]
      shown["kind"] = object["kind"]
      shown["metadata"] = ["name": metadata?["name"] ?? nil, "labels": metadata?["labels"] ?? [:]]
      for key in ["spec", "data", "rules", "roleRef", "subjects"] {
        if let value = object[key] { shown[key] = value }
      }
      manifest += "---\n# Source: \(name)/templates/workload.yaml\n" + shown.yaml()
    }
    return manifest
  }
}
