// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Runs this program again as a process of its own, so that its memory and time are its own.
struct ChildProcess {
  /// What a run has cost.
  struct Cost {
    var wallSeconds: Double
    var processorSeconds: Double
    var peakMiB: Double
    var output: String
  }

  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let pid: pid_t
  let outputDescriptor: Int32
  let inputDescriptor: Int32

  /// Starts it with pipes at stdin and stdout.
  init(_ arguments: [String]) throws {
    var output: [Int32] = [0, 0]
    var input: [Int32] = [0, 0]
    guard pipe(&output) == 0, pipe(&input) == 0 else { throw Failure(description: "no pipe") }
    for descriptor in output + input { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input[0], 0)
    posix_spawn_file_actions_adddup2(&actions, output[1], 1)
    let all = ["/proc/self/exe"] + arguments
    var pointers = all.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    var pid: pid_t = 0
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    let code = posix_spawn(&pid, "/proc/self/exe", &actions, nil, &pointers, &environment)
    close(output[1])
    close(input[0])
    guard code == 0 else { throw Failure(description: "cannot start \(arguments)") }
    self.pid = pid
    outputDescriptor = output[0]
    inputDescriptor = input[1]
  }

  /// Runs to the end and tells the cost; the kernel counts the peak of resident memory.
  static func run(_ arguments: [String]) throws -> Cost {
    let clock = ContinuousClock()
    let start = clock.now
    let child = try ChildProcess(arguments)
    close(child.inputDescriptor)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(child.outputDescriptor, &buffer, buffer.count)
      if count <= 0 { break }
      bytes += buffer[..<count]
    }
    close(child.outputDescriptor)
    var usage = rusage()
    let status = child.wait(&usage)
    guard status == 0 else { throw Failure(description: "\(arguments) ended with \(status)") }
    let wall = clock.now - start
    let used = ProcessUsage(usage)
    return Cost(
      wallSeconds: wall / .seconds(1),
      processorSeconds: used.processorSeconds,
      peakMiB: used.peakMiB,
      output: String(decoding: bytes, as: UTF8.self)
    )
  }

  func wait(_ usage: inout rusage) -> Int32 {
    var status: Int32 = 0
    while wait4(pid, &status, 0, &usage) < 0, errno == EINTR {}
    return status
  }
}

/// What the kernel has counted of a process.
struct ProcessUsage {
  let processorSeconds: Double
  /// The peak of resident memory.
  let peakMiB: Double

  init(_ usage: rusage) {
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    processorSeconds = seconds(usage.ru_utime) + seconds(usage.ru_stime)
    peakMiB = Double(usage.ru_maxrss) / 1024
  }

  /// This process up to now.
  static var own: ProcessUsage {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return ProcessUsage(usage)
  }
}

/// An embedded cluster in a process of its own, which may answer so many milliseconds late.
final class ServerProcess {
  let kubeconfig: String
  private let child: ChildProcess

  init(objects: String, latency: String = "0") throws {
    child = try ChildProcess(["serve", objects, latency])
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while read(child.outputDescriptor, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
      line.append(byte)
    }
    guard !line.isEmpty else { throw ChildProcess.Failure(description: "no embedded cluster") }
    kubeconfig = String(decoding: line, as: UTF8.self)
  }

  /// Has the cluster begin to change.
  func beginChanges() {
    var byte = UInt8(ascii: "c")
    _ = write(child.inputDescriptor, &byte, 1)
  }

  func stop() {
    close(child.inputDescriptor)
    var usage = rusage()
    _ = child.wait(&usage)
    close(child.outputDescriptor)
  }
}
