// SPDX-License-Identifier: Apache-2.0

import ArchiveFuzzing
import Glibc
import TestSupport

/// Damages and reads archives for some seconds: `fuzz-archives SECONDS [FIRST_SEED [FILE…]]`.
///
/// Ends with 1 at the first finding, and when more memory was used than an archive may cost; a step that never ends is
/// ended by a signal. The seed of the present step is in the file `fuzz-archives.seed` of the working directory's
/// `.build`, so that a crash can be looked at: `fuzz-archives 1 SEED`.
private enum FuzzTool {
  static let peakLimitMiB = 512
  static let stepLimitSeconds: UInt32 = 60
  static let notePath = ".build/fuzz-archives.seed"

  static func run(_ arguments: [String]) async throws -> Int32 {
    guard let seconds = arguments.first.flatMap(Int.init) else {
      print("usage: fuzz-archives SECONDS [FIRST_SEED [FILE…]]")
      return 2
    }
    let first = arguments.dropFirst().first.flatMap(UInt64.init) ?? UInt64.random(in: 0...1 << 40)
    let fuzzer = ArchiveFuzzer(archives: try arguments.dropFirst(2).map { try readFile($0) })
    let end = ContinuousClock.now + .seconds(seconds)
    var counts: [ArchiveFuzzer.Outcome: Int] = [:]
    let note = open(notePath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
    var seed = first
    repeat {
      alarm(stepLimitSeconds)
      let text = Array("\(seed)\n".utf8)
      _ = pwrite(note, text, text.count, 0)
      counts[try await fuzzer.step(seed), default: 0] += 1
      seed += 1
    } while ContinuousClock.now < end
    alarm(0)
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    let peakMiB = usage.ru_maxrss / 1024
    print(
      "fuzz-archives: seeds \(first)..<\(seed): \(counts[.accepted] ?? 0) read, "
        + "\(counts[.refused] ?? 0) refused, at most \(peakMiB) MiB"
    )
    return peakMiB <= peakLimitMiB ? 0 : 1
  }
}

do {
  let code = try await FuzzTool.run(Array(CommandLine.arguments.dropFirst()))
  fflush(nil)
  _exit(code)
} catch {
  print("fuzz-archives: \(error)")
  fflush(nil)
  _exit(1)
}
