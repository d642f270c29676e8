// SPDX-License-Identifier: Apache-2.0

/// Sends HTTP requests over kept connections, with streamed bodies both ways.
///
/// Requests to `https` servers share HTTP/2 connections where the server has them; the others, and those that ask for
/// it, take HTTP/1.1 connections of their own. Both kinds are driven by one thread each, started by the first request
/// and ended when the client and the last body are released. No call blocks a thread of the caller.
public final class HTTPClient: Sendable {
  /// What all requests have in common.
  public let options: HTTPClientOptions
  private let lease: EngineLease

  /// Makes a client; no connection is made before the first request.
  public init(options: HTTPClientOptions = HTTPClientOptions()) {
    self.options = options
    lease = EngineLease(options: options)
  }

  /// Sends a request and returns when the head of its response is in.
  ///
  /// A streamed upload is written meanwhile, as a child of the calling task, and is cancelled once the head is in.
  /// Cancelling the calling task cancels the request. A request that finds its kept connection closed by the server
  /// before any answer is sent again by curl on a new one, whatever its method.
  ///
  /// - Throws: An error of any code but `.tooLarge`, which belongs to the body (unless the head is too large).
  public func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
    let plan = try TransferPlan(request, options: options)
    let transfer = Transfer(plan: plan, engine: lease.engine(for: plan))
    let head: Result<ResponseHead, HTTPError>
    if let upload = request.upload {
      head = await Self.exchange(transfer, upload: upload)
    } else {
      head = await transfer.exchange()
    }
    let response = try head.get()
    return HTTPResponse(
      status: response.status,
      headers: response.headers,
      version: response.version,
      body: HTTPBody(transfer: transfer, lease: lease)
    )
  }

  /// Cancels every request and returns when the threads have ended; later requests fail with `.cancelled`.
  public func shutdown() async { await lease.shutdown() }

  /// Runs the writer of the upload beside the transfer until the head is in.
  ///
  /// An answer that tells of a failure ends the writing; any other is given out once the body is whole.
  private static func exchange(
    _ transfer: Transfer,
    upload: HTTPUpload
  ) async -> Result<ResponseHead, HTTPError> {
    await withTaskGroup(of: HTTPError?.self) { group in
      group.addTask {
        do {
          try await upload.write(HTTPUploadWriter(transfer: transfer))
          transfer.endUpload()
          return nil
        } catch {
          return transfer.failUpload(error)
        }
      }
      let head = await transfer.exchange()
      guard case .success(let response) = head, response.status < 400 else {
        group.cancelAll()
        return head
      }
      guard let failure = await group.next() ?? nil else { return head }
      transfer.cancel()
      return .failure(failure)
    }
  }
}
