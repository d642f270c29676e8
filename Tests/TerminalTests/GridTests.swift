// SPDX-License-Identifier: Apache-2.0

import Terminal
import Testing

struct GridTests {
  @Test func `text lands where it was drawn`() {
    var canvas = Canvas(size: Size(width: 10, height: 2))
    canvas.text("pods", x: 1, y: 1, style: .bad)
    let grid = canvas.finish()
    #expect(grid.text == "\n pods\n")
    #expect(grid.styleDump == "\n.xxxx\n")
  }
}
