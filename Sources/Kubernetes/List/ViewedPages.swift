// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// Reads the pages of one list from the first to the last, each as one document.
struct ViewedPages {
  /// The largest page that is read as one document, in bytes; a page of 500 objects' metadata has half a MiB.
  ///
  /// Longer ones, such as of a server that knows no pages, are read bit by bit.
  private static let wholePageBytes = 8 << 20

  /// A page that is to be read next.
  private struct Request {
    var call: APICall
    /// What was answered to it already.
    var answer: Result<HTTPResponse, CallFailure>?
    var isFirst: Bool
  }

  /// What a page may come as.
  private enum Body {
    case whole(JSONView)
    case long(beginning: [[UInt8]], HTTPResponse)
  }

  private let transport: Transport
  private let options: ListOptions
  private let reader: JSONReader
  private var result = ListResult(resourceVersion: "", itemCount: 0, pages: 0, restarts: 0)

  init(transport: Transport, options: ListOptions, reader: JSONReader) {
    self.transport = transport
    self.options = options
    self.reader = reader
  }

  mutating func read(_ onItems: (ListItems) async throws -> Void) async throws -> ListResult {
    var next: Request? = Request(call: options.call(continuing: nil), isFirst: true)
    while let request = next { next = try await page(request, onItems) }
    return result
  }

  /// Reads a page, as often as its failures allow, and gives the request for the one after it.
  private mutating func page(
    _ request: Request,
    _ onItems: (ListItems) async throws -> Void
  ) async throws -> Request? {
    var answer = request.answer
    var attempt = 1
    while true {
      let failure: CallFailure
      switch await body(answer.take(), request.call) {
      case .success(.whole(let list)): return try await look(at: list, onItems)
      case .success(.long(let beginning, let response)):
        switch try await readLong(response, beginning, request.call.doing, onItems) {
        case .success(let next): return next
        case .failure(let error): failure = error
        }
      case .failure(let error): failure = error
      }
      if failure.error.code == .expired, !request.isFirst {
        throw KubernetesClient.ExpiredToken(error: failure.error)
      }
      guard let delay = transport.delay(after: failure, attempt: attempt, request.call) else {
        throw failure.error
      }
      try await transport.retrying.wait(delay)
      attempt += 1
    }
  }

  private func body(
    _ answer: Result<HTTPResponse, CallFailure>?,
    _ call: APICall
  ) async -> Result<Body, CallFailure> {
    let result: Result<HTTPResponse, CallFailure>
    if let answer { result = answer } else { result = await transport.result(of: call) }
    let response: HTTPResponse
    switch result {
    case .success(let answered): response = answered
    case .failure(let failure): return .failure(failure)
    }
    var body = response.body.makeAsyncIterator()
    var chunks: [[UInt8]] = []
    var count = 0
    do throws(HTTPError) {
      while let chunk = try await body.next() {
        chunks.append(chunk)
        count += chunk.count
        if count > Self.wholePageBytes { return .success(.long(beginning: chunks, response)) }
      }
    } catch {
      let isCut = error.code != .cancelled
      return .failure(CallFailure(error: KubernetesError(error, doing: call.doing), isCut: isCut))
    }
    do throws(JSONError) {
      reader.discard()
      for chunk in chunks { reader.append(chunk) }
      let list = try reader.finish()
      if list["items"]?.isArray == true || list["kind"]?.string?.hasSuffix("List") == true {
        return .success(.whole(list))
      }
      let kind = list["kind"]?.string ?? ""
      return .failure(broken("it is no list but '\(kind)'", call))
    } catch {
      return .failure(broken(error.message, call, cause: error))
    }
  }

  private func broken(_ problem: String, _ call: APICall, cause: JSONError? = nil) -> CallFailure {
    CallFailure(error: .brokenList(problem, doing: call.doing, cause: cause), isCut: true)
  }

  /// Passes the items of a page on, and has the next page asked for meanwhile.
  private mutating func look(
    at list: JSONView,
    _ onItems: (ListItems) async throws -> Void
  ) async throws -> Request? {
    let items = list["items"]
    let metadata = list["metadata"]
    let token = metadata?["continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    result.pages += 1
    result.itemCount += items?.count ?? 0
    result.resourceVersion = metadata?["resourceVersion"]?.string ?? ""
    guard let token else {
      try await onItems(ListItems(storage: .page(items)))
      return nil
    }
    let (transport, call) = (transport, options.call(continuing: token))
    async let answer = transport.result(of: call)
    try await onItems(ListItems(storage: .page(items)))
    return Request(call: call, answer: await answer, isFirst: false)
  }

  /// Reads a page that is too long to be read at once.
  private mutating func readLong(
    _ response: HTTPResponse,
    _ beginning: [[UInt8]],
    _ doing: String,
    _ onItems: (ListItems) async throws -> Void
  ) async throws -> Result<Request?, CallFailure> {
    var pageReader = ListPageReader(doing: doing)
    let page = try await pageReader.read(response, beginning: beginning) { event in
      guard case .items(let chunk) = event else { return }
      try await onItems(ListItems(storage: .chunk(chunk, reader)))
    }
    switch page {
    case .failure(let failure): return .failure(failure)
    case .success((let page, let token)):
      result.add(page)
      return .success(
        token.map { Request(call: options.call(continuing: $0), isFirst: false) }
      )
    }
  }
}
