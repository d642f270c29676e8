// SPDX-License-Identifier: Apache-2.0

extension KubeconfigResolver {
  func credentials(_ user: KubeconfigUser) throws(KubernetesError) -> CredentialSource {
    if let provider = user.authProvider { throw removedProvider(provider) }
    let basic = user.username ?? user.password
    if let basic, user.token != nil || user.tokenFile != nil {
      throw basic.place.error(
        "the user '\(user.name)' has both a token and a name with password",
        hint: "keep one of the two"
      )
    }
    if let file = user.tokenFile {
      return try tokenFile(file, fallback: user.token)
    }
    if let token = user.token { return .token(Secret(token.value)) }
    if let username = user.username {
      return .basic(username: username.value, password: Secret(user.password?.value ?? ""))
    }
    if let password = user.password {
      throw password.place.error("there is no 'username' to this password", hint: "add it")
    }
    return user.plugin.map(CredentialSource.plugin) ?? .none
  }

  private func tokenFile(
    _ file: Located<String>,
    fallback: Located<String>?
  ) throws(KubernetesError) -> CredentialSource {
    do {
      let token = TokenFile.token(in: try LocalFile.read(file.value))
      if token.value.isEmpty && fallback == nil {
        throw file.place.error(
          "the token file '\(file.value)' is empty",
          hint: "put the token in it, or have it written again"
        )
      }
    } catch let error as KubernetesError {
      throw error
    } catch {
      guard fallback == nil else { return source(file, fallback) }
      let reason = (error as? LocalFile.Failure)?.text ?? "\(error)"
      throw file.place.error(
        "cannot read the token file '\(file.value)': \(reason)",
        hint: "paths start from the folder of the kubeconfig; check the file and its permissions"
      )
    }
    return source(file, fallback)
  }

  private func source(_ file: Located<String>, _ fallback: Located<String>?) -> CredentialSource {
    .tokenFile(path: file.value, fallback: fallback.map { Secret($0.value) })
  }

  /// What to do instead of the providers that Kubernetes' tools have dropped.
  private func removedProvider(_ provider: Located<String>) -> KubernetesError {
    let hint =
      switch provider.value {
      case "gcp":
        "install gke-gcloud-auth-plugin, then run "
          + "'gcloud container clusters get-credentials' for this cluster"
      case "azure": "install kubelogin, then run 'kubelogin convert-kubeconfig'"
      case "oidc":
        "log in with a credential plugin instead, such as kubelogin ('kubectl oidc-login setup')"
      default: "use a credential plugin ('exec') or a token instead"
      }
    return provider.place.error(
      "the auth provider '\(provider.value)' is a form that Kubernetes' tools dropped in 1.26",
      hint: hint
    )
  }
}
