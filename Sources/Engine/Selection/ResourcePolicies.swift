// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// What the ConfigMap of a backup's `spec.resourcePolicy` says.
///
/// Source: velero/03, sections 4.4 and 9.
public struct ResourcePolicies: Sendable, Hashable {
  /// The ConfigMap, `namespace/name`.
  public var source: String
  /// The rules for volumes; the first that fits counts.
  public var volumes: [VolumePolicy]
  /// Types that the filter takes or leaves besides its own lists; nil when the policy says nothing of them.
  public var resources: ScopedResourceFilter?

  /// Makes policies.
  public init(
    source: String,
    volumes: [VolumePolicy] = [],
    resources: ScopedResourceFilter? = nil
  ) {
    self.source = source
    self.volumes = volumes
    self.resources = resources
  }

  /// The place of the first rule that fits a volume, from 0; nil when none does.
  func rule(for volume: VolumeFacts) -> Int? { volumes.firstIndex { $0.matches(volume) } }
}

extension ResourcePolicies {
  /// Reads a ConfigMap: one key, YAML, no fields that Velero does not know, version `v1`.
  ///
  /// - Parameters:
  ///   - configMap: The object.
  ///   - source: What messages call it, `namespace/name`.
  /// - Throws: `EngineError` `.invalid` with everything that is wrong, each with its line.
  public init(configMap: JSONValue, source: String) throws {
    let data = configMap["data"]?.object?.members ?? []
    guard data.count == 1, let text = data.first?.value.string else {
      throw Self.invalid(source, ["it has \(data.count) keys in its data, and one is expected"])
    }
    try self.init(yaml: text, source: source)
  }

  /// Reads the text of a policy.
  ///
  /// - Throws: As `init(configMap:source:)`.
  public init(yaml: String, source: String) throws {
    self.init(source: source)
    let root: YAMLNode
    do {
      root = try YAMLDocument(parsing: yaml).root
    } catch {
      throw Self.invalid(source, ["line \(error.mark.line): \(error.message)"])
    }
    var reader = PolicyReader()
    reader.read(root, into: &self)
    guard reader.problems.isEmpty else { throw Self.invalid(source, reader.problems) }
  }

  private static func invalid(_ source: String, _ problems: [String]) -> EngineError {
    EngineError(
      .invalid,
      "the resource policy '\(source)' is not valid: \(problems.joined(separator: "; "))",
      hint: "correct the ConfigMap that \(FilterField.resourcePolicy.flag) names"
    )
  }
}
