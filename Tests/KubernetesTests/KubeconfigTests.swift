// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import TestSupport
import Testing

struct KubeconfigTests {
  static let nobody = ProcessEnvironment(variables: [:])

  /// A kubeconfig with one context `c` of cluster `k` and user `u`.
  static func text(
    cluster: String = "server: https://a:1",
    user: String = "token: t",
    context: String = "{cluster: k, user: u}"
  ) -> String {
    """
    apiVersion: v1
    kind: Config
    current-context: c
    clusters:
    - name: k
      cluster: {\(cluster)}
    users:
    - name: u
      user: {\(user)}
    contexts:
    - name: c
      context: \(context)
    """
  }

  static func resolve(
    _ text: String,
    overrides: KubeconfigOverrides = KubeconfigOverrides(),
    file: String = "/k/config"
  ) throws -> ClientConfiguration {
    try Kubeconfig(reading: Array(text.utf8), file: file)
      .configuration(overrides: overrides, environment: nobody)
  }

  @Test func `a context gives server, namespace and token`() throws {
    let configuration = try Self.resolve(
      Self.text(context: "{cluster: k, user: u, namespace: shop}")
    )
    #expect(configuration.server == "https://a:1")
    #expect(configuration.namespace == "shop")
    #expect(configuration.credentials == .token(Secret("t")))
    #expect(configuration.source == .kubeconfig(context: "c", cluster: "k", user: "u"))
    #expect(configuration.warnings.isEmpty)
    #expect(!configuration.skipsTLSVerification)
    #expect(!configuration.impersonation.isActive)
  }

  @Test func `JSON is read like YAML`() throws {
    let json = """
      {"current-context": "c", "clusters": [{"name": "k", "cluster": {"server": "https://a/"}}],
       "users": [{"name": "u", "user": {}}], "contexts": [{"name": "c", "context":
       {"cluster": "k", "user": "u"}}]}
      """
    let configuration = try Self.resolve(json)
    #expect(configuration.server == "https://a")
    #expect(configuration.credentials == .none)
    #expect(configuration.namespace == "default")
  }

