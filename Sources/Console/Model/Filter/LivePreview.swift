// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The preview of a filter that is being edited: asked for a moment after the last change, live from then on.
///
/// The last result stays until the next one lands; `isCurrent` says whether it is that of the filter as it stands.
struct LivePreview: Sendable {
  /// A result with the filter that it is of.
  struct Shown: Sendable {
    var filter: Backup
    var preview: Preview
    /// The preview's counts, which take a while to make.
    let summary: SelectionSummary

    init(filter: Backup, preview: Preview) {
      self.filter = filter
      self.preview = preview
      summary = preview.summary
    }
  }

  /// How long after the last change the preview is asked for.
  static let pause = Duration.milliseconds(80)

  /// The last result; nil before the first.
  private(set) var shown: Shown?
  /// Why there is no result of the filter as it stands.
  private(set) var failure: Failure?
  /// The filter as it stands; nil while it makes no sense.
  private(set) var wanted: Backup?
  private var timer: Token?
  private var question: Token?

  /// Whether the result is that of the filter as it stands.
  var isCurrent: Bool { failure == nil && wanted != nil && shown?.filter == wanted }

  /// The filter has changed, or makes no sense now and is nil.
  ///
  /// - Parameters:
  ///   - filter: What is to be previewed.
  ///   - isEdited: Whether more changes may follow, which are waited for.
  ///   - context: Where it is asked.
  mutating func want(_ filter: Backup?, isEdited: Bool, _ context: inout UpdateContext) {
    guard filter != wanted else { return }
    stop(&context)
    wanted = filter
    guard let filter else { return }
    if isEdited {
      timer = context.ask(.timer(Self.pause))
    } else {
      question = context.ask(.preview(filter))
    }
  }

  /// Asks again for what could not be had.
  mutating func retry(_ context: inout UpdateContext) {
    let filter = wanted
    stop(&context)
    wanted = filter
    if let filter { question = context.ask(.preview(filter)) }
  }

  /// Another cluster is looked at: nothing that is known counts any more.
  mutating func reset(_ context: inout UpdateContext) {
    shown = nil
    retry(&context)
  }

  /// Waits for nothing any more.
  mutating func stop(_ context: inout UpdateContext) {
    context.forget(timer)
    context.forget(question)
    (timer, question, failure, wanted) = (nil, nil, nil, nil)
  }

  /// Takes an answer.
  ///
  /// - Returns: Whether it was for this preview.
  mutating func take(_ answer: Answer, _ token: Token, _ context: inout UpdateContext) -> Bool {
    if token == timer {
      timer = nil
      if let wanted { question = context.ask(.preview(wanted)) }
      return true
    }
    guard token == question, let wanted else { return false }
    switch answer {
    case .preview(let preview):
      // Before the cluster has said what it serves, there is nothing to be seen in an inventory.
      guard preview.inventory.typeCount > 0 else { return true }
      failure = nil
      shown = Shown(filter: wanted, preview: preview)
    case .failed(let failure): self.failure = failure
    default: break
    }
    return true
  }
}
