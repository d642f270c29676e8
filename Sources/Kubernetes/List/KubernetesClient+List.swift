// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

extension KubernetesClient {
  /// How often a list is started again when its version expires between pages.
  ///
  /// The last start asks for everything on one page, which cannot expire on the way.
  static let restartLimit = 2

  /// Lists objects page by page and passes the items on as they arrive.
  ///
  /// No more than one unfinished item and one chunk of the connection are held. `onEvent` is called for one event after
  /// the other; while it waits, the server waits. A page that breaks off is asked for again (`.repeated`), a
  /// version that expires between pages leads to a new list (`.restarted`).
  ///
  /// - Parameters:
  ///   - options: What to list.
  ///   - onEvent: Takes items and pages in order; what it throws ends the list.
  /// - Returns: The version and the number of items.
  /// - Throws: `KubernetesError`, or what `onEvent` throws. `.expired` when the asked version is gone at the first page.
  @discardableResult
  public func list(
    _ options: ListOptions,
    onEvent: (ListEvent) async throws -> Void
  ) async throws -> ListResult {
    try await restarting(options) { options throws in
      var result = ListResult(resourceVersion: "", itemCount: 0, pages: 0, restarts: 0)
      var token: String?
      repeat {
        let (page, next) = try await page(options, continuing: token, onEvent: onEvent)
        result.add(page)
        try await onEvent(.page(page))
        token = next
      } while token != nil
      return result
    } onRestart: {
      try await onEvent(.restarted($0))
    }
  }

  /// Lists from the beginning as often as versions expire between pages, up to the limit.
  func restarting(
    _ options: ListOptions,
    list: (ListOptions) async throws -> ListResult,
    onRestart: (KubernetesError) async throws -> Void
  ) async throws -> ListResult {
    var options = options
    var restarts = 0
    while true {
      do {
        var result = try await list(options)
        result.restarts = restarts
        return result
      } catch let expired as ExpiredToken {
        guard restarts < Self.restartLimit else { throw expired.error }
        restarts += 1
        options.resourceVersion = nil
        options.resourceVersionMatch = nil
        if restarts == Self.restartLimit { options.limit = 0 }
        try await onRestart(expired.error)
      }
    }
  }

  /// A continue token is of no use any more.
  struct ExpiredToken: Error {
    var error: KubernetesError
  }

  private func page(
    _ options: ListOptions,
    continuing token: String?,
    onEvent: (ListEvent) async throws -> Void
  ) async throws -> (page: ListPage, next: String?) {
    let call = options.call(continuing: token)
    var attempt = 1
    while true {
      let failure: CallFailure
      switch await transport.result(of: call) {
      case .failure(let error): failure = error
      case .success(let response):
        var reader = ListPageReader(doing: call.doing)
        switch try await reader.read(response, onEvent) {
        case .success(let page): return page
        case .failure(let error): failure = error
        }
      }
      if failure.error.code == .expired, token != nil { throw ExpiredToken(error: failure.error) }
      guard let delay = transport.delay(after: failure, attempt: attempt, call) else {
        throw failure.error
      }
      try await onEvent(.repeated(failure.error))
      try await transport.retrying.wait(delay)
      attempt += 1
    }
  }
}
