// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

extension Kubeconfig {
  /// Everything that is needed to talk to the cluster of a context.
  ///
  /// - Parameters:
  ///   - overrides: What flags say; `kubeconfig` is not looked at.
  ///   - environment: What credential plugins find around them.
  /// - Returns: The configuration, with every file it names found readable.
  /// - Throws: `.configuration` when the context, its cluster or its user is missing or broken, or a file
  ///   that they name cannot be read. There is no falling back to another identity.
  public func configuration(
    overrides: KubeconfigOverrides = KubeconfigOverrides(),
    environment: ProcessEnvironment
  ) throws(KubernetesError) -> ClientConfiguration {
    let context = try context(named: overrides.context)
    let cluster = try cluster(of: context)
    let user = try user(of: context)
    var resolver = KubeconfigResolver(warnings: warnings)
    var configuration = ClientConfiguration(
      server: try resolver.server(cluster),
      namespace: overrides.namespace ?? context.namespace ?? "default",
      tls: try resolver.tls(cluster, user),
      credentials: try resolver.credentials(user),
      environment: environment
    )
    configuration.proxy = try resolver.proxy(cluster)
    configuration.impersonation = try resolver.impersonation(user, overrides)
    configuration.requestTimeout = overrides.requestTimeout.flatMap { $0 > .zero ? $0 : nil }
    configuration.source = .kubeconfig(
      context: context.name,
      cluster: cluster.name,
      user: user.name
    )
    configuration.warnings = resolver.warnings
    configuration.pluginConfiguration = cluster.pluginConfiguration
    return configuration
  }

  private func context(named name: String?) throws(KubernetesError) -> Context {
    guard let name = name ?? currentContext else {
      throw KubernetesError(
        code: .configuration,
        message: contexts.isEmpty
          ? "there is no context in \(filesText)" : "no current context is set in \(filesText)",
        hint: contexts.isEmpty
          ? "name a kubeconfig with --kubeconfig or KUBECONFIG"
          : "choose one with --context: \(Self.choice(contexts.map(\.name)))"
      )
    }
    if let context = contexts.first(where: { $0.name == name }) { return context }
    let hint =
      contexts.isEmpty
      ? "name a kubeconfig with --kubeconfig or KUBECONFIG"
      : "choose one with --context: \(Self.choice(contexts.map(\.name)))"
    let problem = "the context '\(name)' does not exist in \(filesText)"
    if let entry = currentContextEntry, entry.value == name {
      throw entry.place.error(problem, hint: hint)
    }
    throw KubernetesError(code: .configuration, message: problem, hint: hint)
  }

  private func cluster(of context: Context) throws(KubernetesError) -> KubeconfigCluster {
    guard let entry = context.clusterEntry else {
      throw context.place.error(
        "the context '\(context.name)' names no cluster",
        hint: "add 'cluster:' with one of: \(Self.choice(clusters.map(\.name)))"
      )
    }
    guard let cluster = clusters.first(where: { $0.name == entry.value }) else {
      throw entry.place.error(
        "the cluster '\(entry.value)' does not exist in \(filesText)",
        hint: "correct the name or add the cluster; there are: "
          + Self.choice(clusters.map(\.name))
      )
    }
    return cluster
  }

  private func user(of context: Context) throws(KubernetesError) -> KubeconfigUser {
    guard let entry = context.userEntry else {
      throw context.place.error(
        "the context '\(context.name)' names no user",
        hint: "add 'user:' with one of: \(Self.choice(users.map(\.name)))"
      )
    }
    guard let user = users.first(where: { $0.name == entry.value }) else {
      throw entry.place.error(
        "the user '\(entry.value)' does not exist in \(filesText)",
        hint: "correct the name or add the user; there are: " + Self.choice(users.map(\.name))
      )
    }
    return user
  }

  private var filesText: String {
    let all = files.isEmpty ? missingFiles : files
    if all.isEmpty { return "any kubeconfig" }
    let text = all.map { "'\($0)'" }.joined(separator: ", ")
    return files.isEmpty ? "\(text) (no such file)" : text
  }

  /// The most names a hint lists.
  private static let choiceLimit = 12

  private static func choice(_ names: [String]) -> String {
    if names.isEmpty { return "(none)" }
    let shown = names.prefix(choiceLimit).joined(separator: ", ")
    return names.count > choiceLimit ? "\(shown) and \(names.count - choiceLimit) more" : shown
  }
}

/// Turns the entries of a kubeconfig into options, reading the files they name.
struct KubeconfigResolver {
  var warnings: [String]

