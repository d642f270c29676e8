// SPDX-License-Identifier: Apache-2.0

public import Kubernetes

/// Looks at the target of a restore for what stands in its way, without any write.
///
/// What may not be looked at is a finding of its own: nothing that is not known is passed over as well. The checks run side by
/// side, each with a bounded number of requests at a time and in all; their own comments say how many.
public struct Preflight: Sendable {
  private let client: KubernetesClient
  private let reader: TargetReader

  /// Makes a preflight.
  ///
  /// - Parameters:
  ///   - client: The target.
  ///   - discovery: What it serves.
  public init(client: KubernetesClient, discovery: Discovery) {
    self.client = client
    reader = TargetReader(client: client, discovery: discovery)
  }

  /// Looks at the target.
  ///
  /// - Parameters:
  ///   - facts: What the restore would ask of it.
  ///   - namespaces: The namespaces that the restore needs in the target; those of the facts' objects are looked at anyhow.
  /// - Returns: What was found, what matters most first; the same for the same target.
  /// - Throws: `KubernetesError` `.cancelled`; whatever else happens is a finding.
  public func check(
    _ facts: PreflightFacts,
    namespaces: [String] = []
  ) async throws -> [PreflightFinding] {
    async let permissions = PermissionCheck(client: client).findings(facts)
    async let references = ReferenceCheck(reader: reader).findings(facts)
    async let quotas = QuotaCheck(reader: reader).findings(facts)
    async let ports = PortCheck(reader: reader).findings(facts)
    let names = facts.namespaces.union(namespaces)
    let targets = try await TargetNamespaces.read(reader, names.sorted())
    var findings = targets.findings(facts)
    findings += try await WebhookCheck(reader: reader).findings(facts, targets)
    findings += try await permissions + references + quotas + ports
    return findings.sorted(by: PreflightFinding.precedes)
  }
}
