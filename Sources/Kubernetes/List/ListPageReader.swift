// SPDX-License-Identifier: Apache-2.0

internal import HTTP
internal import Primitives

/// Reads one page of a list from its answer, passing items on as they come.
struct ListPageReader {
  let doing: String
  private var splitter = JSONListSplitter()
  private var itemCount = 0

  init(doing: String) { self.doing = doing }

  /// Reads to the end of the page.
  ///
  /// - Parameters:
  ///   - response: The answer.
  ///   - beginning: What was read of its body already.
  ///   - onEvent: Takes the items.
  /// - Returns: The page with the token of the next one; or why the page did not come whole.
  /// - Throws: Only what `onEvent` throws.
  mutating func read(
    _ response: HTTPResponse,
    beginning: [[UInt8]] = [],
    _ onEvent: (ListEvent) async throws -> Void
  ) async throws -> Result<(page: ListPage, next: String?), CallFailure> {
    var body = response.body.makeAsyncIterator()
    var beginning = beginning[...]
    while true {
      let chunk: JSONListChunk
      switch await nextItems(&body, beginning.popFirst()) {
      case .failure(let failure): return .failure(failure)
      case .success(nil): return finish()
      case .success(let items?): chunk = items
      }
      itemCount += chunk.count
      if chunk.count > 0 { try await onEvent(.items(chunk)) }
    }
  }

  private mutating func nextItems(
    _ body: inout HTTPBody.Iterator,
    _ beginning: [UInt8]?
  ) async -> Result<JSONListChunk?, CallFailure> {
    let bytes: [UInt8]?
    do throws(HTTPError) {
      if let beginning { bytes = beginning } else { bytes = try await body.next() }
    } catch {
      let isCancelled = error.code == .cancelled
      return .failure(
        CallFailure(error: KubernetesError(error, doing: doing), isCut: !isCancelled)
      )
    }
    guard let bytes else { return .success(nil) }
    do throws(JSONError) {
      return .success(try splitter.consume(bytes))
    } catch {
      return .failure(malformed(error.message, cause: error))
    }
  }

  private mutating func finish() -> Result<(page: ListPage, next: String?), CallFailure> {
    let list: JSONValue
    do throws(JSONError) {
      list = try splitter.finish()
    } catch {
      return .failure(malformed(error.message, cause: error))
    }
    let kind = list["kind"]?.string ?? ""
    guard splitter.sawItems || kind.hasSuffix("List") else {
      return .failure(malformed("it is no list but '\(kind)'", cause: nil))
    }
    let token = list[path: "metadata", "continue"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    return .success((ListPage(list, itemCount: itemCount, isLast: token == nil), token))
  }

  private func malformed(_ problem: String, cause: JSONError?) -> CallFailure {
    CallFailure(error: .brokenList(problem, doing: doing, cause: cause), isCut: true)
  }
}

extension ListPage {
  /// Reads what stands around the items of a list.
  init(_ list: JSONValue, itemCount: Int, isLast: Bool) {
    let metadata = list["metadata"]
    self.init(
      resourceVersion: metadata?["resourceVersion"]?.string ?? "",
      remainingItemCount: metadata?["remainingItemCount"]?.int64.map { Int($0) },
      apiVersion: list["apiVersion"]?.string ?? "",
      kind: list["kind"]?.string ?? "",
      itemCount: itemCount,
      isLast: isLast
    )
  }
}

extension KubernetesError {
  /// The answer to a list is no list.
  static func brokenList(_ problem: String, doing: String, cause: JSONError?) -> KubernetesError {
    KubernetesError(
      code: .malformedResponse,
      message: "\(doing): the answer is broken: \(problem)",
      hint: "a proxy may cut or change answers; try again",
      cause: cause
    )
  }
}
