// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes
internal import Primitives

/// Something that could not be looked at.
struct PreflightGap: Sendable, Hashable {
  /// nil for all that was asked for.
  var namespace: String?
  /// Why not, in words.
  var reason: String
}

/// Reads the target for a preflight: what may not be read becomes a gap.
struct TargetReader: Sendable {
  /// How many requests of one question are sent at a time.
  static let parallelRequests = 8
  /// How many objects or namespaces of one question are asked for one by one, where one list does not answer it.
  static let singleRequestLimit = 500

  /// What a list says.
  struct Listing<Value: Sendable>: Sendable {
    var values: [Value] = []
    var gaps: [PreflightGap] = []
  }

  /// What a single object says.
  enum Single: Sendable {
    case found(JSONValue)
    case missing
    case unknown(String)
  }

  let client: KubernetesClient
  let discovery: Discovery

  /// The type as the target serves it.
  func resource(_ type: String) -> APIResource? {
    discovery.preferred.first { $0.groupResource == type }
  }

  /// Lists all objects of a type, or those of some namespaces where all of them may not be listed.
  ///
  /// - Parameters:
  ///   - type: `plural.group`; a type that is not served has no objects.
  ///   - namespaces: The namespaces that matter; nil for types of the cluster.
  ///   - isMetadataOnly: Whether metadata is enough.
  ///   - read: What matters of an object; nil for nothing.
  /// - Returns: What was read, and what could not be.
  /// - Throws: `KubernetesError` `.cancelled`.
  func list<Value: Sendable>(
    _ type: String,
    in namespaces: [String]?,
    isMetadataOnly: Bool = false,
    _ read: @escaping @Sendable (JSONView) -> Value?
  ) async throws -> Listing<Value> {
    guard let resource = resource(type)?.groupVersionResource else { return Listing() }
    let options = ListOptions(resource: resource, isMetadataOnly: isMetadataOnly)
    let (whole, failure) = try await attempt { try await values(options, read) }
    if let whole { return Listing(values: whole) }
    guard let namespaces, failure?.code == .forbidden else {
      return Listing(gaps: [PreflightGap(reason: failure?.message ?? "")])
    }
    let asked = Array(namespaces.prefix(Self.singleRequestLimit))
    let answers = try await asked.mapInParallel(limit: Self.parallelRequests) { namespace in
      var own = options
      own.namespace = namespace
      let listed = own
      return try await attempt { try await values(listed, read) }
    }
    var listing = Listing<Value>()
    for (namespace, answer) in zip(asked, answers) {
      listing.values += answer.value ?? []
      // A namespace that is yet to be made has nothing in it.
      if let error = answer.failure, error.code != .notFound {
        listing.gaps.append(PreflightGap(namespace: namespace, reason: error.message))
      }
    }
    listing.gaps += Self.unasked(namespaces)
    return listing
  }

  /// Lists the objects of a type in one namespace that have labels.
  ///
  /// - Throws: `KubernetesError` `.cancelled`.
  func list<Value: Sendable>(
    _ type: String,
    inNamespace namespace: String?,
    labels: String,
    _ read: (JSONView) -> Value?
  ) async throws -> Listing<Value> {
    guard let resource = resource(type)?.groupVersionResource else { return Listing() }
    let options = ListOptions(resource: resource, namespace: namespace, labelSelector: labels)
    let (listed, failure) = try await attempt { try await values(options, read) }
    return Listing(
      values: listed ?? [],
      gaps: failure.map { [PreflightGap(reason: $0.message)] } ?? []
    )
  }

  /// What is left when only some are asked for.
  static func unasked(_ namespaces: [String]) -> [PreflightGap] {
    namespaces.dropFirst(singleRequestLimit).map {
      PreflightGap(
        namespace: $0,
        reason: "more than \(singleRequestLimit) would have to be asked for one by one"
      )
    }
  }

  /// Reads one object.
  ///
  /// - Throws: `KubernetesError` `.cancelled`.
  func get(_ address: ObjectAddress, isMetadataOnly: Bool = false) async throws -> Single {
    guard let resource = resource(address.type)?.groupVersionResource else { return .missing }
    let reference = ObjectReference(
      resource,
      namespace: address.namespace,
      name: address.name
    )
    let (object, failure) = try await attempt {
      try await client.get(reference, isMetadataOnly: isMetadataOnly)
    }
    if let object { return .found(object) }
    return failure?.code == .notFound ? .missing : .unknown(failure?.message ?? "")
  }

  /// An answer, or why there is none.
  typealias Attempt<Value> = (value: Value?, failure: KubernetesError?)

  private func attempt<Value>(_ body: () async throws -> Value) async throws -> Attempt<Value> {
    do {
      return (try await body(), nil)
    } catch let error as KubernetesError where error.code != .cancelled {
      return (nil, error)
    }
  }

  private func values<Value: Sendable>(
    _ options: ListOptions,
    _ read: (JSONView) -> Value?
  ) async throws -> [Value] {
    let reader = JSONReader()
    var values: [Value] = []
    var pageStart = 0
    try await client.list(options) { event in
      switch event {
      case .items(let chunk):
        try chunk.forEachItem { bytes in
          if let value = try reader.read(bytes, read) { values.append(value) }
        }
      case .page: pageStart = values.count
      case .repeated: values.removeSubrange(pageStart...)
      case .restarted: (values, pageStart) = ([], 0)
      }
    }
    return values
  }
}

extension PreflightFinding {
  /// Something that is not known; nil where there is no gap.
  ///
  /// - Parameters:
  ///   - severity: How much it would matter.
  ///   - what: What is not known, as it follows "it is not known".
  ///   - gaps: Where, and why.
  ///   - objects: The objects that it is about.
  /// - Returns: One finding for all of the gaps.
  static func unknown(
    _ severity: Severity,
    _ what: String,
    _ gaps: [PreflightGap],
    _ objects: FirstFew<ObjectAddress> = FirstFew()
  ) -> PreflightFinding? {
    guard let first = gaps.first else { return nil }
    let namespaces = Set(gaps.compactMap(\.namespace)).sorted()
    let place = namespaces.isEmpty ? "" : " in \(ShortList.namespaces(namespaces))"
    return PreflightFinding(
      severity,
      .unknown,
      "it is not known \(what)\(place): \(first.reason)",
      objects,
      hint: "the permission to read them would help"
    )
  }
}
