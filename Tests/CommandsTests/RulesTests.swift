// SPDX-License-Identifier: Apache-2.0

import Engine
import Testing

@testable import Commands

struct RulesTests {
  @Test(arguments: ["a", "nightly-20260102030405", "a.b-c.9", String(repeating: "x", count: 253)])
  func `names of backups are DNS subdomain names`(name: String) throws {
    try ObjectName.check(name)
  }

  @Test(arguments: [
    "", "A", "a_b", "-a", "a-", "a..b", ".a", "a.", "a/b", "é", "a\n",
    String(repeating: "x", count: 254),
  ])
  func `other texts cannot be names of backups`(name: String) {
    #expect(throws: UsageError.self) { try ObjectName.check(name) }
  }

  @Test func `places follow the XDG variables, and home where they are not set or relative`() throws
  {
    let home = try Directories(environment: ["HOME": "/home/u"])
    #expect(home.store == "/home/u/.local/share/binnacle/store")
    #expect(home.state == "/home/u/.local/state/binnacle")
    #expect(home.cache == "/home/u/.cache/binnacle")
    #expect(home.configuration == "/home/u/.config/binnacle/config.yaml")
    let set = try Directories(environment: ["XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s"])
    #expect(set.store == "/d/binnacle/store")
    #expect(set.state == "/s/binnacle")
    #expect(set.cache == nil)
    #expect(set.configuration == nil)
    let relative = try Directories(environment: ["HOME": "/h", "XDG_DATA_HOME": "d"])
    #expect(relative.store == "/h/.local/share/binnacle/store")
    #expect(throws: UsageError.self) { try Directories(environment: ["HOME": ""]) }
  }
}
