// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// What objects say about others: one test for each kind of reference.
struct ObjectFactsTests {
  private func facts(_ type: String, _ text: String, apiVersion: String = "v1") throws
    -> ObjectFacts
  {
    let json = try YAMLDocument(parsing: text).jsonValue()
    return try JSONReader().read(json.encoded()) {
      ObjectFacts($0, type: type, apiVersion: apiVersion)
    }
  }

  /// `relation type namespace/name`, with a question mark where it may be absent.
  private func links(_ facts: ObjectFacts) -> [String] {
    facts.links.map { link in
      let place = link.namespace.map { "\($0)/" } ?? ""
      return "\(link.relation): \(link.type) \(place)\(link.name)\(link.isOptional ? " ?" : "")"
    }
  }

  private static let pod = """
    metadata: {name: p, namespace: ns, labels: {app: a}}
    spec:
      serviceAccountName: robot
      priorityClassName: high
      runtimeClassName: gvisor
      imagePullSecrets: [{name: pull}]
      resourceClaims: [{name: gpu, resourceClaimName: gpu-1}, {name: b, resourceClaimTemplateName: t}]
      volumes:
      - {name: a, configMap: {name: cm-a}}
      - {name: b, secret: {secretName: s-b, optional: true}}
      - {name: c, persistentVolumeClaim: {claimName: data}}
      - name: d
        projected:
          sources:
          - {configMap: {name: kube-root-ca.crt}}
          - {configMap: {name: cm-d}}
          - {secret: {name: s-d, optional: true}}
          - {serviceAccountToken: {path: token}}
      - {name: e, csi: {driver: x, nodePublishSecretRef: {name: s-csi}}}
      - {name: scratch, ephemeral: {volumeClaimTemplate: {}}}
      - {name: g, azureFile: {secretName: s-azure}}
      - {name: h, flexVolume: {secretRef: {name: s-flex}}}
      - {name: i, emptyDir: {}}
      initContainers:
      - {name: i, envFrom: [{configMapRef: {name: cm-i}}, {secretRef: {name: s-i}}]}
      containers:
      - name: c
        env:
        - {name: A, value: plain}
        - {name: B, valueFrom: {configMapKeyRef: {name: cm-c, key: k, optional: true}}}
        - {name: C, valueFrom: {secretKeyRef: {name: s-c, key: k}}}
        - {name: D, valueFrom: {secretKeyRef: {name: s-b, key: k}}}
      ephemeralContainers:
      - {name: e, envFrom: [{configMapRef: {name: cm-a}}]}
    """

