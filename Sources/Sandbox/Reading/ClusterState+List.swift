// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One page of a list.
struct ObjectPage: Sendable {
  var objects: [StoredObject]
  var revision: Int64
  /// Nil at the end.
  var token: ContinueToken?
  /// How many objects come after the page; nil where servers do not say.
  var remaining: Int?
}

extension ClusterState {
  /// Reads a page as the resource version semantics of lists demand.
  ///
  /// Source: "Resource versions" in the Kubernetes API concepts.
  func page(_ request: ListRequest) throws(APIFailure) -> ObjectPage {
    let moment = try moment(for: request)
    let table = table(request.type)
    let range = table.range(prefix: request.prefix, at: moment.past)
    return collect(range, request, limit: moment.ignoresLimit ? 0 : request.limit, moment.revision)
  }

  private struct Moment {
    /// What the list says of itself.
    var revision: Int64
    /// The revision to go back to; nil for the present.
    var past: Int64?
    /// Whether everything comes at once, as from a watch cache.
    var ignoresLimit = false
  }

  private func moment(for request: ListRequest) throws(APIFailure) -> Moment {
    let present = Moment(revision: revision, past: nil)
    if let token = request.token {
      guard token.revision > 0 else { return present }
      guard canRead(request.type, at: token.revision) else {
        var rest = token
        rest.revision = -1
        throw .continueTooOld(rest.text(version: version))
      }
      return Moment(revision: token.revision, past: token.revision)
    }
    guard let wanted = Int64(request.resourceVersion) else { return present }
    if wanted == 0 { return Moment(revision: revision, past: nil, ignoresLimit: true) }
    let isExact = request.match == "Exact" || (request.match.isEmpty && request.limit > 0)
    if wanted > revision {
      if isExact, version == .v1_20 {
        throw APIFailure(500, "", "etcdserver: mvcc: required revision is a future revision")
      }
      throw .tooLargeVersion(wanted, current: revision)
    }
    guard isExact else { return present }
    guard canRead(request.type, at: wanted) else { throw .listTooOld }
    return Moment(revision: wanted, past: wanted)
  }

  /// Whether the state at a revision can still be told.
  ///
  /// 1.20 reads old revisions from etcd, which compaction takes away; 1.36 has snapshots besides.
  private func canRead(_ type: ResourceType, at wanted: Int64) -> Bool {
    if wanted < (existingTable(type)?.floor ?? 0) { return false }
    return version != .v1_20 || wanted >= compactedRevision
  }

  private func collect(
    _ range: TableRange,
    _ request: ListRequest,
    limit: Int,
    _ revision: Int64
  ) -> ObjectPage {
    let start = request.token.map { request.prefix + $0.start } ?? ""
    var page = ObjectPage(objects: [], revision: revision)
    var hasMore = false
    if limit > 0 { page.objects.reserveCapacity(limit) }
    range.forEach(from: start) { object in
      guard !request.hasSelectors || request.matches(object) else { return true }
      hasMore = limit > 0 && page.objects.count == limit
      if !hasMore { page.objects.append(object) }
      return !hasMore
    }
    guard hasMore, let last = page.objects.last?.key else { return page }
    page.token = token(after: last, request, revision)
    if !request.hasSelectors { page.remaining = range.count(from: start) - page.objects.count }
    return page
  }

  private func token(after key: String, _ request: ListRequest, _ revision: Int64) -> ContinueToken
  {
    ContinueToken(revision: revision, after: String(key.dropFirst(request.prefix.count)))
  }
}
