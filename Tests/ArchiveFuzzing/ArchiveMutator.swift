// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Damages archives: bits, blocks, fields of headers with their checksums made right, and the gzip around them.
struct ArchiveMutator {
  var random: SplitMix64

  /// A damaged tar.
  mutating func mutated(_ tar: [UInt8], _ others: [[UInt8]]) -> [UInt8] {
    var tar = tar
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      switch Int.random(in: 0...9, using: &random) {
      case 0: flip(&tar)
      case 1...3: changeHeader(&tar)
      case 4: moveBlocks(&tar)
      case 5: tar = Array(tar.prefix(Int.random(in: 0...tar.count, using: &random)))
      case 6: tar += some(others)
      case 7: insert(paxHeader(), &tar)
      case 8: replaceText(&tar)
      default: insert(TarMaker.longEntry(path(), Array(path().utf8)), &tar)
      }
      // Copies of copies would grow without end.
      tar = Array(tar.prefix(1 << 20))
    }
    return tar
  }

  /// The bytes as a gzip stream of one of the forms that programs write.
  mutating func compressed(_ tar: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = []
    var rest = tar[...]
    let isSplit = Bool.random(using: &random)
    repeat {
      let count = isSplit ? Int.random(in: 0...max(1, tar.count), using: &random) : rest.count
      var member = Gzip.compress(
        Array(rest.prefix(count)),
        level: [0, 1, 6].randomElement(using: &random) ?? 6
      )
      if Int.random(in: 0...3, using: &random) == 0 {
        // A file's name, as gzip writes it.
        member[3] |= 8
        member.insert(contentsOf: Array("b.tar\u{0}".utf8), at: 10)
      }
      stream += member
      rest = rest.dropFirst(count)
    } while !rest.isEmpty
    return stream
  }

  /// A gzip stream with damage, or as it is.
  mutating func damaged(_ stream: [UInt8]) -> [UInt8] {
    var stream = stream
    switch Int.random(in: 0...11, using: &random) {
    case 0: flip(&stream)
    case 1: stream = Array(stream.prefix(Int.random(in: 0...stream.count, using: &random)))
    case 2: stream += [UInt8](repeating: 0, count: Int.random(in: 1...600, using: &random))
    case 3: stream += [UInt8.random(in: 0...255, using: &random)]
    case 4:
      let start = Int.random(in: 0...stream.count, using: &random)
      let end = Int.random(in: start...min(stream.count, start + 64), using: &random)
      stream.removeSubrange(start..<end)
    default: break
    }
    return stream
  }

  /// Flips some bits.
  mutating func flip(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
    }
  }

  private mutating func some(_ others: [[UInt8]]) -> [UInt8] {
    others.randomElement(using: &random) ?? []
  }

  private mutating func path() -> String {
    let paths = [
      ArchiveCorpus.path("good"), ArchiveCorpus.path("settings"), "./" + ArchiveCorpus.path("a"),
      "metadata/version", "resources", "resources/a//b/../c", "/x", "..", ".", "", "a/./b",
      "resources/configmaps/v1-preferredversion/namespaces/web/settings.json",
      "resources/configmaps/-preferredversion/cluster/x.json", "resources//cluster/x.json",
      "resources/pods/cluster/cluster/x.json", String(repeating: "long/", count: 900),
      "resources/configmaps/namespaces/web/\u{0}.json", "\u{1B}[2J",
      "../\u{301}x", ArchiveCorpus.path("a/\u{301}b"),
    ]
    return paths.randomElement(using: &random) ?? ""
  }

  private mutating func paxHeader() -> [UInt8] {
    let records = [
      ("path", path()), ("size", "\(Int64.random(in: -1...Int64.max, using: &random))"),
      ("size", "\(Int.random(in: 0...2000, using: &random))"), ("mtime", "-1.5"),
      ("GNU.sparse.name", path()), ("hdrcharset", "BINARY"), ("path", ""),
    ]
    let count = Int.random(in: 0...3, using: &random)
    let type: Character = Int.random(in: 0...4, using: &random) == 0 ? "g" : "x"
    return TarMaker.pax(
      (0..<count).compactMap { _ in records.randomElement(using: &random) },
      type: type
    )
  }

  /// Puts bytes before a block.
  private mutating func insert(_ bytes: [UInt8], _ tar: inout [UInt8]) {
    let block = Int.random(in: 0...tar.count / 512, using: &random)
    tar.insert(contentsOf: bytes, at: block * 512)
  }

  private mutating func moveBlocks(_ tar: inout [UInt8]) {
    let blocks = tar.count / 512
    guard blocks > 1 else { return }
    let start = Int.random(in: 0..<blocks, using: &random)
    let end = Int.random(in: start...min(blocks, start + 6), using: &random)
    let moved = Array(tar[start * 512..<end * 512])
    if Bool.random(using: &random) { tar.removeSubrange(start * 512..<end * 512) }
    if Bool.random(using: &random) { insert(moved, &tar) }
  }

  /// Changes a field of what may be a header and makes its checksum right.
  private mutating func changeHeader(_ tar: inout [UInt8]) {
    let headers = stride(from: 0, to: tar.count - 511, by: 512).filter {
      tar[$0 + 257] == UInt8(ascii: "u") || tar[$0 + 156] == 0 && tar[$0] != 0
    }
    guard let start = headers.randomElement(using: &random) else { return }
    let (place, value): (Int, [UInt8]) =
      switch Int.random(in: 0...6, using: &random) {
      case 0: (0, Array(path().utf8.prefix(99)) + [0])
      case 1: (156, [Array("01234567xgLKSVMDNZ\u{0}".utf8).randomElement(using: &random) ?? 0])
      case 2: (124, Array(TarMaker.octal(Int.random(in: 0...3000, using: &random), 11).utf8))
      case 3: (124, TarMaker.base256(Int64.random(in: Int64.min...Int64.max, using: &random)))
      case 4: (257, Array("ustar  \u{0}".utf8))
      case 5: (345, Array(path().utf8.prefix(154)) + [0])
      default:
        (
          Int.random(in: 0..<500, using: &random), [UInt8.random(in: 0...255, using: &random)]
        )
      }
    tar.replaceSubrange(start + place..<start + place + value.count, with: value)
    TarMaker.fixChecksum(&tar, at: start)
  }

  /// Writes over a place that looks like JSON, without changing its length.
  private mutating func replaceText(_ tar: inout [UInt8]) {
    let quotes = tar.indices.filter { tar[$0] == UInt8(ascii: "\"") }
    guard let place = quotes.randomElement(using: &random) else { return }
    let texts = ["\"", "\"}", "\",\"", "\\u0000", "null,", "\"name\":\"x\"", "{{[[", "\u{0}", "ÿ"]
    let text = Array((texts.randomElement(using: &random) ?? "").utf8).prefix(tar.count - place)
    tar.replaceSubrange(place..<place + text.count, with: text)
  }
}
