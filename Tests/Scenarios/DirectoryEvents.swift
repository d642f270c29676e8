// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import Synchronization
import TestSupport

/// What happens to the files of a directory and of those below it, as the kernel tells it.
final class DirectoryEvents: Sendable {
  /// A directory cannot be watched.
  struct NoWatch: Error {
    let directory: String
    let code: Int32
  }

  private struct Event {
    let mask: UInt32
    let name: String
  }

  private let descriptor: Int32
  /// The watched directories by their numbers.
  private let places = Mutex<[Int32: String]>([:])

  /// Begins to watch a directory that is there.
  init(_ directory: String) throws {
    descriptor = inotify_init1(Int32(IN_CLOEXEC))
    guard descriptor >= 0, watch(directory) else {
      throw NoWatch(directory: directory, code: errno)
    }
  }

  /// Watches a directory and what has been made in it meanwhile.
  @discardableResult
  private func watch(_ directory: String) -> Bool {
    let mask = UInt32(IN_CREATE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_TO | IN_DELETE)
    let number = inotify_add_watch(descriptor, directory, mask)
    guard number >= 0 else { return false }
    places.withLock { $0[number] = directory }
    for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
      var isDirectory: ObjCBool = false
      let path = "\(directory)/\(name)"
      if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory),
        isDirectory.boolValue
      {
        watch(path)
      }
    }
    return true
  }

  deinit { close(descriptor) }

  /// Waits until so many things have happened, and then calls `act` at once; or until a process has ended.
  func wait(
    for count: Int,
    in process: RunningProcess,
    then act: @escaping @Sendable () -> Void
  ) async {
    await withCheckedContinuation { continuation in
      DispatchQueue(label: "directory events").async { [self] in
        var rest = count
        while rest > 0, !process.hasEnded { rest -= next(atMost: 20).count }
        if rest <= 0 { act() }
        continuation.resume()
      }
    }
  }

  /// The names under which files appeared so far, in order.
  func created() -> [String] {
    var names: [String] = []
    while true {
      let events = next(atMost: 0)
      if events.isEmpty { return names }
      names += events.filter { $0.mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 }.map(\.name)
    }
  }

  private func next(atMost milliseconds: Int32) -> [Event] {
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    guard poll(&wanted, 1, milliseconds) > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: 16 * 1024)
    let count = read(descriptor, &buffer, buffer.count)
    var events: [Event] = []
    var offset = 0
    while offset + 16 <= count {
      let (number, mask, length) = buffer.withUnsafeBytes {
        (
          $0.loadUnaligned(fromByteOffset: offset, as: Int32.self),
          $0.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self),
          Int($0.loadUnaligned(fromByteOffset: offset + 12, as: UInt32.self))
        )
      }
      let bytes = buffer[offset + 16..<offset + 16 + length].prefix { $0 != 0 }
      let name = String(decoding: bytes, as: UTF8.self)
      offset += 16 + length
      if mask & UInt32(IN_ISDIR) == 0 {
        events.append(Event(mask: mask, name: name))
      } else if mask & UInt32(IN_CREATE) != 0, let place = places.withLock({ $0[number] }) {
        watch("\(place)/\(name)")
      }
    }
    return events
  }
}