  func server(_ cluster: KubeconfigCluster) throws(KubernetesError) -> String {
    guard let server = cluster.server else {
      throw cluster.place.error(
        "the cluster '\(cluster.name)' has no server",
        hint: "add 'server:' with the API server's URL, such as https://host:6443"
      )
    }
    let hasTLS =
      cluster.certificateAuthority != nil || cluster.certificateAuthorityData != nil
      || cluster.skipsVerification
    // As Kubernetes' tools read an address without a scheme.
    let url =
      server.value.contains("://")
      ? server.value : (hasTLS ? "https://" : "http://") + server.value
    let parts = url.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    let scheme = parts[0].lowercased()
    guard scheme == "https" || scheme == "http", let host = parts.last?.first, host != "/" else {
      throw server.place.error(
        "'\(server.value)' is no URL of an API server",
        hint: "write it as https://host:port"
      )
    }
    return url
  }

  func proxy(_ cluster: KubeconfigCluster) throws(KubernetesError) -> String? {
    guard let proxy = cluster.proxy else { return nil }
    let schemes = ["http", "https", "socks5"]
    guard schemes.contains(where: { proxy.value.lowercased().hasPrefix("\($0)://") }) else {
      throw proxy.place.error(
        "this is no proxy's URL",
        hint: "begin it with http://, https:// or socks5://"
      )
    }
    return proxy.value
  }

  mutating func tls(
    _ cluster: KubeconfigCluster,
    _ user: KubeconfigUser
  ) throws(KubernetesError) -> TLSOptions {
    var tls = TLSOptions()
    tls.serverName = cluster.tlsServerName
    tls.skipsVerification = cluster.skipsVerification
    tls.certificateAuthority = try pem(
      file: cluster.certificateAuthority,
      data: cluster.certificateAuthorityData
    )
    if let place = cluster.certificateAuthorityData?.place ?? cluster.certificateAuthority?.place,
      cluster.skipsVerification
    {
      throw place.error(
        "a certificate authority and 'insecure-skip-tls-verify: true' exclude each other",
        hint: "remove 'insecure-skip-tls-verify' to have the server verified"
      )
    }
    tls.clientCertificate = try pem(
      file: user.clientCertificate,
      data: user.clientCertificateData
    )
    tls.clientKey = try pem(file: user.clientKey, data: user.clientKeyData)
    try checkPair(tls, user)
    return tls
  }

  private func checkPair(_ tls: TLSOptions, _ user: KubeconfigUser) throws(KubernetesError) {
    switch (tls.clientCertificate, tls.clientKey) {
    case (nil, nil), (.some, .some): return
    case (.some, nil):
      throw user.place.error(
        "the user '\(user.name)' has a client certificate but no key",
        hint: "add 'client-key' or 'client-key-data'"
      )
    case (nil, .some):
      throw user.place.error(
        "the user '\(user.name)' has a client key but no certificate",
        hint: "add 'client-certificate' or 'client-certificate-data'"
      )
    }
  }

  /// Inline data, or else the file, which has to be readable and to look like PEM.
  private mutating func pem(
    file: Located<String>?,
    data: Located<[UInt8]>?
  ) throws(KubernetesError) -> PEM? {
    if let data {
      if let file {
        warnings.append("\(file.place): not used, as '\(data.place.field)' is there too")
      }
      try checkPEM(data.value, data.place)
      return .data(data.value)
    }
    guard let file else { return nil }
    do {
      try checkPEM(try LocalFile.read(file.value), file.place)
    } catch let failure as LocalFile.Failure {
      throw file.place.error(
        "cannot read '\(file.value)': \(failure.text)",
        hint: "paths start from the folder of the kubeconfig; check the file and its permissions"
      )
    } catch {
      throw .wrapping(error, doing: "cannot read '\(file.value)'")
    }
    return .file(file.value)
  }

  private func checkPEM(_ bytes: [UInt8], _ place: KubeconfigPlace) throws(KubernetesError) {
    guard String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ") else {
      throw place.error(
        "this is no certificate or key in PEM form",
        hint: "it has to contain a line such as '-----BEGIN CERTIFICATE-----'"
      )
    }
  }

  func impersonation(
    _ user: KubeconfigUser,
    _ overrides: KubeconfigOverrides
  ) throws(KubernetesError) -> Impersonation {
    var impersonation = user.impersonation
    if let name = overrides.impersonatedUser {
      impersonation = Impersonation(user: name, groups: overrides.impersonatedGroups)
    } else if !overrides.impersonatedGroups.isEmpty {
      impersonation.groups = overrides.impersonatedGroups
    }
    try Self.checkUser(of: impersonation, overrides)
    guard impersonation.user == nil else { return impersonation }
    if let place = user.impersonationPlace {
      throw place.error("there is no user to impersonate", hint: "add 'as:' with the user's name")
    }
    return impersonation
  }

  /// Groups that a flag names need a user.
  static func checkUser(
    of impersonation: Impersonation,
    _ overrides: KubeconfigOverrides
  ) throws(KubernetesError) {
    guard impersonation.user == nil, !overrides.impersonatedGroups.isEmpty else { return }
    throw KubernetesError(
      code: .configuration,
      message: "groups are to be impersonated, but no user",
      hint: "give the user with --as next to --as-group"
    )
  }
}
