// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension Kubeconfig {
  /// Reads one kubeconfig.
  ///
  /// - Parameters:
  ///   - bytes: YAML or JSON; empty counts as a kubeconfig that says nothing.
  ///   - file: The path, for messages and as the place that relative paths start from.
  /// - Throws: `.configuration` with file, line and field for what is not as it has to be.
  public init(reading bytes: [UInt8], file: String) throws(KubernetesError) {
    let root = try Self.parse(bytes, file: file)
    files = [file]
    guard !root.isNull else { return }
    let top = try KubeconfigMapping(file: file, path: "", node: root)
    try Self.checkKind(top)
    warnings = top.warnings(known: [
      "apiVersion", "kind", "preferences", "clusters", "users", "contexts", "current-context",
      "extensions",
    ])
    currentContextEntry = try top.located("current-context")
    let reader = KubeconfigEntryReader(folder: LocalFile.folder(of: file))
    for (name, entry) in try Self.entries(top, list: "clusters", field: "cluster") {
      clusters.append(try reader.cluster(name, entry, warnings: &warnings))
    }
    for (name, entry) in try Self.entries(top, list: "users", field: "user") {
      users.append(try reader.user(name, entry, warnings: &warnings))
    }
    for (name, entry) in try Self.entries(top, list: "contexts", field: "context") {
      contexts.append(try reader.context(name, entry, warnings: &warnings))
    }
  }

  private static func parse(_ bytes: [UInt8], file: String) throws(KubernetesError) -> YAMLNode {
    do {
      let options = YAMLOptions(allowsRepeatedKeys: true)
      return try YAMLDocument(parsing: bytes, options: options).root
    } catch {
      throw KubernetesError(
        code: .configuration,
        message: "'\(file)' line \(error.mark.line), column \(error.mark.column): "
          + "not valid YAML: \(error.message)",
        hint: "correct the file, or name another one with --kubeconfig",
        cause: error
      )
    }
  }

  private static func checkKind(_ top: KubeconfigMapping) throws(KubernetesError) {
    if let kind = try top.located("kind"), kind.value != "Config" {
      throw kind.place.error(
        "this is a '\(kind.value)', not a kubeconfig ('Config')",
        hint: "name a kubeconfig file with --kubeconfig or KUBECONFIG"
      )
    }
    if let version = try top.located("apiVersion"), version.value != "v1" {
      throw version.place.error(
        "the version '\(version.value)' is not known, only 'v1'",
        hint: "write 'apiVersion: v1'"
      )
    }
  }

  /// The entries of a list of named things, each with what stands under `field`.
  private static func entries(
    _ top: KubeconfigMapping,
    list: String,
    field: String
  ) throws(KubernetesError) -> [(name: String, entry: KubeconfigMapping)] {
    var result: [(name: String, entry: KubeconfigMapping)] = []
    for item in try top.mappings(list) {
      guard let name = try item.located("name") else {
        throw item.place.error("the name is missing", hint: "add a 'name:' to this entry")
      }
      if result.contains(where: { $0.name == name.value }) {
        throw name.place.error(
          "'\(name.value)' stands twice in '\(list)'",
          hint: "remove or rename one of the two"
        )
      }
      if let entry = try item.mapping(field) {
        result.append((name.value, entry))
      } else {
        let empty = YAMLNode(content: .mapping([]), mark: item.node.mark)
        let path = "\(item.path).\(field)"
        result.append(
          (name.value, try KubeconfigMapping(file: item.file, path: path, node: empty))
        )
      }
    }
    return result
  }
}

/// Reads the clusters, users and contexts of one file.
struct KubeconfigEntryReader {
  /// The folder that relative paths start from.
  let folder: String

