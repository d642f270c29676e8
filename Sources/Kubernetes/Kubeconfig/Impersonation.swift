// SPDX-License-Identifier: Apache-2.0

/// As whom requests are made, when not as the one who is logged in.
public struct Impersonation: Sendable, Hashable {
  /// A further property of the user, such as scopes.
  public struct Extra: Sendable, Hashable {
    /// The property's name.
    public var key: String
    /// Its values in order.
    public var values: [String]

    /// Makes a property.
    public init(key: String, values: [String]) {
      self.key = key
      self.values = values
    }
  }

  /// The user's name; nil for no impersonation.
  public var user: String?
  /// The user's uid.
  public var uid: String?
  /// The groups.
  public var groups: [String]
  /// Further properties.
  public var extra: [Extra]

  /// Makes an impersonation, of nobody by default.
  public init(
    user: String? = nil,
    uid: String? = nil,
    groups: [String] = [],
    extra: [Extra] = []
  ) {
    self.user = user
    self.uid = uid
    self.groups = groups
    self.extra = extra
  }

  /// Whether anybody is impersonated.
  public var isActive: Bool { user != nil }

  /// The request's headers in order, as the API server's documentation on impersonation names them.
  var headers: [(name: String, value: String)] {
    guard let user else { return [] }
    var headers = [(name: "Impersonate-User", value: user)]
    if let uid { headers.append((name: "Impersonate-Uid", value: uid)) }
    headers += groups.map { (name: "Impersonate-Group", value: $0) }
    for property in extra {
      let name = "Impersonate-Extra-" + URLText.encode(property.key.lowercased())
      headers += property.values.map { (name: name, value: $0) }
    }
    return headers
  }
}
