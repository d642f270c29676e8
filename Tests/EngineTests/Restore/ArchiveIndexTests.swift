// SPDX-License-Identifier: Apache-2.0

import ArchiveFuzzing
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

@testable import Engine

struct ArchiveIndexTests {
  /// A tar cut into members at some places.
  static func members(_ tar: [UInt8], at cuts: [Int] = []) -> [UInt8] {
    zip([0] + cuts, cuts + [tar.count]).flatMap { Gzip.compress(Array(tar[$0..<$1])) }
  }

  @Test(arguments: ArchiveCorpus.sound.map(\.name))
  func `an index says what a naive reading says, wherever members end`(name: String) async throws {
    let sample = try #require(ArchiveCorpus.sound.first { $0.name == name })
    let archive = Self.members(sample.tar)
    let naive = try NaiveArchive(archive).entries
    #expect(try await NaiveArchive.indexed(archive, archiveIndex(archive)) == naive)
    for cut in stride(from: 100, to: sample.tar.count, by: 412) {
      let archive = Self.members(sample.tar, at: [cut, min(cut + 700, sample.tar.count)])
      let index = try archiveIndex(archive, chunk: cut)
      #expect(try await NaiveArchive.indexed(archive, index) == naive, "cut at \(cut)")
      let again = try #require(ArchiveIndex(file: index.encoded(), of: index.stamp))
      #expect(try await NaiveArchive.indexed(archive, again) == naive, "cut at \(cut)")
    }
  }

  @Test func `objects have their entries, labels and flags`() throws {
    let job = ArchiveCorpus.object(
      "batch/v1",
      "Job",
      "web",
      "j",
      more: #","status":{"completionTime":"2026-01-02T03:04:05Z"}"#
    )
    let pod = Array(
      #"""
      {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p-x","namespace":"web","generateName":"p-","finalizers":["a"],
      "deletionTimestamp":"2026-01-02T03:04:05Z","annotations":{"kubernetes.io/config.mirror":"x"},
      "ownerReferences":[{"kind":"Node","controller":true}]},"status":{"phase":"Running"}}
      """#.utf8
    )
    let tar =
      TarMaker.entry("resources/jobs.batch/namespaces/web/j.json", job)
      + TarMaker.entry("resources/jobs.batch/v1-preferredversion/namespaces/web/j.json", job)
      + TarMaker.entry("resources/pods/v1/namespaces/web/p-x.json", pod) + TarMaker.end
    let index = try archiveIndex(Gzip.compress(tar))
    #expect(index.items.map(\.name) == ["j", "p-x"])
    #expect(index[0].copies.map(\.version) == [.unversioned, .preferred("v1")])
    #expect(index[0].flags == [.status, .completed])
    #expect(index[0].labels == ["app": "j", "tier": "web"])
    #expect(index[1].copies.map(\.version) == [.other("v1")])
    #expect(
      index[1].flags == [
        .owned, .controlled, .generatedName, .deleting, .finalizers, .status, .mirrorPod,
      ]
    )
    #expect(index.number(resource: "pods", namespace: "web", name: "p-x") == 1)
    #expect(index.number(resource: "pods", namespace: nil, name: "p-x") == nil)
    #expect(index.number(resource: "none", namespace: "web", name: "j") == nil)
  }

  @Test func `files that are no objects are named and passed over`() throws {
    let sample = try #require(ArchiveCorpus.sound.first { $0.name.contains("no objects") })
    let index = try archiveIndex(Gzip.compress(sample.tar))
    #expect(index.strays == ["README", "resources/x"])
    #expect(index.strayCount == 2 && index.itemCount == 1)
  }

  @Test(.tags(.golden)) func `hostile archives are refused with the entry named`() throws {
    var lines: [String] = []
    for sample in ArchiveCorpus.hostile {
      let error = #expect(throws: VeleroError.self, "\(sample.name)") {
        try archiveIndex(Gzip.compress(sample.tar))
      }
      lines.append("\(sample.name): \(error.map { "\($0.code): \($0)" } ?? "read")\n")
    }
    expectGolden(lines.joined(), "hostile-archives.txt")
  }

  @Test func `sizes, counts and ratios have limits`() throws {
    let tar =
      TarMaker.entry(ArchiveCorpus.path("a"), ArchiveCorpus.map("a"))
      + TarMaker.entry("zeros", [UInt8](repeating: 0, count: 1 << 20)) + TarMaker.end
    func refusal(_ change: (inout ArchiveLimits) -> Void) throws -> String {
      var limits = ArchiveLimits()
      change(&limits)
      let error = #expect(throws: VeleroError.self) {
        try archiveIndex(Gzip.compress(tar), limits: limits)
      }
      #expect(error?.code == .tooLarge)
      return error?.message ?? ""
    }
    #expect(try refusal { $0.entryBytes = 1 << 19 }.contains("'zeros'"))
    #expect(try refusal { $0.entries = 1 }.contains("'zeros'"))
    #expect(try refusal { ($0.ratio, $0.freeBytes) = (50, 1000) }.contains("'zeros'"))
    _ = try refusal { $0.totalBytes = 5000 }
    _ = try archiveIndex(Gzip.compress(tar))
  }

  @Test func `every cut of an archive is refused`() throws {
    let archive = Self.members(ArchiveCorpus.sound[0].tar, at: [1536, 3000])
    for count in 0..<archive.count {
      let error = #expect(throws: VeleroError.self, "cut at \(count)") {
        try archiveIndex(Array(archive.prefix(count)))
      }
      #expect(error?.code == .truncated, "cut at \(count)")
    }
  }

  @Test func `every flipped bit is found or means nothing`() async throws {
    let archive = Self.members(ArchiveCorpus.sound[0].tar, at: [3000])
    let naive = try NaiveArchive(archive).entries.map(\.json)
    for place in archive.indices {
      for bit in [0, 3, 7] as [UInt8] {
        var damaged = archive
        damaged[place] ^= 1 << bit
        guard let index = try? archiveIndex(damaged) else { continue }
        #expect(
          try await NaiveArchive.indexed(damaged, index).map(\.json) == naive,
          "bit \(bit) at \(place)"
        )
      }
    }
  }

  @Test func `a damaged, cut or foreign index is not believed`() throws {
    let index = try archiveIndex(Gzip.compress(ArchiveCorpus.sound[0].tar))
    let file = index.encoded()
    #expect(ArchiveIndex(file: file, of: index.stamp)?.encoded() == file)
    let other = ArchiveStamp(sizeBytes: index.stamp.sizeBytes, digest: [])
    #expect(ArchiveIndex(file: file, of: other) == nil)
    for place in file.indices {
      #expect(ArchiveIndex(file: Array(file.prefix(place)), of: index.stamp) == nil)
      var damaged = file
      damaged[place] ^= 0x10
      #expect(ArchiveIndex(file: damaged, of: index.stamp).map { $0.encoded() } ?? file == file)
    }
  }

  @Test(arguments: Seeds.first(300))
  func `archives damaged by chance are read alike by all parts, or refused`(seed: UInt64)
    async throws
  {
    _ = try await ArchiveFuzzer().step(seed)
  }
}
