// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// The warnings and errors of a backup or restore: the file `…-results.gz`.
///
/// Source: Velero 1.18, `pkg/util/results/result.go`.
public struct OperationResults: Sendable, Hashable {
  /// Messages, by what they are about.
  public struct Messages: Sendable, Hashable {
    /// About the run itself.
    public var velero: [String]
    /// About objects of the cluster.
    public var cluster: [String]
    /// About objects in namespaces, by namespace.
    public var namespaces: [String: [String]]

    /// Makes a value.
    public init(
      velero: [String] = [],
      cluster: [String] = [],
      namespaces: [String: [String]] = [:]
    ) {
      self.velero = velero
      self.cluster = cluster
      self.namespaces = namespaces
    }

    /// How many messages there are.
    public var count: Int {
      velero.count + cluster.count + namespaces.values.reduce(0) { $0 + $1.count }
    }

    /// Adds a message.
    ///
    /// - Parameters:
    ///   - message: The text.
    ///   - namespace: The object's namespace; empty for an object of the cluster, nil for the run itself.
    public mutating func add(_ message: String, namespace: String?) {
      switch namespace {
      case nil: velero.append(message)
      case "": cluster.append(message)
      case let namespace?: namespaces[namespace, default: []].append(message)
      }
    }

    fileprivate init(json: JSONValue?) {
      velero = json?["velero"]?.array?.compactMap(\.string) ?? []
      cluster = json?["cluster"]?.array?.compactMap(\.string) ?? []
      namespaces = (json?["namespaces"]?.object?.dictionary ?? [:])
        .mapValues { $0.array?.compactMap(\.string) ?? [] }
    }

    fileprivate var json: JSONValue {
      var object: JSONValue = [:]
      if !velero.isEmpty { object["velero"] = Self.list(velero) }
      if !cluster.isEmpty { object["cluster"] = Self.list(cluster) }
      if !namespaces.isEmpty {
        object["namespaces"] = .object(JSONObject(sorting: namespaces.mapValues(Self.list)))
      }
      return object
    }

    private static func list(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
  }

  /// What went wrong.
  public var errors: Messages
  /// What deserves attention.
  public var warnings: Messages

  /// Makes a value.
  public init(errors: Messages = Messages(), warnings: Messages = Messages()) {
    self.errors = errors
    self.warnings = warnings
  }

  /// Takes a warning or an error out of a line of the log, as Velero does; other lines are passed over.
  ///
  /// The message is put together from the fields `resource` and `name`, the text and the field `error`; the field
  /// `namespace` says where it belongs. Source: Velero 1.18, `pkg/util/logging/log_counter_hook.go`.
  public mutating func record(_ line: LogLine) {
    switch line.level {
    case .warning: warnings.add(Self.message(line), namespace: line.fields["namespace"])
    case .error: errors.add(Self.message(line), namespace: line.fields["namespace"])
    case .trace, .debug, .info, .fatal, .panic: break
    }
  }

  private static func message(_ line: LogLine) -> String {
    var text = ""
    if let resource = line.fields["resource"] { text += " resource: /\(resource)" }
    if let name = line.fields["name"] { text += " name: /\(name)" }
    if !line.message.isEmpty { text += " message: /\(line.message)" }
    if let error = line.fields["error"] { text += " error: /\(error)" }
    return text
  }

  /// Takes the file's JSON; `null` and missing parts are empty.
  public init(json: JSONValue) {
    errors = Messages(json: json["errors"])
    warnings = Messages(json: json["warnings"])
  }

  /// The file's JSON.
  public var json: JSONValue { ["errors": errors.json, "warnings": warnings.json] }

  /// The file.
  public func encoded() -> [UInt8] { SideFile.encode(json) }

  /// Reads the file; nil, for a store without it, is empty.
  public static func decode(
    _ bytes: [UInt8]?,
    name: String = "results.gz"
  ) throws(VeleroError) -> OperationResults {
    OperationResults(json: try SideFile.decode(bytes, name: name))
  }
}
