// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// How many colours a terminal has.
public enum ColorDepth: UInt8, Comparable, CaseIterable, Sendable {
  /// None: bold, underline and reverse must do.
  case mono
  /// The eight of old.
  case ansi8
  /// The eight and their bright twins; the terminal's user has chosen how they look.
  case ansi16
  /// The palette of 256.
  case indexed256
  /// Red, green and blue by themselves.
  case trueColor

  /// Reads `mono`, `8`, `16`, `256` or `24-bit`.
  public init?(parsing text: String) {
    switch text {
    case "mono": self = .mono
    case "8": self = .ansi8
    case "16": self = .ansi16
    case "256": self = .indexed256
    case "24-bit": self = .trueColor
    default: return nil
    }
  }

  /// By the number of colours.
  public static func < (left: ColorDepth, right: ColorDepth) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// A colour of 24 bits.
public struct RGB: Hashable, Sendable {
  /// From 0 to 255.
  public var red, green, blue: UInt8

  /// Makes a colour.
  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// Reads `#rrggbb` or `#rgb`.
  public init?(hex text: String) {
    guard text.hasPrefix("#") else { return nil }
    let digits = text.dropFirst()
    guard let value = UInt32(digits, radix: 16), !digits.hasPrefix("+") else { return nil }
    switch digits.count {
    case 6:
      self.init(value)
    case 3:
      let (red, green, blue) = (value >> 8, value >> 4 & 15, value & 15)
      self.init(red * 0x110000 + green * 0x1100 + blue * 0x11)
    default: return nil
    }
  }

  /// Makes a colour of `0xRRGGBB`.
  init(_ value: UInt32) {
    red = UInt8(truncatingIfNeeded: value >> 16)
    green = UInt8(truncatingIfNeeded: value >> 8)
    blue = UInt8(truncatingIfNeeded: value)
  }

  /// The light it gives, from 0 to 1.
  ///
  /// Source: WCAG 2.1, relative luminance.
  public var luminance: Double {
    func linear(_ part: UInt8) -> Double { Self.linearParts[Int(part)] }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast with another colour, from 1 to 21.
  ///
  /// Source: WCAG 2.1, contrast ratio.
  public func contrast(with other: RGB) -> Double {
    let lighter = max(luminance, other.luminance)
    let darker = min(luminance, other.luminance)
    return (lighter + 0.05) / (darker + 0.05)
  }

  /// For each value of a part, the light it gives.
  private static let linearParts: [Double] = (0...255).map { value in
    let part = Double(value) / 255
    return part <= 0.03928 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
  }

  /// How far another colour is, as the eye weighs it; 0 for the same.
  func distance(to other: RGB) -> Int {
    let mean = (Int(red) + Int(other.red)) / 2
    let (red, green, blue) = (
      Int(red) - Int(other.red), Int(green) - Int(other.green), Int(blue) - Int(other.blue)
    )
    return (512 + mean) * red * red / 256 + 4 * green * green + (767 - mean) * blue * blue / 256
  }
}

/// A colour as a theme names it.
public enum ThemeColor: Hashable, Sendable {
  /// The terminal's own foreground or background.
  case terminal
  /// One of the sixteen, whose look the terminal's user has chosen.
  case ansi(UInt8)
  /// A colour of 24 bits.
  case rgb(RGB)
}

/// A colour as a terminal is told it.
public enum TerminalColor: Hashable, Sendable {
  /// The terminal's own.
  case standard
  /// One of a palette, from 0.
  case indexed(UInt8)
  /// By its parts.
  case rgb(RGB)
}

/// How a cell looks.
public struct Attributes: Hashable, Sendable {
  /// The text's colour.
  public var foreground: TerminalColor
  /// What lies under it.
  public var background: TerminalColor
  /// How the text is set.
  public var face: Face

  /// Makes attributes.
  public init(
    foreground: TerminalColor = .standard,
    background: TerminalColor = .standard,
    face: Face = []
  ) {
    self.foreground = foreground
    self.background = background
    self.face = face
  }
}

/// How text is set, beside its colour.
public struct Face: OptionSet, Hashable, Sendable {
  /// The bits.
  public let rawValue: UInt8
  /// Makes a set of its bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// Bold.
  public static let bold = Face(rawValue: 1)
  /// Underlined.
  public static let underline = Face(rawValue: 2)
  /// Foreground and background exchanged.
  public static let reverse = Face(rawValue: 4)
  /// With less light.
  public static let dim = Face(rawValue: 8)
  /// Italic.
  public static let italic = Face(rawValue: 16)
}
