// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing

/// A store in Velero's layout with backups of several kinds, and a kubeconfig.
enum StoreFixture {
  /// Writes the store into `store` of a directory; the archives are made by tar.
  static func write(into directory: TemporaryDirectory) async throws {
    let full = "nightly-20260313030000"
    try directory.write(record(full, phase: "Completed", labels: ["tier": "gold"]), to: path(full))
    try await writeArchive(full, into: directory)
    try writeGzip(full, "-logs.gz", log, into: directory)
    try writeGzip(full, "-results.gz", #"{"errors":{},"warnings":{}}"#, into: directory)
    try writeGzip(full, "-podvolumebackups.json.gz", "null\n", into: directory)
    try writeGzip(full, "-volumeinfo.json.gz", "[]\n", into: directory)
    try writeGzip(full, "-resource-list.json.gz", resourceList, into: directory)

    let partial = "nightly-20260314030000"
    let counts = ["warnings": 1, "errors": 2]
    try directory.write(
      record(partial, phase: "PartiallyFailed", counts: counts),
      to: path(partial)
    )
    try await writeArchive(partial, into: directory)
    try writeGzip(partial, "-results.gz", results, into: directory)
    try writeGzip(partial, "-volumeinfo.json.gz", volumeInfo, into: directory)
    try writeGzip(
      partial,
      "-podvolumebackups.json.gz",
      #"[{"metadata":{"name":"x"}}]"#,
      into: directory
    )

    try directory.write(record("failed", phase: "Failed"), to: path("failed"))
    try directory.write("no record, so no backup", to: "store/backups/half/half.tar.gz")
    try directory.write("{", to: path("damaged"))
  }

  static let kubeconfig = """
    apiVersion: v1
    kind: Config
    current-context: production
    contexts:
    - name: production
      context: {cluster: production, user: operator, namespace: shop}
    - name: lab
      context: {cluster: lab, user: operator}
    - name: broken
      context: {cluster: nowhere, user: operator}
    clusters:
    - name: production
      cluster: {server: "https://production.example:6443"}
    - name: lab
      cluster: {server: "https://10.0.0.1:6443", insecure-skip-tls-verify: true}
    users:
    - name: operator
      user: {token: a-secret-token}

    """

  private static func path(_ name: String) -> String { "store/backups/\(name)/velero-backup.json" }

  private static func record(
    _ name: String,
    phase: String,
    labels: [String: String] = [:],
    counts: [String: Int] = [:]
  ) -> [UInt8] {
    let time = "\(name.hasSuffix("14030000") ? "2026-03-14" : "2026-03-13")T03:00"
    var backup: JSONValue = [
      "kind": "Backup", "apiVersion": "velero.io/v1",
      "metadata": [
        "name": .string(name), "namespace": "velero", "creationTimestamp": .string("\(time):00Z"),
        "annotations": ["velero.io/source-cluster-k8s-gitversion": "v1.36.0"],
      ],
      "spec": [
        "includedNamespaces": ["shop", "web-*"], "ttl": "720h0m0s", "hooks": [:],
        "storageLocation": "default", "csiSnapshotTimeout": "10m0s",
        "itemOperationTimeout": "4h0m0s", "aFieldOfTheFuture": true,
      ],
      "status": [
        "version": 1, "formatVersion": "1.1.0", "expiration": "2026-04-12T03:00:00Z",
        "phase": .string(phase), "startTimestamp": .string("\(time):00Z"),
        "completionTimestamp": .string("\(time):12Z"),
        "progress": ["totalItems": 3, "itemsBackedUp": 3],
      ],
    ]
    for (key, value) in labels { backup["metadata"]?["labels"] = [key: .string(value)] }
    if name == "failed" { backup["spec"]?["labelSelector"] = ["matchLabels": ["app": "web"]] }
    for key in counts.keys.sorted() {
      backup["status"]?[key] = .number(JSONNumber(counts[key] ?? 0))
    }
    return backup.encoded(.pretty)
  }

  private static func writeGzip(
    _ name: String,
    _ suffix: String,
    _ text: String,
    into directory: TemporaryDirectory
  ) throws {
    let bytes = Gzip.compress(Array(text.utf8), level: 6)
    try directory.write(bytes, to: "store/backups/\(name)/\(name)\(suffix)")
  }

  private static func writeArchive(_ name: String, into directory: TemporaryDirectory) async throws
  {
    let objects = [
      "resources/pods/namespaces/shop/web-0.json": #"{"kind":"Pod"}"#,
      "resources/pods/v1-preferredversion/namespaces/shop/web-0.json": #"{"kind":"Pod"}"#,
      "resources/namespaces/cluster/shop.json": "{}",
      "resources/namespaces/v1-preferredversion/cluster/shop.json": "{}",
      "resources/widgets.example.com/v1beta1/namespaces/shop/w.json": "{ }",
      "metadata/version": "1.1.0\n",
    ]
    for (path, text) in objects { try directory.write(text, to: "tree/\(path)") }
    let archive = directory.path("store/backups/\(name)/\(name).tar.gz")
    let files = objects.keys.sorted()
    let options = ["--format=ustar", "--mtime=@0", "--owner=0", "--group=0"]
    let result = try await Command(
      ["tar", "-czf", archive] + options + ["-C", directory.path("tree")] + files
    ).run()
    #expect(result.exitCode == 0, "\(result.error)")
  }

  private static let log = #"""
    time="2026-03-13T03:00:00Z" level=info msg="Setting up backup" backup=velero/nightly logSource="backup.go:1"
    time="2026-03-13T03:00:01Z" level=warning msg="a \"quoted\" word\nand a line" backup=velero/nightly
    not in the form

    {"time":"2026-03-13T03:00:02Z","msg":"in JSON","level":"warn","count":3,"error.message":"gone"}
    {"no time":{"nor":["level"]}}
    { no JSON
    """#

  private static let resourceList =
    #"{"v1/Pod":["shop/web-0"],"v1/Namespace":["shop"],"example.com/v1beta1/Widget":["shop/w"]}"#

  private static let results = #"""
    {"errors":{"namespaces":{"shop":[" resource: /pods name: /web-1 error: /gone"," message: /two"]}},
    "warnings":{"cluster":[" message: /odd"]}}
    """#

  private static let volumeInfo = #"""
    [{"pvcName":"data","pvcNamespace":"shop","pvName":"pv-1","backupMethod":"PodVolumeBackup",
    "snapshotDataMoved":false,"skipped":false,"result":"succeeded","pvbInfo":{"snapshotHandle":"k1",
    "size":4096,"uploaderType":"kopia","volumeName":"vol","podName":"web-0","podNamespace":"shop","Phase":"Completed"}}]
    """#
}
