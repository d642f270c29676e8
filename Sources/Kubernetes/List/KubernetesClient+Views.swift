// SPDX-License-Identifier: Apache-2.0

internal import HTTP
public import Primitives

/// Some items of a list, to be looked at where they were read.
public struct ListItems {
  enum Storage {
    /// The `items` of a page; nil where it has none.
    case page(JSONView?)
    /// Some items of a page that is read bit by bit, and what reads them.
    case chunk(JSONListChunk, JSONReader)
  }

  let storage: Storage

  /// Calls `body` with each item in order; views must not leave it.
  ///
  /// - Throws: What `body` throws; `JSONError` when an item is no JSON.
  public func forEach(_ body: (JSONView) throws -> Void) throws {
    switch storage {
    case .page(let items): try items?.forEachElement(body)
    case .chunk(let chunk, let reader): try chunk.forEachItem { try reader.read($0, body) }
    }
  }
}

extension KubernetesClient {
  /// Lists objects page by page and passes views of the items on, read in one go a page.
  ///
  /// The quickest way for many small items, where `list` with its bounded memory is the way for large ones: while one page is
  /// looked at the next one comes in. Items may come twice where a page has to be asked for again.
  ///
  /// - Parameters:
  ///   - options: What to list.
  ///   - reader: Reads the pages; what it skips or leaves unread is so in the views.
  ///   - onItems: Takes the items in order; what it throws ends the list.
  ///   - onRestart: Called when everything comes again from the newest version.
  /// - Returns: The version and the number of items.
  /// - Throws: `KubernetesError`, or what the closures throw. `.expired` when the asked version is gone at the first page.
  public func list(
    _ options: ListOptions,
    reading reader: JSONReader,
    onItems: (ListItems) async throws -> Void,
    onRestart: (KubernetesError) async throws -> Void
  ) async throws -> ListResult {
    try await restarting(options) { options throws in
      var pages = ViewedPages(transport: transport, options: options, reader: reader)
      return try await pages.read(onItems)
    } onRestart: {
      try await onRestart($0)
    }
  }
}
