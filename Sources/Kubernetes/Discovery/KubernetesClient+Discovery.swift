// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension KubernetesClient {
  /// The most requests at a time while types are found out one group after the other.
  static let discoveryConcurrency = 8

  /// Finds out which types the server serves.
  ///
  /// Servers from 1.26 on answer with two documents; others are asked for each group. A group that does not answer, such as
  /// an aggregated API whose server is down, is told in `failures` and the rest goes on.
  ///
  /// - Throws: What keeps the server from answering at all.
  public func discover() async throws(KubernetesError) -> Discovery {
    let (core, others) = await (result("/api"), result("/apis"))
    var discovery = try await part(core, legacyGroups: DiscoveryDocument.coreGroup)
    let rest = try await part(others, legacyGroups: DiscoveryDocument.groups)
    discovery.groups += rest.groups
    discovery.resources += rest.resources
    discovery.failures += rest.failures
    return discovery
  }

  private func result(_ path: String) async -> Result<JSONValue, KubernetesError> {
    var call = APICall(path: path, doing: "cannot find out which types the server serves")
    call.accept = APICall.Media.discovery
    do throws(KubernetesError) {
      return .success(try await json(call))
    } catch {
      return .failure(error)
    }
  }

  private func part(
    _ result: Result<JSONValue, KubernetesError>,
    legacyGroups: (JSONValue) -> [APIGroup]
  ) async throws(KubernetesError) -> Discovery {
    let document = try result.get()
    if let discovery = DiscoveryDocument.aggregated(document) { return discovery }
    return try await legacy(legacyGroups(document))
  }

  /// Asks for each version of each group, a bounded number at a time.
  private func legacy(_ groups: [APIGroup]) async throws(KubernetesError) -> Discovery {
    let wanted = groups.flatMap { group in group.versions.map { (group.name, $0) } }
    var answers: [Int: Result<[APIResource], KubernetesError>] = [:]
    await withTaskGroup(of: (Int, Result<[APIResource], KubernetesError>).self) { tasks in
      var next = 0
      func addTask() {
        let (index, (group, version)) = (next, wanted[next])
        tasks.addTask { (index, await resources(group: group, version: version)) }
        next += 1
      }
      while next < min(Self.discoveryConcurrency, wanted.count) { addTask() }
      for await (index, answer) in tasks {
        answers[index] = answer
        if next < wanted.count { addTask() }
      }
    }
    var discovery = Discovery(groups: groups, resources: [])
    for (index, (group, version)) in wanted.enumerated() {
      switch answers[index] {
      case .success(let resources): discovery.resources += resources
      case .failure(let error):
        if error.code == .cancelled || error.code == .unauthorized { throw error }
        discovery.failures.append(
          DiscoveryFailure(group: group, version: version, message: error.message)
        )
      case nil: break
      }
    }
    return discovery
  }

  private func resources(
    group: String,
    version: String
  ) async -> Result<[APIResource], KubernetesError> {
    let path = group.isEmpty ? "/api/\(version)" : "/apis/\(group)/\(version)"
    let name = group.isEmpty ? version : "\(group)/\(version)"
    do throws(KubernetesError) {
      let document = try await json(
        APICall(path: path, doing: "cannot find out the types of '\(name)'")
      )
      return .success(DiscoveryDocument.resources(document, group: group, version: version))
    } catch {
      return .failure(error)
    }
  }
}
