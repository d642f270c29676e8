// SPDX-License-Identifier: Apache-2.0

import Primitives
import TestSupport
import Testing

@testable import Engine

/// What several places of backups come to together.
struct CoveragePlacesTests {
  private static let names = ["a", "b", "c"]

  private static func held(_ backup: String, hours: Int64) -> CoverageRow.Finding {
    .held(
      CoverageCopy(
        CoverageBackup(name: backup, started: .test + GoDuration(seconds: -hours * 3600))
      )
    )
  }

  private static func coverage(_ findings: [CoverageRow.Finding]) -> Coverage {
    Coverage(
      rows: zip(names, findings).map { CoverageRow(object: .namespace($0), finding: $1) },
      moment: .test
    )
  }

  @Test func `the newest copy counts, wherever it is`() {
    let near = Self.coverage([Self.held("near", hours: 5), .never, .unknown])
    let far = Self.coverage([Self.held("far", hours: 2), Self.held("far", hours: 9), .never])
    for joined in [near.joined(with: far), far.joined(with: near)] {
      #expect(joined.rows[0].finding == Self.held("far", hours: 2))
      #expect(joined.rows[1].finding == Self.held("far", hours: 9))
      #expect(joined.rows[2].finding == .unknown)
    }
  }

  @Test func `a place that cannot be read may hold what no other one does`() {
    var coverage = Self.coverage([Self.held("near", hours: 5), .never, .excluded(.label)])
    coverage.lack(["offsite"])
    #expect(
      coverage.rows.map(\.finding) == [Self.held("near", hours: 5), .unknown, .excluded(.label)]
    )
    #expect(coverage.unreadPlaces == ["offsite"])
  }
}