  func cluster(
    _ name: String,
    _ entry: KubeconfigMapping,
    warnings: inout [String]
  ) throws(KubernetesError) -> KubeconfigCluster {
    warnings += entry.warnings(known: [
      "server", "tls-server-name", "insecure-skip-tls-verify", "certificate-authority",
      "certificate-authority-data", "proxy-url", "disable-compression", "extensions",
    ])
    return KubeconfigCluster(
      name: name,
      place: entry.place,
      server: try entry.located("server"),
      tlsServerName: try entry.text("tls-server-name"),
      skipsVerification: try entry.flag("insecure-skip-tls-verify"),
      certificateAuthority: try path("certificate-authority", in: entry),
      certificateAuthorityData: try entry.data("certificate-authority-data"),
      proxy: try entry.located("proxy-url"),
      disablesCompression: try entry.flag("disable-compression"),
      pluginConfiguration: try pluginConfiguration(entry)
    )
  }

  func context(
    _ name: String,
    _ entry: KubeconfigMapping,
    warnings: inout [String]
  ) throws(KubernetesError) -> Kubeconfig.Context {
    warnings += entry.warnings(known: ["cluster", "user", "namespace", "extensions"])
    return Kubeconfig.Context(
      name: name,
      namespace: try entry.text("namespace"),
      place: entry.place,
      clusterEntry: try entry.located("cluster"),
      userEntry: try entry.located("user")
    )
  }

  func user(
    _ name: String,
    _ entry: KubeconfigMapping,
    warnings: inout [String]
  ) throws(KubernetesError) -> KubeconfigUser {
    warnings += entry.warnings(known: [
      "client-certificate", "client-certificate-data", "client-key", "client-key-data", "token",
      "tokenFile", "as", "as-uid", "as-groups", "as-user-extra", "username", "password",
      "auth-provider", "exec", "extensions",
    ])
    let provider = try entry.mapping("auth-provider")
    return KubeconfigUser(
      name: name,
      place: entry.place,
      clientCertificate: try path("client-certificate", in: entry),
      clientCertificateData: try entry.data("client-certificate-data"),
      clientKey: try path("client-key", in: entry),
      clientKeyData: try entry.data("client-key-data"),
      token: try entry.located("token"),
      tokenFile: try path("tokenFile", in: entry),
      username: try entry.located("username"),
      password: try entry.located("password"),
      plugin: try plugin(entry.mapping("exec"), warnings: &warnings),
      authProvider: try provider.map { provider throws(KubernetesError) in
        Located(value: try provider.text("name") ?? "", place: provider.place)
      },
      impersonation: try impersonation(entry),
      impersonationPlace: ["as-uid", "as-groups", "as-user-extra"].first { entry.node[$0] != nil }
        .map { entry.place(of: $0) }
    )
  }

  private func path(
    _ key: String,
    in entry: KubeconfigMapping
  ) throws(KubernetesError) -> Located<String>? {
    guard var text = try entry.located(key) else { return nil }
    text.value = LocalFile.resolve(text.value, in: folder)
    return text
  }

  private func impersonation(_ entry: KubeconfigMapping) throws(KubernetesError) -> Impersonation {
    var extra: [Impersonation.Extra] = []
    if let mapping = try entry.mapping("as-user-extra") {
      for pair in mapping.node.pairs ?? [] {
        let key = pair.key.scalarText ?? ""
        extra.append(Impersonation.Extra(key: key, values: try mapping.texts(key)))
      }
    }
    return Impersonation(
      user: try entry.text("as"),
      uid: try entry.text("as-uid"),
      groups: try entry.texts("as-groups"),
      extra: extra
    )
  }

  /// What the cluster's `extensions` hold for credential plugins.
  private func pluginConfiguration(_ entry: KubeconfigMapping) throws(KubernetesError) -> [UInt8]? {
    for item in try entry.mappings("extensions") {
      guard try item.text("name") == ExecPlugin.extensionName,
        let value = item.node["extension"]
      else { continue }
      do {
        return try value.jsonValue().encoded()
      } catch {
        throw KubeconfigPlace(
          file: item.file,
          line: error.mark.line,
          field: "\(item.path).extension"
        ).error(error.message, hint: nil)
      }
    }
    return nil
  }
}
