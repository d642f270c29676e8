// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine
@testable import Kubernetes

/// What servers answer, and what it means.
struct FailureCauseTests {
  @Test(
    arguments: ServerAnswer.forbidden + ServerAnswer.webhooks + ServerAnswer.objects
      + ServerAnswer.fields + ServerAnswer.servers
  )
  func `a server's answer has its cause`(row: ServerAnswer) {
    #expect(FailureCause(row.error) == row.cause)
  }

  @Test func `an answer that is none of the API's has the cause of its status`() {
    func cause(_ status: Int, _ text: String) -> FailureCause {
      FailureCause(
        KubernetesError(
          body: Array(text.utf8),
          httpStatus: status,
          mediaType: "text/plain",
          doing: "cannot create widgets 'a'"
        )
      )
    }
    #expect(cause(404, "404 page not found\n") == .typeMissing)
    #expect(cause(502, "<html>Bad Gateway</html>") == .unavailable)
    #expect(cause(429, "slow down") == .tooManyRequests)
  }

  @Test func `of several known phrases the first one counts`() {
    #expect(
      FailureCause.named(in: "admission webhook \"a\" denied the request: exceeded quota: b")
        == .admissionDenied
    )
    #expect(
      FailureCause.named(in: "exceeded quota: b, says webhook that denied the request")
        == .quotaExceeded
    )
    #expect(FailureCause.named(in: "nothing that is known") == nil)
  }

  @Test func `every cause has words, and no two have the same`() {
    let titles = FailureCause.allCases.map(\.title)
    #expect(Set(titles).count == titles.count)
    #expect(titles.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") })
    #expect(FailureCause.allCases.filter { $0.hint == nil } == [.other])
  }
}
