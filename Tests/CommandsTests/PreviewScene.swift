// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import TestSupport
import Testing

/// The demo cluster with what belongs to a Velero server, and a directory with a kubeconfig, manifests and a store.
struct PreviewScene {
  let directory: TemporaryDirectory
  let server: SandboxServer

  init(access: [AccessRule] = []) throws {
    directory = try TemporaryDirectory()
    let tokens: [String: SandboxUser] = [
      "admin": .administrator, "limited": SandboxUser("limited", groups: ["limited"]),
    ]
    let cluster = SandboxCluster(
      options: SandboxOptions(tokens: tokens, access: access, clock: .fixed())
    )
    try cluster.load(DemoCluster.objects(now: .test) + Self.serverObjects)
    server = try SandboxServer.start(cluster: cluster)
    try directory.write(server.kubeconfig, to: ".kube/config")
    let limited = server.kubeconfig.replacing("\"admin\"", with: "\"limited\"")
    try directory.write(limited, to: "limited.yaml")
    for (name, text) in Self.manifests { try directory.write(text, to: name) }
  }

  func run(_ arguments: String..., answers: [String]? = nil) async -> CommandRun {
    await CommandRun.of(
      arguments + ["--store", directory.path("store")],
      environment: ["HOME": directory.path],
      answers: answers
    )
  }

  /// Replays a transcript.
  func replay(_ name: String, file: String = #filePath) async throws {
    let folder = String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)])
    let bytes = try readFile("\(folder)/Transcripts/\(name).txt")
    let transcript = Transcript(text: String(decoding: bytes, as: UTF8.self))
    let text = await transcript.replayed(in: directory.path)
    // In which order types come into an archive, and so its size, differs from run to run.
    expectGolden(
      text.replacing("127.0.0.1:\(server.port)", with: "127.0.0.1:PORT")
        .replacing(/[0-9.]+ kB/, with: "N kB"),
      "../Transcripts/\(name).txt"
    )
  }

  private static let serverObjects: [JSONValue] = [
    [
      "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
      "metadata": ["name": "schedules.velero.io"],
      "spec": [
        "group": "velero.io", "scope": "Namespaced",
        "names": [
          "plural": "schedules", "singular": "schedule", "kind": "Schedule",
          "listKind": "ScheduleList",
        ],
        "versions": [
          [
            "name": "v1", "served": true, "storage": true,
            "schema": [
              "openAPIV3Schema": [
                "type": "object", "x-kubernetes-preserve-unknown-fields": true,
              ]
            ],
          ]
        ],
      ],
    ],
    [
      "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "velero"],
      "status": ["phase": "Active"],
    ],
    [
      "apiVersion": "velero.io/v1", "kind": "Schedule",
      "metadata": ["name": "nightly", "namespace": "velero", "labels": ["team": "shop"]],
      "spec": [
        "schedule": "0 3 * * *",
        "template": [
          "includedNamespaces": ["payments"], "excludedResources": ["events"], "ttl": "240h0m0s",
          "hooks": ["resources": [["name": "sync"]]],
        ],
      ],
    ],
    [
      "apiVersion": "v1", "kind": "ConfigMap",
      "metadata": ["name": "rules", "namespace": "velero"],
      "data": [
        "rules.yaml": """
        version: v1
        volumePolicies:
        - conditions: {storageClass: [nfs]}
          action: {type: skip}
        - conditions: {volumeTypes: [emptyDir, configMap]}
          action: {type: fs-backup}
        includeExcludePolicy:
          excludedNamespaceScopedResources: [secrets]
        """
      ],
    ],
  ]

  private static let manifests: [String: String] = [
    "backup.yaml": """
    apiVersion: velero.io/v1
    kind: Backup
    metadata:
      name: weekly
      namespace: velero
      labels: {tier: gold}
      creationTimestamp: null
    spec:
      includedNamespaces:
      - payments
      orLabelSelectors:
      - matchLabels: {app.kubernetes.io/name: payments}
      - matchExpressions:
        - {key: tier, operator: In, values: [front, back]}
      snapshotVolumes: false
      ttl: 1440h

    """,
    "typo.yaml": """
    apiVersion: velero.io/v1
    kind: Backup
    metadata: {name: weekly}
    spec:
      includeNamespaces: [payments]
      excludedNamespaces: [kube-*]
      hooks:
        resources:
        - name: sync
          pre: [{exec: {comand: [sync]}}]

    """,
    "broken.yaml": """
    apiVersion: velero.io/v1
    kind: Schedule
    metadata: {name: nightly}
    spec:
      schedule: "0 3 * * *"
      templates: {}
      template:
        includedNamespaces: payments
        excludedResources: [events, 5]
        ttl: 720
        snapshotVolumes: "yes"
        labelSelector:
          matchExpressions:
          - {key: tier, operator: in, values: [a]}
        orderedResources: [pods]

    """,
    "selector.yaml": """
    apiVersion: velero.io/v1
    kind: Backup
    metadata: {name: weekly}
    spec:
      labelSelector:
        matchLabels: {"a b": c}

    """,
    "syntax.yaml": "spec:\n  ttl: 1h: 2h\n", "empty.yaml": "---\n",
    "other.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
    "two.yaml": """
    apiVersion: velero.io/v1
    kind: Backup
    metadata: {name: a}
    ---
    apiVersion: v1
    kind: ConfigMap
    ---
    apiVersion: velero.io/v1
    kind: Backup
    metadata: {name: b}

    """,
  ]
}
