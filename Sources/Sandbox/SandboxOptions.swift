// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Which Kubernetes the sandbox behaves like, where versions differ.
public enum SandboxVersion: String, Sendable, Hashable, CaseIterable {
  /// Kubernetes 1.20: no aggregated discovery, no streaming lists, lists at old revisions read from etcd.
  case v1_20 = "1.20"
  /// Kubernetes 1.36: aggregated discovery, streaming lists, lists at old revisions served from snapshots.
  case v1_36 = "1.36"
}

/// Who sends a request.
public struct SandboxUser: Sendable, Hashable {
  /// The user's name.
  public var name: String
  /// The groups, without `system:authenticated`, which every known user is in.
  public var groups: [String]

  /// Makes a user.
  public init(_ name: String, groups: [String] = []) {
    self.name = name
    self.groups = groups
  }

  /// A user who may do everything.
  public static let administrator = SandboxUser("admin", groups: ["system:masters"])
}

/// The certificate of a server that speaks TLS.
public struct SandboxTLS: Sendable, Hashable {
  /// The server's certificate with its chain, PEM.
  public var certificate: [UInt8]
  /// The private key, PEM.
  public var key: [UInt8]
  /// The certificate of the authority that clients shall trust, PEM; it goes into the kubeconfig.
  public var certificateAuthority: [UInt8]

  /// Makes the TLS options; everything is PEM text.
  public init(certificate: [UInt8], key: [UInt8], certificateAuthority: [UInt8]) {
    self.certificate = certificate
    self.key = key
    self.certificateAuthority = certificateAuthority
  }
}

/// How a sandbox is set up.
public struct SandboxOptions: Sendable {
  /// The Kubernetes whose behaviour is shown.
  public var version: SandboxVersion
  /// The port on 127.0.0.1; 0 for any free one.
  public var port: UInt16
  /// The certificate for HTTPS; nil for plain HTTP.
  public var tls: SandboxTLS?
  /// The bearer tokens that are known, with their users.
  public var tokens: [String: SandboxUser]
  /// Who sends requests without a token; nil for `system:anonymous`, who may only ask for health and version.
  ///
  /// Clients such as kubectl send tokens over TLS only; on plain HTTP they need this to get anywhere.
  public var anonymousUser: SandboxUser?
  /// Who may do what, the first rule that fits deciding.
  ///
  /// Where none fits, members of `system:masters` may do everything; others may read discovery documents and
  /// ask for their own rights; nobody else may do anything.
  public var access: [AccessRule]
  /// Where the creation times come from.
  public var clock: WallClock
  /// The seed of names and uids.
  public var seed: UInt64
  /// How many changes of each resource are remembered for watches and for lists at old revisions; at least 1.
  public var historyLimit: Int
  /// How often a watch that allows bookmarks gets one by itself.
  public var bookmarkInterval: Duration
  /// Whether the namespaces and the service that every cluster has are there from the start.
  public var hasStandardObjects: Bool

  /// Makes options; the defaults are a 1.36 server with plain HTTP on a free port and one administrator.
  ///
  /// - Parameters:
  ///   - version: The Kubernetes whose behaviour is shown.
  ///   - port: The port on 127.0.0.1; 0 for any free one.
  ///   - tls: The certificate for HTTPS; nil for plain HTTP.
  ///   - tokens: The bearer tokens; the token of the first administrator in order goes into the kubeconfig.
  ///   - anonymousUser: Who sends requests without a token; nil for nobody in particular.
  ///   - access: The scripted rights.
  ///   - clock: Where the creation times come from.
  ///   - seed: The seed of names and uids.
  ///   - historyLimit: How many changes of each resource are remembered.
  ///   - bookmarkInterval: How often a watch that allows bookmarks gets one by itself.
  ///   - hasStandardObjects: Whether the objects that every cluster has are there from the start.
  public init(
    version: SandboxVersion = .v1_36,
    port: UInt16 = 0,
    tls: SandboxTLS? = nil,
    tokens: [String: SandboxUser] = ["sandbox-administrator": .administrator],
    anonymousUser: SandboxUser? = nil,
    access: [AccessRule] = [],
    clock: WallClock = .system,
    seed: UInt64 = 0,
    historyLimit: Int = 20_000,
    bookmarkInterval: Duration = .seconds(60),
    hasStandardObjects: Bool = true
  ) {
    precondition(historyLimit > 0, "the history holds at least one change")
    self.version = version
    self.port = port
    self.tls = tls
    self.tokens = tokens
    self.anonymousUser = anonymousUser
    self.access = access
    self.clock = clock
    self.seed = seed
    self.historyLimit = historyLimit
    self.bookmarkInterval = bookmarkInterval
    self.hasStandardObjects = hasStandardObjects
  }
}

/// One line of the scripted rights: who, what, and whether it is allowed.
///
/// A condition that is nil holds for everything; `*` in a list does too.
public struct AccessRule: Sendable, Hashable {
  /// Whether the rule allows or denies.
  public var isAllowed: Bool
  /// The users it is for.
  public var users: [String]?
  /// The groups of users it is for; a rule with users and groups is for both.
  public var groups: [String]?
  /// The verbs: `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`, `impersonate`.
  public var verbs: [String]?
  /// The API groups of the resources, the core group as an empty text.
  public var apiGroups: [String]?
  /// The plural names of the resources, subresources as `pods/log`; such a rule is for no other paths.
  public var resources: [String]?
  /// The namespaces; cluster-wide requests are in the namespace with the empty name.
  public var namespaces: [String]?
  /// The names of the objects.
  public var names: [String]?

  /// Makes a rule; conditions that are not given hold for everything.
  public init(
    isAllowed: Bool,
    users: [String]? = nil,
    groups: [String]? = nil,
    verbs: [String]? = nil,
    apiGroups: [String]? = nil,
    resources: [String]? = nil,
    namespaces: [String]? = nil,
    names: [String]? = nil
  ) {
    self.isAllowed = isAllowed
    self.users = users
    self.groups = groups
    self.verbs = verbs
    self.apiGroups = apiGroups
    self.resources = resources
    self.namespaces = namespaces
    self.names = names
  }

  /// A rule that denies.
  public static func deny(
    users: [String]? = nil,
    verbs: [String]? = nil,
    resources: [String]? = nil,
    namespaces: [String]? = nil
  ) -> AccessRule {
    AccessRule(
      isAllowed: false,
      users: users,
      verbs: verbs,
      resources: resources,
      namespaces: namespaces
    )
  }

  /// A rule that allows.
  public static func allow(
    users: [String]? = nil,
    verbs: [String]? = nil,
    resources: [String]? = nil,
    namespaces: [String]? = nil
  ) -> AccessRule {
    AccessRule(
      isAllowed: true,
      users: users,
      verbs: verbs,
      resources: resources,
      namespaces: namespaces
    )
  }
}
