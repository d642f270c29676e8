// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing
import Velero

/// A file of the folder `Golden`.
func golden(_ name: String) throws -> [UInt8] {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  return Array(try Data(contentsOf: folder.appendingPathComponent("Golden/" + name)))
}

/// The lines of a text file of the folder `Golden`.
func goldenLines(_ name: String) throws -> [String] {
  String(decoding: try golden(name), as: UTF8.self).split(separator: "\n").map { String($0) }
}

/// Runs a program and returns what it printed; a failure of it is one of the test.
@discardableResult
func run(_ arguments: String..., in directory: String) throws -> String {
  let process = Process()
  process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  process.arguments = ["LC_ALL=C.UTF-8"] + arguments
  process.currentDirectoryURL = URL(fileURLWithPath: directory)
  let output = Pipe()
  process.standardOutput = output
  try process.run()
  let text = try output.fileHandleForReading.readToEnd() ?? Data()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0, "\(arguments)")
  return String(decoding: text, as: UTF8.self)
}

/// Calls `body` with a directory that is removed afterwards.
func withTemporaryDirectory(_ body: (String) throws -> Void) throws {
  let path = FileManager.default.temporaryDirectory.path + "/binnacle-test-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  defer { try? FileManager.default.removeItem(atPath: path) }
  try body(path)
}

/// The code of the `VeleroError` that `body` throws; nil when it throws none.
func veleroCode(_ body: () throws -> Void) -> VeleroError.Code? {
  do {
    try body()
    return nil
  } catch {
    return (error as? VeleroError)?.code
  }
}
