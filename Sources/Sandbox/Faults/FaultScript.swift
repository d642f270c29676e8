// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// Why a fault script cannot be used.
public struct FaultScriptError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The script's name, such as the path of its file.
  public let file: String
  /// Where in the script.
  public let mark: YAMLMark
  /// What is wrong there.
  public let message: String
  /// What to write instead.
  public let hint: String

  /// `faults.yaml:3:5: unknown key 'pth'; write one of …`, on one line.
  public var description: String { "\(file):\(mark.line):\(mark.column): \(message); \(hint)" }
}

/// A text that tells the sandbox what to do wrong: YAML, one rule a list entry under `faults`.
///
/// ```yaml
/// faults:
/// - path: /api/v1/pods         # GET of the second page of pods ends in the middle, once
///   query: continue=
///   nth: 1
///   cut: middle
/// - status: 429                # every fifth request is turned away
///   retryAfter: 2
///   everyNth: 5
/// ```
///
/// Unknown keys, keys that stand twice and values out of their range are errors, so that a fault that never
/// happens is not taken for a server that works. The whole format is in `docs/sandbox.md`.
public enum FaultScript {
  /// The most rules of a script.
  public static let ruleLimit = 1000
  /// The longest latency of one rule: 10 minutes.
  public static let latencyLimit = Duration.seconds(600)
  /// The most bytes before a cut: 1 GiB.
  public static let bytesLimit = 1 << 30
  /// The highest number that `nth`, `first`, `everyNth` and `retryAfter` take.
  public static let countLimit = 1_000_000

  /// Reads a script.
  ///
  /// - Parameters:
  ///   - text: The script, YAML.
  ///   - file: What errors call it.
  /// - Returns: The faults in the order of the script.
  /// - Throws: `FaultScriptError` for the first thing that is wrong, with its place.
  public static func parse(_ text: String, file: String = "faults") throws(FaultScriptError)
    -> [Fault]
  {
    try FaultScriptReader(file: file).faults(text)
  }
}

/// Reads the nodes of one script.
struct FaultScriptReader {
  let file: String

  func faults(_ text: String) throws(FaultScriptError) -> [Fault] {
    let root: YAMLNode
    do {
      root = try YAMLDocument(parsing: text).root
    } catch {
      throw fail(error.mark, error.message, "correct the YAML there")
    }
    let hint = "write 'faults:' and under it a list of rules"
    guard let pairs = root.pairs else {
      throw fail(root.mark, "a fault script is a mapping", hint)
    }
    for pair in pairs where pair.key.scalarText != "faults" {
      throw fail(pair.key.mark, "unknown key '\(pair.key.scalarText ?? "")'", hint)
    }
    guard let list = root["faults"], let rules = list.elements else {
      throw fail(root["faults"]?.mark ?? root.mark, "there is no list of faults", hint)
    }
    guard rules.count <= FaultScript.ruleLimit else {
      throw fail(
        list.mark,
        "there are \(rules.count) rules",
        "write at most \(FaultScript.ruleLimit)"
      )
    }
    var faults: [Fault] = []
    for rule in rules { faults.append(try FaultRule(rule, reader: self).fault()) }
    return faults
  }

  func fail(_ mark: YAMLMark, _ message: String, _ hint: String) -> FaultScriptError {
    FaultScriptError(file: file, mark: mark, message: message, hint: hint)
  }
}
