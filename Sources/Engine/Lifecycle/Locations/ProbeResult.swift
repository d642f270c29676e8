// SPDX-License-Identifier: Apache-2.0

internal import ObjectStorage
public import Primitives

/// What a probe of a location does, one after the other.
public enum ProbeStepKind: String, Sendable, Hashable, CaseIterable {
  /// Puts a small object of its own.
  case write
  /// Reads it back; in a read-only location, reads the record of a backup.
  case read
  /// Lists what is there.
  case list
  /// Removes its object.
  case delete
}

/// A step of a probe that was taken.
public struct ProbeStep: Sendable, Hashable {
  /// What was done.
  public var kind: ProbeStepKind
  /// How long it took, to its end or to its failure.
  public var duration: Duration

  /// Makes a step.
  public init(_ kind: ProbeStepKind, duration: Duration) {
    self.kind = kind
    self.duration = duration
  }
}

/// Why a step failed.
public struct ProbeFailure: Sendable, Hashable {
  /// The step; nil when the store could not even be opened.
  public var step: ProbeStepKind?
  /// A word for programs: a code of the store's errors, or `timeout`.
  public var code: String
  /// What could not be done, and why.
  public var message: String
  /// What the reader can do about it.
  public var hint: String?

  /// The code of a step that took too long.
  public static let timeout = "timeout"

  /// Makes a failure.
  public init(step: ProbeStepKind?, code: String, message: String, hint: String? = nil) {
    self.step = step
    self.code = code
    self.message = message
    self.hint = hint
  }

  /// A failure of the store or of the engine.
  init(step: ProbeStepKind?, _ error: any Error) {
    switch error {
    case let error as ObjectStoreError:
      self.init(step: step, code: error.code.rawValue, message: error.message, hint: error.hint)
    case let error as EngineError:
      self.init(step: step, code: error.code.rawValue, message: error.message, hint: error.hint)
    default: self.init(step: step, code: "failed", message: "\(error)")
    }
  }
}

/// What one probe of a location came to.
public struct ProbeResult: Sendable, Hashable {
  /// When it began.
  public var started: Timestamp
  /// Whether nothing was written because the location is read-only.
  public var isReadOnly: Bool
  /// The steps that were taken, in order; the last one is the one that failed, if one did.
  public var steps: [ProbeStep]
  /// Why the location cannot be used; nil when it can.
  public var failure: ProbeFailure?
  /// What does not keep the location from being used here.
  public var remarks: [String]

  /// Makes a result.
  public init(
    started: Timestamp,
    isReadOnly: Bool = false,
    steps: [ProbeStep] = [],
    failure: ProbeFailure? = nil,
    remarks: [String] = []
  ) {
    self.started = started
    self.isReadOnly = isReadOnly
    self.steps = steps
    self.failure = failure
    self.remarks = remarks
  }

  /// Whether the location can be used.
  public var isGood: Bool { failure == nil }

  /// How long all steps took together.
  public var duration: Duration { steps.reduce(.zero) { $0 + $1.duration } }
}

extension ProbeResult {
  /// The result for programs, and as the history keeps it.
  public var json: JSONValue {
    var value: JSONValue = [
      "started": .string("\(started)"), "good": .bool(isGood), "readOnly": .bool(isReadOnly),
      "steps": .array(
        steps.map {
          [
            "step": .string($0.kind.rawValue),
            "microseconds": .number(JSONNumber($0.duration.microseconds)),
          ]
        }
      ),
    ]
    if let failure {
      var cause: JSONValue = ["code": .string(failure.code), "message": .string(failure.message)]
      if let step = failure.step { cause["step"] = .string(step.rawValue) }
      if let hint = failure.hint { cause["hint"] = .string(hint) }
      value["failure"] = cause
    }
    if !remarks.isEmpty { value["remarks"] = .array(remarks.map { .string($0) }) }
    return value
  }

  /// Reads what `json` gives; nil for anything else.
  init?(json: JSONValue) {
    guard let started = json["started"]?.string.flatMap({ Timestamp(rfc3339: $0) }),
      let list = json["steps"]?.array
    else { return nil }
    self.init(started: started, isReadOnly: json["readOnly"]?.bool ?? false)
    for step in list {
      guard let kind = step["step"]?.string.flatMap(ProbeStepKind.init(rawValue:)),
        let microseconds = step["microseconds"]?.int64, microseconds >= 0
      else { return nil }
      steps.append(ProbeStep(kind, duration: .microseconds(microseconds)))
    }
    if let cause = json["failure"] {
      guard let code = cause["code"]?.string, let message = cause["message"]?.string else {
        return nil
      }
      failure = ProbeFailure(
        step: cause["step"]?.string.flatMap(ProbeStepKind.init(rawValue:)),
        code: code,
        message: message,
        hint: cause["hint"]?.string
      )
    }
    remarks = json["remarks"]?.array?.compactMap(\.string) ?? []
  }
}

extension Duration {
  /// The length in whole microseconds, cut off.
  var microseconds: Int64 {
    components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
  }
}