  @Test func `flags win over the file`() throws {
    let overrides = KubeconfigOverrides(
      namespace: "other",
      impersonatedUser: "jane",
      impersonatedGroups: ["dev", "ops"],
      requestTimeout: .seconds(7)
    )
    let text = Self.text(user: "token: t, as: old, as-groups: [x]")
    let configuration = try Self.resolve(text, overrides: overrides)
    #expect(configuration.namespace == "other")
    #expect(
      configuration.impersonation == Impersonation(user: "jane", groups: ["dev", "ops"])
    )
    #expect(configuration.requestTimeout == .seconds(7))
    let unlimited = KubeconfigOverrides(requestTimeout: .zero)
    #expect(try Self.resolve(text, overrides: unlimited).requestTimeout == nil)
  }

  @Test func `impersonation is read whole`() throws {
    let text = Self.text(
      user: "token: t, as: jane, as-uid: '7', as-groups: [a, b], as-user-extra: {Scopes: [v, w]}"
    )
    #expect(
      try Self.resolve(text).impersonation
        == Impersonation(
          user: "jane",
          uid: "7",
          groups: ["a", "b"],
          extra: [Impersonation.Extra(key: "Scopes", values: ["v", "w"])]
        )
    )
  }

  @Test func `an address without a scheme is read as kubectl reads it`() throws {
    #expect(try Self.resolve(Self.text(cluster: "server: 'a:1'")).server == "http://a:1")
    let insecure = Self.text(cluster: "server: 'a:1', insecure-skip-tls-verify: true")
    #expect(try Self.resolve(insecure).server == "https://a:1")
  }

  @Test func `skipping verification shows`() throws {
    let configuration = try Self.resolve(
      Self.text(cluster: "server: https://a, insecure-skip-tls-verify: true, tls-server-name: b")
    )
    #expect(configuration.skipsTLSVerification)
    #expect(configuration.tls.serverName == "b")
  }

  @Test func `a proxy and a name with password are read`() throws {
    let configuration = try Self.resolve(
      Self.text(
        cluster: "server: https://a, proxy-url: 'socks5://p:1080'",
        user: "username: jo, password: pw"
      )
    )
    #expect(configuration.proxy == "socks5://p:1080")
    #expect(configuration.credentials == .basic(username: "jo", password: Secret("pw")))
  }

  @Test func `paths start from the file's folder and data wins over files`() throws {
    let folder = try TemporaryDirectory()
    let pem = "-----BEGIN CERTIFICATE-----\n"
    try folder.write(pem, to: "pki/ca.crt")
    try folder.write(pem, to: "pki/client.crt")
    try folder.write(pem, to: "pki/client.key")
    let path = try folder.write(
      Self.text(
        cluster: "server: https://a, certificate-authority: pki/ca.crt",
        user: "client-certificate: pki/client.crt, client-key: ./pki/client.key, "
          + "client-certificate-data: LS0tLS1CRUdJTiBY"
      ),
      to: "config"
    )
    let configuration = try ClientConfiguration.resolve(
      overrides: KubeconfigOverrides(kubeconfig: path),
      environment: Self.nobody
    )
    #expect(configuration.tls.certificateAuthority == .file("\(folder.path)/pki/ca.crt"))
    #expect(configuration.tls.clientCertificate == .data(Array("-----BEGIN X".utf8)))
    #expect(configuration.tls.clientKey == .file("\(folder.path)/./pki/client.key"))
    #expect(
      configuration.warnings == [
        "'\(path)' line 9, field 'users[0].user.client-certificate': not used, as "
          + "'users[0].user.client-certificate-data' is there too"
      ]
    )
  }

  @Test func `of several files the first that names something wins`() throws {
    let folder = try TemporaryDirectory()
    let first = try folder.write(
      """
      clusters: [{name: k, cluster: {server: "https://first"}}]
      contexts: [{name: c, context: {cluster: k, user: u}}]
      """,
      to: "one"
    )
    let second = try folder.write(Self.text(cluster: "server: https://second"), to: "two")
    let environment = ProcessEnvironment(
      variables: ["KUBECONFIG": "\(first):\(folder.path("none"))::\(second):\(first)"]
    )
    let kubeconfig = try Kubeconfig.load(environment: environment)
    #expect(kubeconfig.files == [first, second])
    #expect(kubeconfig.missingFiles == [folder.path("none")])
    #expect(kubeconfig.currentContext == "c")
    #expect(kubeconfig.contexts.map(\.name) == ["c"])
    #expect(kubeconfig.server(ofContext: "c") == "https://first")
    let configuration = try kubeconfig.configuration(environment: environment)
    #expect(configuration.server == "https://first")
    #expect(configuration.credentials == .token(Secret("t")))
  }

  @Test func `without a variable the file in the home folder is read`() throws {
    let folder = try TemporaryDirectory()
    try folder.write(Self.text(), to: ".kube/config")
    let environment = ProcessEnvironment(variables: ["HOME": folder.path, "KUBECONFIG": ""])
    #expect(try ClientConfiguration.resolve(environment: environment).server == "https://a:1")
  }

  @Test func `unknown fields are warnings with their line`() throws {
    let kubeconfig = try Kubeconfig(
      reading: Array((Self.text(cluster: "server: https://a, sever: x") + "\nclusterz: []").utf8),
      file: "/k/config"
    )
    #expect(
      kubeconfig.warnings == [
        "'/k/config' line 13: unknown field 'clusterz' is ignored",
        "'/k/config' line 6: unknown field 'clusters[0].cluster.sever' is ignored",
      ]
    )
  }

  @Test func `in a pod the service account is used`() throws {
    let folder = try TemporaryDirectory()
    try folder.write("token\n", to: "token")
    try folder.write("-----BEGIN CERTIFICATE-----", to: "ca.crt")
    try folder.write("shop", to: "namespace")
    let environment = ProcessEnvironment(
      variables: [
        "KUBERNETES_SERVICE_HOST": "fd00::1", "KUBERNETES_SERVICE_PORT": "6443",
        "HOME": folder.path,
      ]
    )
    let configuration = try ClientConfiguration.resolve(
      environment: environment,
      serviceAccountFolder: folder.path
    )
    #expect(configuration.source == .serviceAccount)
    #expect(configuration.server == "https://[fd00::1]:6443")
    #expect(configuration.namespace == "shop")
    #expect(
      configuration.credentials == .tokenFile(path: "\(folder.path)/token", fallback: nil)
    )
    #expect(configuration.tls.certificateAuthority == .file("\(folder.path)/ca.crt"))
    // A kubeconfig that says something comes first.
    try folder.write(Self.text(), to: ".kube/config")
    #expect(try ClientConfiguration.resolve(environment: environment).server == "https://a:1")
  }

  @Test func `secrets do not show in dumps`() throws {
    let configuration = try Self.resolve(Self.text(user: "token: hunter2"))
    var text = ""
    dump(configuration, to: &text)
    #expect(!text.contains("hunter2"))
    #expect(!"\(configuration)".contains("hunter2"))
  }
}
