// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Backups and drains of one cluster by turns, each in a process of its own; their ratio is what counts, since machines are noisy.
struct Comparison {
  let kubeconfig: String
  let name: String
  let rounds: Int

  func run() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    // The first run of each warms the server's caches and is not counted.
    _ = try ChildProcess.run(["drain", kubeconfig])
    var drains: [ChildProcess.Cost] = []
    var backups: [ChildProcess.Cost] = []
    for round in 0..<max(1, rounds) {
      drains.append(try ChildProcess.run(["drain", kubeconfig]))
      backups.append(try ChildProcess.run(["backup", kubeconfig, "\(scratch.path)/\(round)"]))
    }
    let drain = Self.median(drains.map(\.wallSeconds))
    let backup = Self.median(backups.map(\.wallSeconds))
    BenchmarkTool.report([
      "measurement": "backup against drain", "of": name, "objects": Self.objects(backups),
      "rounds": rounds, "drain_s": BenchmarkTool.rounded(drain, 3),
      "backup_s": BenchmarkTool.rounded(backup, 3), "ratio": BenchmarkTool.rounded(backup / drain),
      "drain_cpu_s": BenchmarkTool.rounded(Self.median(drains.map(\.processorSeconds)), 3),
      "backup_cpu_s": BenchmarkTool.rounded(Self.median(backups.map(\.processorSeconds)), 3),
      "backup_peak_mib": BenchmarkTool.rounded(backups.map(\.peakMiB).max() ?? 0, 1),
    ])
  }

  /// The number that the last run printed.
  static func objects(_ costs: [ChildProcess.Cost]) -> Int {
    costs.last.flatMap { Int($0.output.split(separator: " ").first ?? "") } ?? 0
  }

  static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    return sorted.count % 2 == 1
      ? sorted[sorted.count / 2]
      : (sorted[sorted.count / 2 - 1] + sorted[sorted.count / 2]) / 2
  }
}

/// A directory for what the measurements write, in memory where there is such a place.
struct Scratch {
  let path: String

  init() throws {
    let parent = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp"
    var template = Array("\(parent)/binnacle-bench-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw ChildProcess.Failure(description: "cannot make a directory in \(parent)")
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  func remove() { Self.remove(path) }

  private static func remove(_ path: String) {
    if let directory = opendir(path) {
      while let entry = readdir(directory) {
        let name = withUnsafeBytes(of: &entry.pointee.d_name) {
          String(decoding: $0.prefix(while: { $0 != 0 }), as: UTF8.self)
        }
        if name != ".", name != ".." { remove("\(path)/\(name)") }
      }
      closedir(directory)
    }
    Glibc.remove(path)
  }
}
