// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension KubernetesClient {
  /// The most requests at a time while types are found out one group after the other.
  static let discoveryConcurrency = 8

  /// The waits before versions are asked for again that the server lists and does not serve.
  ///
  /// While a custom resource's definition comes or goes, the list of groups and the version's own document change one
  /// after the other, within a second or so.
  static let settlingPauses: [Duration] = [
    .milliseconds(100), .milliseconds(300), .milliseconds(900),
  ]

  /// Finds out which types the server serves.
  ///
  /// Servers from 1.26 on answer with two documents; others are asked for each group. A group that does not answer, such as
  /// an aggregated API whose server is down, is told in `failures` and the rest goes on. A version that is listed and not
  /// found is asked for again for a second or so, with the list, before it is told as a failure.
  ///
  /// - Throws: What keeps the server from answering at all.
  public func discover() async throws(KubernetesError) -> Discovery {
    async let core = result("/api")
    async let others = result("/apis")
    let documents = await (core, others)
    var discovery = try await part(documents.0, "/api", DiscoveryDocument.coreGroup)
    let rest = try await part(documents.1, "/apis", DiscoveryDocument.groups)
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
    _ path: String,
    _ legacyGroups: (JSONValue) -> [APIGroup]
  ) async throws(KubernetesError) -> Discovery {
    let document = try result.get()
    if let discovery = DiscoveryDocument.aggregated(document) { return discovery }
    var groups = legacyGroups(document)
    var answers = await answers(of: Self.versions(groups))
    for pause in Self.settlingPauses where answers.values.contains(where: \.isNotFound) {
      try await transport.retrying.wait(pause)
      groups = legacyGroups(try await self.result(path).get())
      let wanted = Self.versions(groups)
      answers = answers.filter { wanted.contains($0.key) && !$0.value.isNotFound }
      let missing = wanted.filter { answers[$0] == nil }
      answers.merge(await self.answers(of: missing)) { $1 }
    }
    return try Self.discovery(groups, answers)
  }

  private typealias Answer = Result<[APIResource], KubernetesError>

  private struct Version: Hashable, Sendable {
    var group: String
    var version: String
  }

  private static func versions(_ groups: [APIGroup]) -> [Version] {
    groups.flatMap { group in group.versions.map { Version(group: group.name, version: $0) } }
  }

  /// Asks for each version, a bounded number at a time.
  private func answers(of wanted: [Version]) async -> [Version: Answer] {
    var answers: [Version: Answer] = [:]
    await withTaskGroup(of: (Version, Answer).self) { tasks in
      var next = 0
      func addTask() {
        let version = wanted[next]
        tasks.addTask { (version, await resources(of: version)) }
        next += 1
      }
      while next < min(Self.discoveryConcurrency, wanted.count) { addTask() }
      for await (version, answer) in tasks {
        answers[version] = answer
        if next < wanted.count { addTask() }
      }
    }
    return answers
  }

  private static func discovery(
    _ groups: [APIGroup],
    _ answers: [Version: Answer]
  ) throws(KubernetesError) -> Discovery {
    var discovery = Discovery(groups: groups, resources: [])
    for wanted in versions(groups) {
      switch answers[wanted] {
      case .success(let resources): discovery.resources += resources
      case .failure(let error):
        if error.code == .cancelled || error.code == .unauthorized { throw error }
        discovery.failures.append(
          DiscoveryFailure(group: wanted.group, version: wanted.version, message: error.message)
        )
      case nil: break
      }
    }
    return discovery
  }

  private func resources(of wanted: Version) async -> Answer {
    let (group, version) = (wanted.group, wanted.version)
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

extension Result where Failure == KubernetesError {
  fileprivate var isNotFound: Bool {
    guard case .failure(let error) = self else { return false }
    return error.code == .notFound
  }
}
