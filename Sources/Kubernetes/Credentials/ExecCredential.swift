// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// What a credential plugin answers.
struct ExecCredential: Sendable {
  var token: Secret?
  var certificate: PEM?
  var key: PEM?
  /// When the credentials stop being good; nil for as long as the program runs.
  var expiration: Timestamp?

  /// Reads a plugin's output.
  ///
  /// Source: API group `client.authentication.k8s.io`, type ExecCredential.
  init(output: [UInt8], plugin: ExecPlugin) throws(KubernetesError) {
    func failure(_ problem: String) -> KubernetesError {
      plugin.failure(problem, hint: "run the command by hand and compare; it may need an update")
    }
    let value: JSONValue
    do {
      value = try JSONValue(parsing: output)
    } catch {
      throw failure(
        output.isEmpty ? "it printed nothing" : "what it printed is no JSON (\(error.message))"
      )
    }
    guard value["kind"]?.string == "ExecCredential" else {
      throw failure("what it printed is no ExecCredential")
    }
    let version = value["apiVersion"]?.string ?? ""
    guard version == plugin.version.rawValue else {
      throw failure(
        "it answered in version '\(version)', the kubeconfig says '\(plugin.version.rawValue)'"
      )
    }
    guard let status = value["status"], status.object != nil else {
      throw failure("its answer has no status")
    }
    try self.init(status: status, failure: failure)
  }

  private init(
    status: JSONValue,
    failure: (String) -> KubernetesError
  ) throws(KubernetesError) {
    func text(_ key: String) -> String? {
      guard let text = status[key]?.string, !text.isEmpty else { return nil }
      return text
    }
    token = text("token").map(Secret.init)
    certificate = text("clientCertificateData").map { .data(Array($0.utf8)) }
    key = text("clientKeyData").map { .data(Array($0.utf8)) }
    guard (certificate == nil) == (key == nil) else {
      throw failure("it gave only one of certificate and key")
    }
    guard token != nil || certificate != nil else {
      throw failure("it gave neither a token nor a certificate")
    }
    guard let text = text("expirationTimestamp") else { return }
    guard let moment = Timestamp(rfc3339: text) else {
      throw failure("its expiration '\(text)' is no RFC 3339 time")
    }
    expiration = moment
  }
}

extension ExecPlugin {
  /// The command as it is shown; arguments may hold secrets and are left out.
  var shownCommand: String { "'\(command)'" }

  func failure(_ problem: String, hint: String?) -> KubernetesError {
    KubernetesError(
      code: .credentials,
      message: "the credential plugin \(shownCommand) (\(place)) gives no credentials: \(problem)",
      hint: hint
    )
  }

  /// What goes to the plugin in `KUBERNETES_EXEC_INFO`.
  func info(_ configuration: ClientConfiguration, isInteractive: Bool) throws(KubernetesError)
    -> JSONValue
  {
    var spec: JSONValue = ["interactive": .bool(isInteractive)]
    if providesClusterInfo { spec["cluster"] = try cluster(configuration) }
    return [
      "kind": "ExecCredential", "apiVersion": .string(version.rawValue), "spec": spec,
    ]
  }

  private func cluster(_ configuration: ClientConfiguration) throws(KubernetesError) -> JSONValue {
    var cluster: JSONValue = ["server": .string(configuration.server)]
    if let name = configuration.tls.serverName { cluster["tls-server-name"] = .string(name) }
    if configuration.tls.skipsVerification { cluster["insecure-skip-tls-verify"] = true }
    switch configuration.tls.certificateAuthority {
    case .data(let bytes): cluster["certificate-authority-data"] = .string(Base64.encode(bytes))
    case .file(let path):
      do {
        cluster["certificate-authority-data"] = .string(Base64.encode(try LocalFile.read(path)))
      } catch {
        throw failure("cannot read '\(path)' to pass it on: \(error.text)", hint: nil)
      }
    case nil: break
    }
    if let proxy = configuration.proxy { cluster["proxy-url"] = .string(proxy) }
    if let bytes = configuration.pluginConfiguration,
      let value = try? JSONValue(parsing: bytes)
    {
      cluster["config"] = value
    }
    return cluster
  }
}
