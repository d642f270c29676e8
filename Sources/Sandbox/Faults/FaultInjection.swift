// SPDX-License-Identifier: Apache-2.0

/// Carries out a fault's action on one request.
enum FaultInjection {
  static func respond(
    to request: SandboxRequest,
    _ action: FaultAction?,
    _ answer: () -> SandboxResponse
  ) -> SandboxResponse {
    switch action {
    case nil, .latency: return answer()
    case .tooManyRequests(let seconds): return tooManyRequests(seconds).response
    case .status(let code): return failure(code).response
    case .gone: return APIFailure.listTooOld.response
    case .expiredContinue: return expired(request).response
    case .cut(let count): return answer().cut(count)
    case .cutInTheMiddle:
      let response = answer()
      return response.cut((response.byteCount ?? 0) / 2)
    case .truncated(let count): return answer().truncated(count)
    case .truncatedInTheMiddle:
      let response = answer()
      return response.truncated((response.byteCount ?? 0) / 2)
    }
  }

  private static func tooManyRequests(_ seconds: Int?) -> APIFailure {
    APIFailure(
      429,
      "TooManyRequests",
      "the server has received too many requests and has asked us to try again later",
      details: APIFailure.Details(retryAfterSeconds: seconds)
    )
  }

  private static func failure(_ code: Int) -> APIFailure {
    switch code {
    case 429: tooManyRequests(nil)
    case 500: APIFailure(500, "InternalError", "Internal error occurred: fault injected")
    case 503:
      APIFailure(503, "ServiceUnavailable", "the server is currently unable to handle the request")
    case 504:
      APIFailure(504, "Timeout", "Timeout: request did not complete within requested timeout")
    case 401: APIFailure(401, "Unauthorized", "Unauthorized")
    case 403: APIFailure(403, "Forbidden", "forbidden: fault injected")
    default: APIFailure(code, "", "fault injected")
    }
  }

  private static func expired(_ request: SandboxRequest) -> APIFailure {
    let text = QueryParameters(request.rawQuery)["continue"]
    guard var token = try? ContinueToken(text: text) else { return .listTooOld }
    token.revision = -1
    return .continueTooOld(token.text(version: text.isEmpty ? .v1_20 : .v1_36))
  }
}

extension SandboxResponse {
  fileprivate func cut(_ count: Int) -> SandboxResponse {
    var response = self
    response.cutAfterBytes = count
    return response
  }

  fileprivate func truncated(_ count: Int) -> SandboxResponse {
    guard case .segments(let segments) = body else { return self }
    var response = self
    var rest = count
    var kept: [SandboxSegment] = []
    for segment in segments where rest > 0 {
      let part = min(rest, segment.count)
      kept.append(SandboxSegment(segment.bytes, segment.start, segment.start + part))
      rest -= part
    }
    response.body = .segments(kept)
    return response
  }
}
