// SPDX-License-Identifier: Apache-2.0

/// A horizontal bar over one row: how much of a whole is done.
public struct Gauge: Hashable, Sendable {
  /// From 0 to 1; nil when it is not known.
  public var fraction: Double?
  /// What stands in its middle.
  public var label: String

  /// Makes a gauge.
  public init(_ fraction: Double?, label: String = "") {
    self.fraction = fraction
    self.label = label
  }

  /// Draws the gauge over the canvas' first row.
  ///
  /// Of what is not known the gauge shows neither a full nor an empty part.
  public func draw(in canvas: inout Canvas, surface: Role? = nil) {
    let row = Rect(x: 0, y: 0, width: canvas.size.width, height: 1)
    guard !row.isEmpty else { return }
    guard let fraction, fraction.isFinite else {
      canvas.fill(row, style: Style(.dim, on: surface), glyph: canvas.glyphs.middot)
      drawLabel(in: &canvas, surface: surface)
      return
    }
    canvas.fill(row, style: Style(.gaugeEmpty, on: surface), glyph: canvas.glyphs.barEmpty)
    canvas.bar(fraction, style: Style(.gaugeFill, on: surface))
    drawLabel(in: &canvas, surface: surface)
  }

  private func drawLabel(in canvas: inout Canvas, surface: Role?) {
    guard !label.isEmpty else { return }
    let text = " " + TextWidth.cut(label, to: canvas.size.width - 2) + " "
    let width = canvas.size.width
    canvas.text(
      text,
      x: 0,
      y: 0,
      style: Style(.text, on: surface),
      width: width,
      alignment: .centre
    )
  }
}

/// A horizontal bar over one row: a value beside others.
public struct Bar: Hashable, Sendable {
  /// From 0 to 1, the share of the greatest value.
  public var fraction: Double
  /// How it looks.
  public var role: Role

  /// Makes a bar.
  public init(_ fraction: Double, role: Role = .gaugeFill) {
    self.fraction = fraction
    self.role = role
  }

  /// Draws the bar over the canvas' first row; a value above zero shows at least a part of a cell.
  public func draw(in canvas: inout Canvas, surface: Role? = nil) {
    canvas.bar(fraction, style: Style(role, on: surface))
  }
}

/// Values over time, over one row: the newest at the right.
public struct Sparkline: Hashable, Sendable {
  /// From the oldest to the newest; what is not finite shows as a gap.
  public var values: [Double]
  /// How it looks.
  public var role: Role

  /// Makes a sparkline.
  public init(_ values: [Double], role: Role = .accent) {
    self.values = values
    self.role = role
  }

  /// Draws the newest values that fit over the canvas' first row, from zero to the greatest of them.
  public func draw(in canvas: inout Canvas, surface: Role? = nil) {
    let shown = values.suffix(canvas.size.width)
    let greatest = shown.lazy.filter(\.isFinite).max() ?? 0
    let levels = canvas.glyphs.sparkLevels
    let start = canvas.size.width - shown.count
    for (offset, value) in shown.enumerated() where value.isFinite {
      let share = greatest > 0 ? max(0, value) / greatest : 0
      let level = min(levels.count - 1, Int((share * Double(levels.count - 1)).rounded()))
      canvas.glyph(levels[level], x: start + offset, y: 0, style: Style(role, on: surface))
    }
  }
}

extension Canvas {
  /// The full part of a bar over the first row.
  mutating func bar(_ fraction: Double, style: Style) {
    let parts = glyphs.barParts
    let share = fraction.isFinite ? min(max(0, fraction), 1) : 0
    var steps = Int((share * Double(size.width * parts.count)).rounded())
    // Neither nothing for a little, nor all for not quite all.
    if share > 0 { steps = max(1, steps) }
    if share < 1, size.width * parts.count > 1 { steps = min(steps, size.width * parts.count - 1) }
    for x in 0..<(steps / parts.count) { glyph(parts[parts.count - 1], x: x, y: 0, style: style) }
    let rest = steps % parts.count
    if rest > 0 { glyph(parts[rest - 1], x: steps / parts.count, y: 0, style: style) }
  }
}
