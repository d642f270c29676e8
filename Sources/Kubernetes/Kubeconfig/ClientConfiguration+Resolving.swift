// SPDX-License-Identifier: Apache-2.0

internal import HTTP

extension ClientConfiguration {
  /// Where a pod finds its service account.
  ///
  /// Source: Kubernetes' documentation, "Accessing the API from a Pod".
  public static let serviceAccountFolder = "/var/run/secrets/kubernetes.io/serviceaccount"

  /// Finds out how to talk to the cluster: from the kubeconfig, or inside a pod from its service account.
  ///
  /// The service account counts only when no kubeconfig is named and none of the usual ones says anything.
  ///
  /// - Parameters:
  ///   - overrides: What flags say.
  ///   - environment: The program's environment.
  ///   - serviceAccountFolder: Where the pod's token, namespace and certificate authority are.
  /// - Returns: The configuration, with every file it names found readable.
  /// - Throws: `.configuration` for what is missing or broken.
  public static func resolve(
    overrides: KubeconfigOverrides = KubeconfigOverrides(),
    environment: ProcessEnvironment,
    serviceAccountFolder: String = serviceAccountFolder
  ) throws(KubernetesError) -> ClientConfiguration {
    let kubeconfig = try Kubeconfig.load(overrides: overrides, environment: environment)
    let saysNothing = kubeconfig.contexts.isEmpty && kubeconfig.currentContext == nil
    if saysNothing, overrides.kubeconfig == nil, overrides.context == nil,
      environment["KUBERNETES_SERVICE_HOST"] != nil
    {
      return try serviceAccount(
        overrides: overrides,
        environment: environment,
        folder: serviceAccountFolder
      )
    }
    return try kubeconfig.configuration(overrides: overrides, environment: environment)
  }

  private static func serviceAccount(
    overrides: KubeconfigOverrides,
    environment: ProcessEnvironment,
    folder: String
  ) throws(KubernetesError) -> ClientConfiguration {
    let host = environment["KUBERNETES_SERVICE_HOST"] ?? ""
    let port = environment["KUBERNETES_SERVICE_PORT"] ?? "443"
    let token = TokenFile.token(in: try read("token", in: folder))
    guard !token.value.isEmpty else {
      throw KubernetesError(
        code: .configuration,
        message: "the service account's token '\(folder)/token' is empty",
        hint: "check the pod's service account and its token volume"
      )
    }
    _ = try read("ca.crt", in: folder)
    var tls = TLSOptions()
    tls.certificateAuthority = .file("\(folder)/ca.crt")
    let namespace = (try? LocalFile.read("\(folder)/namespace")).map {
      TokenFile.token(in: $0).value
    }
    var configuration = ClientConfiguration(
      server: "https://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)",
      namespace: overrides.namespace ?? namespace ?? "default",
      tls: tls,
      credentials: .tokenFile(path: "\(folder)/token", fallback: nil),
      environment: environment
    )
    configuration.source = .serviceAccount
    configuration.requestTimeout = overrides.requestTimeout.flatMap { $0 > .zero ? $0 : nil }
    configuration.impersonation = Impersonation(
      user: overrides.impersonatedUser,
      groups: overrides.impersonatedGroups
    )
    try KubeconfigResolver.checkUser(of: configuration.impersonation, overrides)
    return configuration
  }

  private static func read(_ name: String, in folder: String) throws(KubernetesError) -> [UInt8] {
    do {
      return try LocalFile.read("\(folder)/\(name)")
    } catch {
      throw KubernetesError(
        code: .configuration,
        message: "cannot read the service account's '\(folder)/\(name)': \(error.text)",
        hint: "let the pod mount its service account's token, or name a kubeconfig"
      )
    }
  }
}
