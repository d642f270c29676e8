// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// All that a command may know of the process it runs in.
///
/// The commands read the arguments, the environment, the terminal and the clock from here and nowhere else, so that
/// a test can run them inside its own process and compare what they print.
public struct Invocation: Sendable {
  /// The command line without the program's name.
  public var arguments: [String]
  /// The environment variables.
  public var environment: [String: String]
  /// Where answers to questions come from.
  public var input: Input
  /// Where results go.
  public var output: Output
  /// Where progress, questions and errors go.
  public var errorOutput: Output
  /// What the time is.
  public var clock: WallClock
  /// How long something takes.
  public var stopwatch: Stopwatch
  /// How far the local time is ahead of UTC.
  public var localTime: LocalTime

  /// Puts an invocation together.
  public init(
    arguments: [String],
    environment: [String: String],
    input: Input,
    output: Output,
    errorOutput: Output,
    clock: WallClock = .system,
    stopwatch: Stopwatch = .system,
    localTime: LocalTime = .system
  ) {
    self.arguments = arguments
    self.environment = environment
    self.input = input
    self.output = output
    self.errorOutput = errorOutput
    self.clock = clock
    self.stopwatch = stopwatch
    self.localTime = localTime
  }
}

/// Measures lengths of time; tests pass one that stands still or steps.
public struct Stopwatch: Sendable {
  /// The time since some fixed moment; never runs backwards.
  public let reading: @Sendable () -> Duration

  /// Makes a stopwatch from a function.
  public init(reading: @escaping @Sendable () -> Duration) { self.reading = reading }

  /// The machine's continuous clock.
  public static let system: Stopwatch = {
    let start = ContinuousClock.now
    return Stopwatch { ContinuousClock.now - start }
  }()
}
