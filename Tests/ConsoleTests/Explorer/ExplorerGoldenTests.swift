// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Terminal
import TestSupport
import Testing

@testable import Console

/// How the explorer looks in each of its states.
@Suite(.tags(.golden))
struct ExplorerGoldenTests {
  private func driver(_ width: Int, _ height: Int, _ glyphs: Glyphs) -> Driver {
    var driver = Driver(width, height, glyphs: glyphs)
    driver.connect()
    return driver
  }

  private func open(
    _ width: Int,
    _ height: Int,
    _ glyphs: Glyphs,
    change: (inout ClusterFixture) -> Void = { _ in }
  ) -> Driver {
    var driver = driver(width, height, glyphs)
    guard var cluster = try? ClusterFixture.shop() else { return driver }
    change(&cluster)
    driver.take(cluster.snapshot())
    driver.take(ClusterFixture.coverage)
    driver.press("2")
    return driver
  }

  @Test func `before anything is known`() {
    expectGoldenScreens("explorer-loading") { width, height, glyphs in
      var driver = driver(width, height, glyphs)
      driver.press("2")
      return driver
    }
  }

  @Test func `namespaces and all objects`() {
    expectGoldenScreens("explorer-namespaces") { open($0, $1, $2) }
  }

  @Test func `the objects of a namespace with marks and a filter`() {
    expectGoldenScreens("explorer-objects") { width, height, glyphs in
      var driver = open(width, height, glyphs)
      driver.press("down", "down", "down", "down", "tab")
      driver.type("/web")
      driver.press("enter", "space", "space", "down")
      return driver
    }
  }

  @Test func `labels with their values`() {
    expectGoldenScreens("explorer-labels") { width, height, glyphs in
      var driver = open(width, height, glyphs)
      driver.press("w", "down", "right", "down")
      return driver
    }
  }

  @Test func `types that are not known, in part or stale`() {
    expectGoldenScreens("explorer-gaps") { width, height, glyphs in
      var driver = open(width, height, glyphs) { cluster in
        cluster.setState(.gap(reason: "you may not list secrets at the cluster scope"), "secrets")
        cluster.setState(
          .stale(since: Driver.start + GoDuration(seconds: -120), reason: "the watch broke"),
          "pods"
        )
        cluster.setState(.loading, "nodes")
      }
      driver.press("w", "w")
      return driver
    }
  }

  @Test func `a filter that cannot be understood`() {
    expectGoldenScreens("explorer-bad-filter") { width, height, glyphs in
      var driver = open(width, height, glyphs)
      driver.press("tab")
      driver.type("/ns:")
      return driver
    }
  }
}
