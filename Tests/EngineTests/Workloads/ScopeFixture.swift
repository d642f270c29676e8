// SPDX-License-Identifier: Apache-2.0

import Kubernetes
import Primitives
import Sandbox
import TestSupport
import Velero

@testable import Engine

/// A cluster, and what belongs to workloads and releases in it.
struct ScopeFixture {
  let backups: BackupRunFixture

  init(_ server: SandboxServer, token: String? = nil) throws {
    backups = try BackupRunFixture(server: server, token: token)
  }

  init(_ backups: BackupRunFixture) { self.backups = backups }

  var client: KubernetesClient { backups.client }

  func set(_ roots: [BackupRoot]) async throws -> ObjectSet {
    let discovery = try await client.discover()
    return try await ObjectSetReader(client: client, discovery: discovery).read(roots)
  }

  func backup(_ name: String, _ roots: [BackupRoot], _ spec: BackupSpec = BackupSpec()) -> Backup {
    var backup = Backup(name: name, spec: spec)
    backup.annotations = BackupScope.annotations(of: roots)
    return backup
  }

  /// The preview of what belongs to roots, on an inventory of the whole cluster, unless one is given.
  func preview(
    _ roots: [BackupRoot],
    _ spec: BackupSpec = BackupSpec(),
    on ground: PreviewGround? = nil
  ) async throws -> Preview {
    let filter = try await BackupScope.read(backup("b", roots, spec), with: client).filter
    return try await preview(filter, on: ground)
  }

  func preview(_ filter: BackupFilter, on ground: PreviewGround? = nil) async throws -> Preview {
    let own = if let ground { ground } else { try await self.ground() }
    return try await own.settled(filter, RelationStore(client: client))
  }

  /// The whole cluster as it is now.
  func ground() async throws -> PreviewGround {
    PreviewGround(try await WholeInventory.read(client), RelationSnapshot())
  }
}

extension BackupRoot {
  /// `helm:shop/web`, or else a workload.
  static func of(_ text: String) throws -> BackupRoot {
    text.hasPrefix("helm:")
      ? try BackupRoot(release: String(text.dropFirst(5))) : try BackupRoot(workload: text)
  }
}

extension Preview {
  /// Every object that is taken, with its chain of reasons; what is restricted to others and left out; and the remarks.
  var chains: String {
    var lines: [String] = []
    for address in takenAddresses.sorted(by: { ($0.type, $0.path) < ($1.type, $1.path) }) {
      lines.append("\(address.type) \(address.path)")
      lines.append("  \(explanation(of: address).reason)")
    }
    for remark in remarks { lines.append("\(remark.severity): \(remark.message)") }
    return lines.joined(separator: "\n") + "\n"
  }
}
