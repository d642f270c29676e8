// SPDX-License-Identifier: Apache-2.0

import HTTP
import Kubernetes
import Primitives
import Sandbox

/// An API server asked the plain way, without the client under test: whole lists in one page, no selectors.
struct PlainAPI: Sendable {
  /// What the server answered instead of an object.
  struct Refusal: Error, CustomStringConvertible {
    var description: String
    var status: Int
  }

  /// The most bytes of one answer.
  private static let answerLimitBytes = 1 << 30

  let url: String
  private let headers: HTTPHeaders
  private let http: HTTPClient

  init(_ server: SandboxServer) {
    url = server.url
    headers = ["Authorization": "Bearer \(server.token)"]
    http = HTTPClient()
  }

  /// For a user with a client certificate or a token.
  init(_ configuration: ClientConfiguration) {
    url = configuration.server
    if case .token(let token) = configuration.credentials {
      headers = ["Authorization": "Bearer \(token.value)"]
    } else {
      headers = [:]
    }
    http = HTTPClient(options: HTTPClientOptions(tls: configuration.tls))
  }

  func get(_ path: String) async throws -> JSONValue { try await send(.get, path) }

  /// What is there; nil for nothing, as when somebody else removes a type meanwhile.
  func find(_ path: String) async throws -> JSONValue? {
    do {
      return try await get(path)
    } catch let refusal as Refusal where refusal.status == 404 {
      return nil
    }
  }

  @discardableResult
  func send(
    _ method: HTTPMethod,
    _ path: String,
    _ body: JSONValue? = nil,
    contentType: String = "application/json"
  ) async throws -> JSONValue {
    var request = HTTPRequest(method: method, url: url + path, headers: headers)
    if let body {
      request.headers["Content-Type"] = contentType
      request.body = body.encoded()
    }
    let response = try await http.send(request)
    let bytes = try await response.body.collect(upTo: Self.answerLimitBytes)
    guard (200..<300).contains(response.status) else {
      let text = String(decoding: bytes.prefix(400), as: UTF8.self)
      throw Refusal(
        description: "\(method.rawValue) \(path): \(response.status) \(text)",
        status: response.status
      )
    }
    return try JSONValue(parsing: bytes)
  }
}

/// A type as the discovery documents of the old form describe it.
struct PlainType: Sendable, Hashable {
  var group: String
  var version: String
  var plural: String
  var kind: String
  var names: [String]
  var isNamespaced: Bool
  var verbs: [String]

  /// `plural.group`.
  var name: String { group.isEmpty ? plural : "\(plural).\(group)" }
  var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }
  var root: String { group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)" }

  /// Whether a backup and a restore can be had of it.
  var isComplete: Bool {
    ["list", "create", "get", "delete"].allSatisfy(verbs.contains) && !plural.contains("/")
  }

  func path(_ object: PlainObject) -> String {
    let scope = object.namespace.map { "/namespaces/\($0)" } ?? ""
    return "\(root)\(scope)/\(plural)/\(object.name)"
  }

  init(_ json: JSONValue, group: String, version: String) {
    self.group = group
    self.version = version
    plural = json["name"]?.string ?? ""
    kind = json["kind"]?.string ?? ""
    let singular = json["singularName"]?.string ?? ""
    names = (json["shortNames"]?.array ?? []).compactMap(\.string)
    names.append(singular.isEmpty ? kind.lowercased() : singular)
    isNamespaced = json["namespaced"]?.bool ?? false
    verbs = (json["verbs"]?.array ?? []).compactMap(\.string)
  }
}

/// Which object of a cluster.
struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
  /// `plural.group`.
  var type: String
  var namespace: String?
  var name: String

  var description: String { type + " " + (namespace.map { "\($0)/" } ?? "") + name }
}

/// An object with its own `apiVersion` and `kind`.
struct PlainObject: Sendable {
  var key: ObjectKey
  var value: JSONValue

  var namespace: String? { key.namespace }
  var name: String { key.name }
  var labels: [String: String] {
    (value[path: "metadata", "labels"]?.object?.dictionary ?? [:]).compactMapValues(\.string)
  }
  var isBeingDeleted: Bool { value[path: "metadata", "deletionTimestamp"]?.string != nil }
}

/// Everything that is in a cluster, by type in the order of the discovery documents.
struct PlainCluster: Sendable {
  var types: [PlainType] = []
  var objects: [String: [PlainObject]] = [:]

  /// Reads the whole cluster, each type in its preferred version; namespaced types only in `namespaces` unless it is nil.
  static func read(_ api: PlainAPI, in namespaces: [String]? = nil) async throws -> PlainCluster {
    var cluster = PlainCluster()
    cluster.types = try await types(api).filter(\.isComplete)
    for type in cluster.types {
      var paths = ["\(type.root)/\(type.plural)"]
      if type.isNamespaced, let namespaces {
        paths = namespaces.map { "\(type.root)/namespaces/\($0)/\(type.plural)" }
      }
      var objects: [PlainObject] = []
      for path in paths { objects += try await list(type, path, api) }
      cluster.objects[type.name] = objects
    }
    return cluster
  }

  private static func list(
    _ type: PlainType,
    _ path: String,
    _ api: PlainAPI
  ) async throws -> [PlainObject] {
    let list = try await api.find(path)
    return (list?["items"]?.array ?? []).map { item in
      var value = item
      value["apiVersion"] = .string(type.apiVersion)
      value["kind"] = .string(type.kind)
      let key = ObjectKey(
        type: type.name,
        namespace: item[path: "metadata", "namespace"]?.string,
        name: item[path: "metadata", "name"]?.string ?? ""
      )
      return PlainObject(key: key, value: value)
    }
  }

  static func types(_ api: PlainAPI) async throws -> [PlainType] {
    var types = try await documents(api, "/api/v1", "", "v1")
    for group in try await api.get("/apis")["groups"]?.array ?? [] {
      let name = group["name"]?.string ?? ""
      let preferred = group[path: "preferredVersion", "version"]?.string ?? ""
      let versions = (group["versions"]?.array ?? []).compactMap { $0["version"]?.string }
      var own: [PlainType] = []
      for version in [preferred] + versions.filter({ $0 != preferred }) {
        let listed = try await documents(api, "/apis/\(name)/\(version)", name, version)
        own += listed.filter { new in !own.contains { $0.plural == new.plural } }
      }
      types += own
    }
    return types
  }

  private static func documents(
    _ api: PlainAPI,
    _ path: String,
    _ group: String,
    _ version: String
  ) async throws -> [PlainType] {
    (try await api.find(path)?["resources"]?.array ?? []).map {
      PlainType($0, group: group, version: version)
    }
  }

  var all: [PlainObject] { types.flatMap { objects[$0.name] ?? [] } }

  func type(_ name: String) -> PlainType? { types.first { $0.name == name } }

  func object(_ key: ObjectKey) -> PlainObject? {
    objects[key.type]?.first { $0.key == key }
  }
}
