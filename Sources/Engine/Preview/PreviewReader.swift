// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
public import Primitives

/// Makes one preview of a cluster as it is now; for commands, which end with it.
///
/// Everything is listed once, as metadata, and nothing is watched. Where the user may list a type only namespace by namespace, just
/// the namespaces that the filter names are asked for, so that a filter of three namespaces costs the requests of three.
public struct PreviewReader: Sendable {
  /// What is being done.
  public enum Stage: Sendable, Hashable {
    /// Asking what the API server serves.
    case discovery
    /// Listing the metadata of so many types.
    case metadata(types: Int)
    /// Reading what the preview needs beside metadata, and evaluating.
    case relations
  }

  private let client: KubernetesClient
  private let clock: WallClock

  /// Makes a reader.
  ///
  /// - Parameters:
  ///   - client: The cluster.
  ///   - clock: Tells when types that are not followed were listed.
  public init(client: KubernetesClient, clock: WallClock = .system) {
    self.client = client
    self.clock = clock
  }

  /// Makes the preview.
  ///
  /// - Parameters:
  ///   - filter: What is to be taken, sound or not.
  ///   - onStage: Told when a stage begins.
  /// - Returns: A preview that is exact, or incomplete for good.
  /// - Throws: `KubernetesError` when the cluster cannot be asked what it serves; `CancellationError`.
  public func read(
    _ filter: BackupFilter,
    onStage: @Sendable (Stage) -> Void = { _ in }
  ) async throws -> Preview {
    onStage(.discovery)
    let discovery = try await client.discover()
    let feed = InventoryFeed(client: client, options: options(filter))
    onStage(.metadata(types: InventoryFeed.types(of: discovery).count))
    await feed.start(discovery)
    _ = await feed.loaded()
    onStage(.relations)
    let result: Result<Preview, any Error>
    do {
      let relations = RelationStore(client: client)
      result = .success(
        try await PreviewSession.settledPreview(of: filter, source: feed, relations: relations)
      )
    } catch {
      result = .failure(error)
    }
    await feed.stop()
    return try result.get()
  }

  private func options(_ filter: BackupFilter) -> InventoryOptions {
    var options = InventoryOptions()
    options.followsChanges = false
    options.wallClock = clock
    let names = filter.namedNamespaces.filter { !$0.isEmpty }
    if !names.isEmpty, !names.contains(where: NamePattern.isPattern) {
      options.namespaces = names
      options.isLimitedToNamespaces = true
    }
    return options
  }
}
