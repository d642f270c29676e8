// SPDX-License-Identifier: Apache-2.0

import ArchiveFuzzing
import Engine
import ObjectStorage
import Primitives
import TestSupport
import Testing
import Velero

/// Archives that the system's tar and gzip have made.
struct ForeignArchiveTests {
  private static let names = ["a", "b", String(repeating: "n", count: 180)]

  private static func files(in directory: TemporaryDirectory) throws {
    try directory.write("1.1.0\n", to: "in/metadata/version")
    for name in names {
      for path in [
        ArchiveCorpus.path(name),
        "resources/configmaps/v1-preferredversion/namespaces/web/\(name).json",
      ] { try directory.write(ArchiveCorpus.map(name), to: "in/" + path) }
    }
  }

  private static func run(_ command: String, in directory: TemporaryDirectory) async throws {
    let result = try await Command(["sh", "-ec", command], directory: directory.path).run()
    #expect(result.exitCode == 0, "\(command): \(result.error)")
  }

  @Test(arguments: [
    "tar -C in -cf - . | gzip -9", "tar -C in --format=gnu -cf - . | gzip -1",
    "tar -C in --format=v7 -cf - --exclude='nn*' . | gzip",
    "tar -C in --format=pax -cf - metadata resources | gzip",
    "tar -C in --format=ustar -b 200 --exclude='nn*' -cf - metadata resources | gzip --rsyncable",
    "tar -C in -cf - . > t; head -c 3000 t | gzip; tail -c +3001 t | gzip -n",
    "tar -C in -czf - .; head -c 5000 /dev/zero",
  ])
  func `what tar and gzip have made is read`(command: String) async throws {
    try await withTemporaryDirectory { directory in
      try Self.files(in: directory)
      try await Self.run("{ \(command); } > out.tar.gz", in: directory)
      let archive = try readFile(directory.path("out.tar.gz"))
      let index = try archiveIndex(archive)
      let isShort = command.contains("nn*")
      #expect(Set(index.items.map(\.name)) == Set(isShort ? ["a", "b"] : Self.names))
      #expect(index.copyCount == 2 * index.itemCount && index.formatVersion == "1.1.0")
      #expect(try await NaiveArchive.indexed(archive, index) == NaiveArchive(archive).entries)
    }
  }

  @Test(arguments: [
    "ln -s /etc/passwd in/resources/link; tar -C in -cf - .",
    "ln in/metadata/version in/resources/hard; tar -C in -cf - .",
    "mkfifo in/resources/pipe; tar -C in -cf - .",
    "truncate -s 1M in/resources/holes; tar -C in -S -cf - .",
    "truncate -s 1M in/resources/holes; tar -C in --format=pax -S -cf - .",
    "tar -C in -P -cf - ../in/metadata", "tar -C in -P -cf - $PWD/in/metadata",
    "tar -C in -cf t .; tar -C in -rf t ./metadata/version ./resources; cat t",
    "tar -C in -V label -cf - .",
  ])
  func `what tar can make and backups never hold is refused`(command: String) async throws {
    try await withTemporaryDirectory { directory in
      try Self.files(in: directory)
      try await Self.run("{ \(command); } | gzip > out.tar.gz", in: directory)
      let archive = try readFile(directory.path("out.tar.gz"))
      let error = #expect(throws: VeleroError.self) { try archiveIndex(archive) }
      #expect(
        [.unsupported, .unsafePath, .corrupt].contains(error?.code),
        "\(error?.message ?? "")"
      )
      #expect(error?.message.contains("'") == true, "the entry is named")
    }
  }
}
