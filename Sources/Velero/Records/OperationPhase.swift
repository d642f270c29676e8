// SPDX-License-Identifier: Apache-2.0

/// How far an operation has come, as the API names it.
public protocol OperationPhase: Sendable, Hashable {
  /// The phases that are known, in the order an operation meets them.
  static var known: [Self] { get }
  /// Created, not looked at yet; the same as no phase at all.
  static var new: Self { get }
  /// A phase of a newer Velero.
  static func other(_ text: String) -> Self
  /// The text of the API.
  var text: String { get }
  /// Whether the run is over, so that the phase changes no more except by deletion.
  var isFinal: Bool { get }
}

extension OperationPhase {
  /// Takes the text of the API; no text is `new`.
  public init(_ text: String) {
    self = Self.known.first { $0.text == text } ?? (text.isEmpty ? .new : .other(text))
  }
}
