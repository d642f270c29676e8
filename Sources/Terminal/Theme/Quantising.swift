// SPDX-License-Identifier: Apache-2.0

/// The palettes of terminals, as xterm has them.
enum TerminalPalette {
  /// The sixteen: eight, and their bright twins.
  static let sixteen: [RGB] = [
    0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
    0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
  ].map { RGB($0) }

  /// The names of the sixteen in theme files.
  static let names = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
    "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue",
    "bright-magenta", "bright-cyan", "bright-white",
  ]

  /// The steps of the colour cube that follows the sixteen.
  private static let steps = [0, 95, 135, 175, 215, 255]

  /// A colour of the palette of 256.
  static func color(_ index: Int) -> RGB {
    if index < 16 { return sixteen[max(0, index)] }
    if index >= 232 {
      let grey = UInt32(8 + 10 * (min(index, 255) - 232))
      return RGB(grey << 16 | grey << 8 | grey)
    }
    let cube = index - 16
    let parts = [cube / 36, cube / 6 % 6, cube % 6].map { UInt32(steps[$0]) }
    return RGB(parts[0] << 16 | parts[1] << 8 | parts[2])
  }

  /// The nearest of the 240 fixed colours; the sixteen are the user's own and cannot be relied on.
  static func nearest256(_ color: RGB) -> UInt8 {
    func step(_ part: UInt8) -> Int {
      let value = Int(part)
      return steps.indices.min { abs(steps[$0] - value) < abs(steps[$1] - value) } ?? 0
    }
    let cube = 16 + 36 * step(color.red) + 6 * step(color.green) + step(color.blue)
    let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
    let grey = 232 + min(23, max(0, (mean - 3) / 10))
    let nearest = [cube, grey].min {
      self.color($0).distance(to: color) < self.color($1).distance(to: color)
    }
    return UInt8(nearest ?? cube)
  }

  /// The nearest of the first `count` of the sixteen.
  static func nearest(_ color: RGB, of count: Int) -> UInt8 {
    let nearest = (0..<count).min {
      sixteen[$0].distance(to: color) < sixteen[$1].distance(to: color)
    }
    return UInt8(nearest ?? 7)
  }
}

extension ThemeColor {
  /// The nearest colour the terminal has.
  func nearest(at depth: ColorDepth) -> TerminalColor {
    switch (self, depth) {
    case (.terminal, _), (_, .mono): .standard
    case (.ansi(let index), .ansi8): .indexed(index & 7)
    case (.ansi(let index), _): .indexed(index & 15)
    case (.rgb(let color), .ansi8): .indexed(TerminalPalette.nearest(color, of: 8))
    case (.rgb(let color), .ansi16): .indexed(TerminalPalette.nearest(color, of: 16))
    case (.rgb(let color), .indexed256): .indexed(TerminalPalette.nearest256(color))
    case (.rgb(let color), .trueColor): .rgb(color)
    }
  }

  /// Black or white, whichever can be read on this colour.
  func legible(at depth: ColorDepth) -> TerminalColor {
    guard case .indexed(let index) = nearest(at: depth) else { return .standard }
    return .indexed(TerminalPalette.color(Int(index)).luminance > 0.18 ? 0 : 7)
  }
}
