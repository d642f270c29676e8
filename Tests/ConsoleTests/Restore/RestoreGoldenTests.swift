// SPDX-License-Identifier: Apache-2.0

import Primitives
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console
@testable import Engine

/// How the screens of restores look, in each of their states.
@Suite(.tags(.golden))
struct RestoreGoldenTests {
  @Test func `a plan`() {
    expectGoldenScreens("plan") { width, height, glyphs in
      var driver = RestoreExample.planned(width, height, glyphs)
      driver.press("j", "j", "j", "j")
      return driver
    }
  }

  @Test func `a plan that is being made`() {
    expectGoldenScreens("plan-loading") { width, height, glyphs in
      var driver = RestoreExample.opened(width, height, glyphs)
      guard let token = driver.planQuestions.last?.token else { return driver }
      var progress = RestoreRunProgress()
      (progress.done, progress.total) = (120, 412)
      driver.send(.answer(.restore(.planning(.planning, progress)), token))
      return driver
    }
  }

  @Test func `a plan that could not be made`() {
    expectGoldenScreens("plan-failed") { width, height, glyphs in
      var driver = RestoreExample.opened(width, height, glyphs)
      driver.answerContents()
      driver.failPlan(
        Failure(
          .forbidden,
          "cannot list namespaces: user 'eve' may not do that",
          hint: "ask for a role that allows it"
        )
      )
      return driver
    }
  }

  @Test func `a plan of what is not asked for any more, and the form`() {
    expectGoldenScreens("plan-stale") { width, height, glyphs in
      var driver = RestoreExample.planned(width, height, glyphs)
      driver.press("e", "tab")
      driver.type("sho")
      return driver
    }
  }

  @Test func `what stands in the way`() {
    expectGoldenScreens("plan-findings") { width, height, glyphs in
      var driver = RestoreExample.planned(width, height, glyphs)
      driver.press("i")
      return driver
    }
  }

  @Test func `the last look before a restore`() {
    expectGoldenScreens("plan-review") { width, height, glyphs in
      var driver = RestoreExample.planned(width, height, glyphs)
      driver.press("r")
      return driver
    }
  }

  @Test func `a restore that runs`() throws {
    expectGoldenScreens("running") { width, height, glyphs in
      (try? RestoreExample.running(width, height, glyphs)) ?? Driver(width, height)
    }
  }

  @Test func `workloads that are followed`() throws {
    expectGoldenScreens("readiness") { width, height, glyphs in
      guard var driver = try? RestoreExample.running(width, height, glyphs) else {
        return Driver(width, height)
      }
      driver.send(.operation(.restore(.readiness(RestoreExample.readiness)), id: driver.restoreID))
      return driver
    }
  }

  @Test(arguments: [("stored", 0), ("stored-failures", 1), ("stored-record", 3)])
  func `a restore of before`(name: String, tabs: Int) {
    expectGoldenScreens(name) { width, height, glyphs in
      guard var driver = try? RestoreExample.stored(width, height, glyphs) else {
        return Driver(width, height)
      }
      for _ in 0..<tabs { driver.press("tab") }
      return driver
    }
  }

  @Test func `the restores, read a while ago`() {
    expectGoldenScreens("restores") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.list(RestoreExample.records)
      driver.open(RestoresScreen())
      driver.advance(seconds: 90)
      driver.send(
        .restores(
          .failure(Failure(.unreachable, "the bucket does not answer")),
          location: "default"
        )
      )
      return driver
    }
  }

  @Test func `no restore yet`() {
    expectGoldenScreens("restores-empty") { width, height, glyphs in
      var driver = Driver(width, height, glyphs: glyphs)
      driver.connect()
      driver.list([])
      driver.open(RestoresScreen())
      return driver
    }
  }
}
