// SPDX-License-Identifier: Apache-2.0

import Foundation
import Primitives
import Testing
import Velero

struct TarTests {
  private struct File: Equatable {
    var path: String
    var body: [UInt8]
  }

  private static let moment = Timestamp(seconds: 1_767_323_045)

  /// Reads a tar archive in chunks of the sizes that `nextSize` gives.
  private static func read(
    _ bytes: [UInt8],
    chunk nextSize: () -> Int = { 10_000 }
  ) throws -> (files: [File], entries: [TarEntry]) {
    var files: [File] = []
    var entries: [TarEntry] = []
    var reader = TarReader()
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(nextSize())
      rest = rest.dropFirst(chunk.count)
      try chunk.withUnsafeBytes { chunk in
        try reader.consume(chunk) { event in
          switch event {
          case .entry(let entry):
            entries.append(entry)
            files.append(File(path: entry.path, body: []))
          case .data(let data): files[files.count - 1].body += data
          case .endOfEntry:
            #expect(
              Int64(files[files.count - 1].body.count) == entries[entries.count - 1].sizeBytes
            )
          }
        }
      }
    }
    try reader.finish()
    return (files, entries)
  }

  private static func write(_ files: [File]) -> [UInt8] {
    let writer = TarWriter(modified: moment)
    var bytes: [UInt8] = []
    for file in files { writer.append(path: file.path, body: file.body, to: &bytes) }
    writer.appendEnd(to: &bytes)
    return bytes
  }

  @Test func `every size around the block round-trips`() throws {
    var files: [File] = []
    for size in 0...1100 {
      files.append(
        File(path: "size/\(size)", body: [UInt8](repeating: UInt8(size & 0xFF), count: size))
      )
    }
    let bytes = Self.write(files)
    #expect(bytes.count % 512 == 0)
    let (read, entries) = try Self.read(bytes)
    #expect(read == files)
    #expect(entries.allSatisfy { $0.mode == 0o755 && $0.modifiedSeconds == 1_767_323_045 })
    #expect(entries.allSatisfy { $0.kind == .file })
  }

  @Test func `every length of a path round-trips`() throws {
    for segment in [10, 63, 101] {
      let files = (1...320).map { length in
        var path = ""
        while path.utf8.count < length { path += String(repeating: "s", count: segment) + "/" }
        path = String(path.prefix(length))
        if path.hasSuffix("/") { path = path.dropLast() + "x" }
        return File(path: path, body: Array(path.utf8))
      }
      #expect(try Self.read(Self.write(files)).files == files)
    }
  }

  @Test func `what fits ustar has no PAX header`() {
    let path = String(repeating: "p", count: 155) + "/" + String(repeating: "n", count: 100)
    #expect(Self.write([File(path: path, body: [])]).count == 3 * 512)
    #expect(Self.write([File(path: path + "n", body: [])]).count == 5 * 512)
    #expect(Self.write([File(path: "ü", body: [])]).count == 5 * 512)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `any tree round-trips in chunks of any size`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var files: [File] = []
    let alphabet = Array("abcdefgh.-:_ ü日🙂")
    for number in 0..<Int.random(in: 0...20, using: &random) {
      var segments: [String] = []
      for _ in 0...Int.random(in: 0...6, using: &random) {
        let length = Int.random(in: 1...90, using: &random)
        let isPlain = Bool.random(using: &random)
        segments.append(
          String(
            (0..<length).map { _ in
              isPlain ? "x" : alphabet.randomElement(using: &random) ?? "x"
            }
          )
        )
      }
      segments.append("n\(number)")
      let path = segments.filter { $0 != "." && $0 != ".." }.joined(separator: "/")
      let size = Int.random(in: 0...3000, using: &random)
      files.append(
        File(path: path, body: (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) })
      )
    }
    let bytes = Self.write(files)
    let limit = [1, 7, 512, 100_000].randomElement(using: &random) ?? 1
    #expect(
      try Self.read(bytes, chunk: { Int.random(in: 1...limit, using: &random) }).files == files
    )
  }

  @Test func `8 GiB and more, and times outside of 1970 to 2242, are kept in PAX records`() throws {
    for (size, seconds) in [
      (8_589_934_591, 0), (8_589_934_592, 8_589_934_592), (1 << 50, -1), (0, -62_135_596_800),
    ] as [(Int64, Int64)] {
      let writer = TarWriter(modified: Timestamp(seconds: seconds))
      var bytes: [UInt8] = []
      writer.appendHeader(path: "large", sizeBytes: size, to: &bytes)
      var entry: TarEntry?
      var reader = TarReader()
      try bytes.withUnsafeBytes {
        try reader.consume($0) { if case .entry(let found) = $0 { entry = found } }
      }
      let offset = Int64(bytes.count)
      #expect(
        entry
          == TarEntry(
            path: "large",
            sizeBytes: size,
            modifiedSeconds: seconds,
            bodyOffset: offset
          )
      )
    }
  }

  @Test func `every cut of an archive is truncated`() {
    let bytes = Self.write([File(path: "a", body: [1, 2, 3]), File(path: "ü", body: [])])
    for length in 0..<bytes.count {
      #expect(
        veleroCode { _ = try Self.read(Array(bytes[..<length])) } == .truncated,
        "at \(length)"
      )
    }
  }

  @Test func `every damaged byte of a header is found`() {
    let bytes = Self.write([File(path: "some/path", body: [1])])
    // The space behind the checksum's NUL is the one byte that nobody reads.
    for index in 0..<512 where index != 155 {
      var damaged = bytes
      damaged[index] ^= 0x55
      #expect(veleroCode { _ = try Self.read(damaged) } == .corrupt, "byte \(index)")
    }
  }

  @Test func `bytes behind the end and a lone block of zeros are corrupt`() {
    let bytes = Self.write([File(path: "a", body: [])])
    #expect(veleroCode { _ = try Self.read(bytes + [UInt8](repeating: 0, count: 9999)) } == nil)
    #expect(veleroCode { _ = try Self.read(bytes + [1]) } == .corrupt)
    let zeros = [UInt8](repeating: 0, count: 512)
    #expect(veleroCode { _ = try Self.read(Array(bytes[..<512]) + zeros + bytes) } == .corrupt)
  }

  // A combining mark makes one character of itself and the '/' before it.
  @Test(arguments: ["/etc/passwd", "../a", "a/../../b", "a/..", "..", "../\u{301}a", "/\u{301}a"])
  func `a path that leads out of the archive is refused`(path: String) {
    let bytes = Self.write([File(path: path, body: [])])
    #expect(veleroCode { _ = try Self.read(bytes) } == .unsafePath)
  }

  @Test func `a leading dot and doubled slashes are taken away`() throws {
    let files = try Self.read(Self.write([File(path: "./a//b/./c", body: [])])).files
    #expect(files.map(\.path) == ["a/b/c"])
  }

  @Test func `the end of a path makes a directory, not that of the header's name`() throws {
    for (name, record, kind) in [
      ("a", "11 path=b/\n", TarEntryKind.directory), ("a/", "9 path=b\n", .file),
    ] {
      var bytes: [UInt8] = []
      let writer = TarWriter(modified: Self.moment)
      writer.append(path: "x", body: Array(record.utf8), to: &bytes)
      bytes[156] = UInt8(ascii: "x")
      Self.fixChecksum(&bytes)
      writer.append(path: name, body: [], to: &bytes)
      writer.appendEnd(to: &bytes)
      #expect(try Self.read(bytes).entries.map(\.kind) == [kind])
    }
  }

  @Test(arguments: [
    "x", "5 path=a\n", "99 path=a\n", "11 path=abc", "8 path\nx\n", "0 path=a\n", "-9 path=a\n",
    "12 size=abc\n", "9 size=-\n", "10 path=\u{0}\u{0}",
  ])
  func `damaged PAX records are corrupt`(records: String) {
    var bytes: [UInt8] = []
    let writer = TarWriter(modified: Self.moment)
    writer.append(path: "PaxHeaders.0/a", body: Array(records.utf8), to: &bytes)
    bytes[156] = UInt8(ascii: "x")
    Self.fixChecksum(&bytes)
    writer.append(path: "a", body: [], to: &bytes)
    writer.appendEnd(to: &bytes)
    #expect(veleroCode { _ = try Self.read(bytes) } == .corrupt)
  }

  @Test func `a PAX header beyond its limit is refused before it is read`() {
    var bytes: [UInt8] = []
    TarWriter(modified: Self.moment).appendHeader(path: "a", sizeBytes: 2 << 20, to: &bytes)
    bytes[156] = UInt8(ascii: "x")
    Self.fixChecksum(&bytes)
    #expect(veleroCode { _ = try Self.read(bytes) } == .tooLarge)
  }

  @Test func `a size in base 256 is read, and links have no body`() throws {
    var bytes: [UInt8] = []
    let writer = TarWriter(modified: Self.moment)
    writer.append(path: "a", body: [7, 8, 9], to: &bytes)
    bytes.replaceSubrange(124..<136, with: [0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3])
    Self.fixChecksum(&bytes)
    var link: [UInt8] = []
    writer.appendHeader(path: "link", sizeBytes: 700, to: &link)
    link[156] = UInt8(ascii: "2")
    Self.fixChecksum(&link)
    bytes += link
    writer.append(path: "b", body: [1], to: &bytes)
    writer.appendEnd(to: &bytes)
    let (files, entries) = try Self.read(bytes)
    #expect(files.map(\.body) == [[7, 8, 9], [], [1]])
    #expect(entries[1].kind == .other(UInt8(ascii: "2")))
  }

  private static func fixChecksum(_ bytes: inout [UInt8]) {
    let sum = bytes[..<512].enumerated().reduce(0) {
      $0 + ((148..<156).contains($1.offset) ? 32 : Int($1.element))
    }
    let digits = String(sum, radix: 8)
    let text = String(repeating: "0", count: 6 - digits.count) + digits + "\u{0} "
    bytes.replaceSubrange(148..<156, with: text.utf8)
  }

  @Test func `GNU tar unpacks what is written`() throws {
    var files = [File(path: "metadata/version", body: Array("1.1.0\n".utf8))]
    for length in [1, 99, 100, 101, 150, 250] {
      files.append(
        File(path: "d/\(length)/" + String(repeating: "n", count: length), body: [UInt8(length)])
      )
    }
    files.append(File(path: String(repeating: "dir/", count: 70) + "ü 日本", body: []))
    files.append(File(path: "large", body: [UInt8](repeating: 9, count: 100_000)))
    try withTemporaryDirectory { directory in
      try Data(Self.write(files)).write(to: URL(fileURLWithPath: directory + "/archive.tar"))
      try run("tar", "-xf", "archive.tar", in: directory)
      for file in files {
        let body = try Data(contentsOf: URL(fileURLWithPath: directory + "/" + file.path))
        #expect(Array(body) == file.body, "\(file.path)")
      }
    }
  }
}
