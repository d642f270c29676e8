// SPDX-License-Identifier: Apache-2.0

/// Where the credentials of requests come from, apart from a client certificate of the kubeconfig.
public enum CredentialSource: Sendable, Hashable {
  /// None: a client certificate stands for itself, or the user entry is deliberately empty.
  case none
  /// A bearer token.
  case token(Secret)
  /// A file that holds a bearer token and may change; the fallback counts while it cannot be read.
  case tokenFile(path: String, fallback: Secret?)
  /// A name and a password.
  case basic(username: String, password: Secret)
  /// A program that is asked.
  case plugin(ExecPlugin)
}
