// SPDX-License-Identifier: Apache-2.0

/// What a backup is to take together with all that belongs to it.
public enum BackupRoot: Sendable, Hashable {
  /// A workload, or any other object, with what it needs to run elsewhere.
  ///
  /// - `kind`: the type as its user wrote it: `deployment`, `deploy`, `statefulsets.apps`.
  /// - `namespace`: nil for cluster-scoped objects.
  case workload(kind: String, namespace: String?, name: String)
  /// A Helm release: its own records and what its manifest names.
  case release(namespace: String, name: String)

  /// Reads `KIND/NAMESPACE/NAME`, or `KIND/NAME` for what lives in no namespace.
  ///
  /// - Throws: `EngineError` `.invalid` for any other text.
  public init(workload text: String) throws {
    let parts = try Self.parts(text, .workload, 2...3, "KIND/NAMESPACE/NAME")
    self = .workload(
      kind: parts[0],
      namespace: parts.count == 3 ? parts[1] : nil,
      name: parts[parts.count - 1]
    )
  }

  /// Reads `NAMESPACE/NAME`.
  ///
  /// - Throws: `EngineError` `.invalid` for any other text.
  public init(release text: String) throws {
    let parts = try Self.parts(text, .helmRelease, 2...2, "NAMESPACE/NAME")
    self = .release(namespace: parts[0], name: parts[1])
  }

  private static func parts(
    _ text: String,
    _ field: FilterField,
    _ counts: ClosedRange<Int>,
    _ form: String
  ) throws -> [String] {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    // Commas keep the entries of the record's annotation apart.
    let isSound = parts.allSatisfy { part in
      !part.isEmpty && !part.contains { $0.isWhitespace || $0 == "," }
    }
    guard counts.contains(parts.count), isSound else {
      throw EngineError(
        .invalid,
        "'\(text)' cannot be the value of \(field.flag)",
        hint: "write \(field.flag) \(form), such as \(field.flag) \(field.example)"
      )
    }
    return parts
  }

  /// The entry of the filter that asks for it.
  public var entry: FilterEntry {
    switch self {
    case .workload: FilterEntry(.workload, text)
    case .release: FilterEntry(.helmRelease, text)
    }
  }

  /// `deployment/shop/api` or `shop/web`, as it is read.
  public var text: String {
    switch self {
    case .workload(let kind, let namespace, let name):
      [kind, namespace, name].compactMap(\.self).joined(separator: "/")
    case .release(let namespace, let name): "\(namespace)/\(name)"
    }
  }

  /// The namespace that it lives in.
  public var namespace: String? {
    switch self {
    case .workload(_, let namespace, _): namespace
    case .release(let namespace, _): namespace
    }
  }
}

extension FilterField {
  fileprivate var example: String {
    self == .workload ? "deployment/shop/api" : "shop/web"
  }
}
