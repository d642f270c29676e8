// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Velero

extension BackupFilter {
  /// Reads the filter of a Backup: its spec, the resource policy that the spec names, and what belongs to the workloads and Helm
  /// releases that its annotations name.
  ///
  /// The set of objects is that of the moment; a backup reads it again, at its own revision.
  ///
  /// - Parameters:
  ///   - backup: The Backup, such as `backup create` makes it; for a record of the store, what `BackupScope.asked` gives.
  ///   - client: The cluster; asked only for policies, workloads and releases.
  /// - Returns: The filter; `problems` says whether it is sound.
  /// - Throws: As `read(_:inNamespace:with:)`; `EngineError` `.notFound` for a workload or release that does not exist, `.invalid`
  ///   for one that cannot be; `KubernetesError` when it cannot be read.
  public static func read(_ backup: Backup, with client: KubernetesClient) async throws
    -> BackupFilter
  {
    var filter = try await read(backup.spec, inNamespace: backup.namespace, with: client)
    let roots = try BackupScope.roots(in: backup.annotations)
    guard !roots.isEmpty else { return filter }
    let discovery = try await client.discover()
    filter.only = try await ObjectSetReader(client: client, discovery: discovery).read(roots)
    return filter
  }
}

extension ObjectSet.Gap {
  fileprivate func message(of title: String) -> String {
    let shown = types.prefix(4).joined(separator: ", ")
    let rest = types.count - 4
    let words = rest > 0 ? "\(shown) and \(rest) other types" : shown
    let place = namespace.map { " in the namespace '\($0)'" } ?? ""
    return "what of \(words)\(place) belongs to \(title) is not known and may be missing"
  }
}

extension SelectionRemark {
  /// Something that could not be read, so that objects may be missing from a set.
  init(_ gap: ObjectSet.Gap, of title: String) {
    self.init(
      gap.isLikely ? .error : .warning,
      gap.message(of: title) + ": " + gap.reason,
      hint: "the permission to list them would help"
    )
  }
}

extension Issue {
  /// The same as an issue of a run.
  init(_ gap: ObjectSet.Gap, of title: String) {
    self.init(
      gap.isLikely ? .error : .warning,
      gap.message(of: title),
      subject: Subject(
        resource: gap.types.count == 1 ? gap.types.first : nil,
        namespace: gap.namespace
      ),
      cause: gap.reason,
      hint: "the permission to list them would help"
    )
  }
}