  @Test func `a pod names config maps, secrets, claims, classes and its account`() throws {
    let facts = try facts("pods", Self.pod)
    #expect(facts.podLabels == ["app": "a"])
    #expect(
      links(facts) == [
        "config map mounted by: configmaps ns/cm-a", "secret mounted by: secrets ns/s-b",
        "claim mounted by: persistentvolumeclaims ns/data",
        "config map mounted by: configmaps ns/cm-d", "secret mounted by: secrets ns/s-d ?",
        "secret for a volume of: secrets ns/s-csi",
        "claim made for: persistentvolumeclaims ns/p-scratch",
        "secret for a volume of: secrets ns/s-azure", "secret for a volume of: secrets ns/s-flex",
        "config map read by: configmaps ns/cm-i", "secret read by: secrets ns/s-i",
        "config map read by: configmaps ns/cm-c ?", "secret read by: secrets ns/s-c",
        "image pull secret of: secrets ns/pull ?", "service account of: serviceaccounts ns/robot",
        "priority class of: priorityclasses.scheduling.k8s.io high",
        "runtime class of: runtimeclasses.node.k8s.io gvisor",
        "resource claim of: resourceclaims.resource.k8s.io ns/gpu-1",
        "template of a resource claim of: resourceclaimtemplates.resource.k8s.io ns/t",
      ]
    )
  }

  @Test(arguments: [
    ("deployments.apps", "spec: {template: TEMPLATE}"),
    ("rollouts.argoproj.io", "spec: {template: TEMPLATE}"),
    ("cronjobs.batch", "spec: {jobTemplate: {spec: {template: TEMPLATE}}}"),
  ])
  func `templates are read wherever they are, with the default account`(
    type: String,
    spec: String
  ) throws {
    let template =
      "{metadata: {labels: {app: a}}, spec: {containers: [{name: c, envFrom: [{secretRef: {name: s}}]}]}}"
    let facts = try facts(
      type,
      "metadata: {name: x, namespace: ns}\n" + spec.replacing("TEMPLATE", with: template)
    )
    #expect(facts.podLabels == ["app": "a"])
    #expect(
      links(facts) == [
        "secret read by: secrets ns/s", "service account of: serviceaccounts ns/default",
      ]
    )
  }

  @Test func `a template of something else is none of pods`() throws {
    let certificate =
      "metadata: {name: x, namespace: ns}\nspec: {template: {spec: {dnsNames: [a]}}}"
    #expect(try facts("certificates.example.org", certificate).podLabels == nil)
  }

  @Test func `a stateful set names its service and the templates of its claims`() throws {
    let facts = try facts(
      "statefulsets.apps",
      """
      metadata: {name: db, namespace: ns}
      spec:
        serviceName: db-headless
        volumeClaimTemplates: [{metadata: {name: data}}, {metadata: {name: wal}}]
      """
    )
    #expect(links(facts) == ["governing service of: services ns/db-headless ?"])
    #expect(facts.claimTemplates == ["data", "wal"])
  }

  @Test func `claims and volumes name each other and their class`() throws {
    let bound = """
      metadata: {name: c, namespace: ns}
      spec: {volumeName: pv, storageClassName: fast}
      status: {phase: Bound}
      """
    #expect(
      try links(facts("persistentvolumeclaims", bound)) == [
        "volume of: persistentvolumes pv", "storage class of: storageclasses.storage.k8s.io fast",
      ]
    )
    let waiting = """
      metadata: {name: c, namespace: ns, annotations: {volume.beta.kubernetes.io/storage-class: old}}
      spec: {volumeName: pv}
      status: {phase: Pending}
      """
    #expect(
      try links(facts("persistentvolumeclaims", waiting)) == [
        "storage class of: storageclasses.storage.k8s.io old"
      ]
    )
    let volume = "metadata: {name: pv}\nspec: {storageClassName: by-hand}"
    #expect(
      try links(facts("persistentvolumes", volume)) == [
        "storage class of: storageclasses.storage.k8s.io by-hand ?"
      ]
    )
  }

  @Test func `accounts name secrets, bindings accounts and roles`() throws {
    let account = """
      metadata: {name: a, namespace: ns}
      secrets: [{name: token}]
      imagePullSecrets: [{name: pull}]
      """
    #expect(
      try links(facts("serviceaccounts", account)) == [
        "secret of: secrets ns/token ?", "image pull secret of: secrets ns/pull ?",
      ]
    )
    let binding = """
      metadata: {name: b, namespace: ns}
      subjects:
      - {kind: ServiceAccount, name: own}
      - {kind: ServiceAccount, name: other, namespace: m}
      - {kind: User, name: "system:serviceaccount:m:third"}
      - {kind: Group, name: "system:serviceaccounts:m"}
      - {kind: Group, name: "system:authenticated"}
      - {kind: User, name: jane}
      roleRef: {kind: Role, name: r}
      """
    let facts = try facts("rolebindings.rbac.authorization.k8s.io", binding)
    #expect(links(facts) == ["role given by: roles.rbac.authorization.k8s.io ns/r"])
    #expect(
      facts.backReferences == [
        .account(namespace: "ns", name: "own"), .account(namespace: "m", name: "other"),
        .account(namespace: "m", name: "third"), .account(namespace: "m", name: nil),
      ]
    )
    let ofCluster = "metadata: {name: b}\nroleRef: {kind: ClusterRole, name: r}"
    #expect(
      try links(self.facts("clusterrolebindings.rbac.authorization.k8s.io", ofCluster)) == [
        "role given by: clusterroles.rbac.authorization.k8s.io r"
      ]
    )
  }

  @Test func `ingresses of both shapes name services, secrets and their class`() throws {
    let new = """
      metadata: {name: i, namespace: ns, annotations: {kubernetes.io/ingress.class: legacy}}
      spec:
        ingressClassName: nginx
        defaultBackend: {service: {name: a}}
        tls: [{secretName: cert}, {hosts: [x]}]
        rules: [{http: {paths: [{backend: {service: {name: b}}}, {backend: {resource: {}}}]}}]
      """
    let facts = try facts("ingresses.networking.k8s.io", new)
    #expect(
      links(facts) == [
        "TLS secret of: secrets ns/cert", "class of: ingressclasses.networking.k8s.io nginx",
      ]
    )
    #expect(
      facts.backReferences == [
        .service(namespace: "ns", name: "a"), .service(namespace: "ns", name: "b"),
      ]
    )
    let old = """
      metadata: {name: i, namespace: ns, annotations: {kubernetes.io/ingress.class: legacy}}
      spec:
        backend: {serviceName: a}
        rules: [{http: {paths: [{backend: {serviceName: b}}]}}, {host: x}]
      """
    let older = try self.facts("ingresses.extensions", old)
    #expect(links(older) == ["class of: ingressclasses.networking.k8s.io legacy ?"])
    #expect(older.backReferences == facts.backReferences)
  }

  @Test func `routes name services, also of other namespaces`() throws {
    let route = """
      metadata: {name: r, namespace: ns}
      spec:
        rules:
        - backendRefs: [{name: a}, {name: b, namespace: m}, {kind: ServiceImport, name: c}]
        - backendRefs: [{group: example.org, kind: Service, name: d}]
      """
    #expect(
      try facts("httproutes.gateway.networking.k8s.io", route).backReferences == [
        .service(namespace: "ns", name: "a"), .service(namespace: "m", name: "b"),
      ]
    )
  }

  @Test func `what selects pods says by which labels`() throws {
    let web = Matcher(labels: ["app": "web"])
    let service = "metadata: {name: s, namespace: ns}\nspec: {selector: {app: web}}"
    #expect(try facts("services", service).backReferences == [.pods(web, namespaces: ["ns"])])
    let external = "metadata: {name: s, namespace: ns}\nspec: {externalName: example.org}"
    #expect(try facts("services", external).backReferences == [])
    let budget = "metadata: {name: b, namespace: ns}\nspec: {selector: {matchLabels: {app: web}}}"
    #expect(
      try facts("poddisruptionbudgets.policy", budget).backReferences == [
        .pods(web, namespaces: ["ns"])
      ]
    )
    let empty = "metadata: {name: b, namespace: ns}\nspec: {selector: {}}"
    let all = try facts("poddisruptionbudgets.policy", empty, apiVersion: "policy/v1")
    #expect(all.backReferences.count == 1)
    let none = try facts("poddisruptionbudgets.policy", empty, apiVersion: "policy/v1beta1")
    #expect(none.backReferences == [])
    let policy = "metadata: {name: p, namespace: ns}\nspec: {podSelector: {}}"
    #expect(try facts("networkpolicies.networking.k8s.io", policy).backReferences.count == 1)
    let broken =
      "metadata: {name: p, namespace: ns}\nspec: {podSelector: {matchExpressions: [{key: a, operator: Near}]}}"
    #expect(try facts("networkpolicies.networking.k8s.io", broken).backReferences == [])
  }

  @Test func `monitors look at their namespace, at those they name, or at all`() throws {
    func namespaces(_ selector: String) throws -> [BackReference] {
      try facts(
        "servicemonitors.monitoring.coreos.com",
        "metadata: {name: m, namespace: ns}\nspec: {selector: {matchLabels: {app: web}}\(selector)}"
      ).backReferences
    }
    let web = Matcher(labels: ["app": "web"])
    #expect(try namespaces("") == [.services(web, namespaces: ["ns"])])
    #expect(
      try namespaces(", namespaceSelector: {matchNames: [a, b]}") == [
        .services(web, namespaces: ["a", "b"])
      ]
    )
    #expect(
      try namespaces(", namespaceSelector: {any: true}") == [.services(web, namespaces: nil)]
    )
  }

  @Test func `autoscalers name what they scale`() throws {
    let target = "{apiVersion: apps/v1, kind: Deployment, name: web}"
    let web = BackReference.workload(kind: "Deployment", group: "apps", name: "web")
    for (type, field) in [
      ("horizontalpodautoscalers.autoscaling", "scaleTargetRef"),
      ("verticalpodautoscalers.autoscaling.k8s.io", "targetRef"),
      ("scaledobjects.keda.sh", "scaleTargetRef"),
    ] {
      let text = "metadata: {name: x, namespace: ns}\nspec: {\(field): \(target)}"
      #expect(try facts(type, text).backReferences == [web], "\(type)")
    }
    let short = "metadata: {name: x, namespace: ns}\nspec: {scaleTargetRef: {name: web}}"
    #expect(try facts("scaledobjects.keda.sh", short).backReferences == [web])
  }
}
