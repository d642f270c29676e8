// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct SideFileTests {
  private static func text(_ file: [UInt8]) throws -> String {
    String(decoding: try Gzip.decompress(file, limit: 1 << 30), as: UTF8.self)
  }

  @Test func `lists are null, empty or missing`() throws {
    #expect(try Self.text(SideFile.encodeList(nil as [VolumeInfo]?)) == "null\n")
    #expect(try Self.text(SideFile.encodeList([] as [VolumeInfo])) == "[]\n")
    for file in [nil, SideFile.encode(.null), SideFile.encode([])] {
      #expect(try SideFile.decodeList(of: PodVolumeBackup.self, file, name: "f").isEmpty)
    }
    for file in [SideFile.encode([:]), Gzip.compress(Array("[".utf8)), Array("[]".utf8)] {
      #expect(
        veleroCode { _ = try SideFile.decodeList(of: VolumeInfo.self, file, name: "f") } == .corrupt
      )
    }
  }

  @Test func `results are grouped and written as Go does`() throws {
    var results = OperationResults()
    let moment = Timestamp(seconds: 0)
    results.record(
      LogLine(
        time: moment,
        level: .warning,
        message: "No volume named x found in pod web/app-1, skipping",
        fields: ["namespace": "web", "resource": "pods", "name": "app-1"]
      )
    )
    results.record(
      LogLine(
        time: moment,
        level: .error,
        message: "a<b",
        fields: ["namespace": "", "error": "boom"]
      )
    )
    results.record(LogLine(time: moment, level: .error, message: "c"))
    results.record(LogLine(time: moment, level: .info, message: "not counted"))
    #expect(
      try Self.text(results.encoded())
        == #"{"errors":{"velero":[" message: /c"],"cluster":[" message: /a\u003cb error: /boom"]},"#
        + #""warnings":{"namespaces":{"web":[" resource: /pods name: /app-1 message: /"#
        + #"No volume named x found in pod web/app-1, skipping"]}}}"# + "\n"
    )
    #expect(try OperationResults.decode(results.encoded()) == results)
    #expect(results.errors.count == 2)
    #expect(results.warnings.count == 1)
    #expect(try OperationResults.decode(nil) == OperationResults())
    #expect(try OperationResults.decode(SideFile.encode(["errors": nil])) == OperationResults())
    #expect(try Self.text(OperationResults().encoded()) == #"{"errors":{},"warnings":{}}"# + "\n")
  }

  @Test func `the list of resources is sorted, each name once`() throws {
    var builder = ResourceListBuilder()
    builder.add(kind: "v1/Pod", namespace: "web", name: "b")
    builder.add(kind: "apps/v1/Deployment", namespace: "web", name: "app")
    builder.add(kind: "v1/Pod", namespace: "db", name: "z")
    builder.add(kind: "v1/Pod", namespace: "web", name: "a")
    builder.add(kind: "v1/Pod", namespace: "web", name: "b")
    builder.add(kind: "v1/Namespace", namespace: nil, name: "web")
    builder.add(kind: "v1/Odd", namespace: nil, name: "a<\"ü")
    let file = Self.file(builder)
    #expect(
      try Self.text(file)
        == #"{"apps/v1/Deployment":["web/app"],"v1/Namespace":["web"],"v1/Odd":["a\u003c\"ü"],"#
        + #""v1/Pod":["db/z","web/a","web/b"]}"# + "\n"
    )
    #expect(try ResourceList.decode(file).entries["v1/Pod"] == ["db/z", "web/a", "web/b"])
    #expect(try Self.text(Self.file(ResourceListBuilder())) == "{}\n")
    #expect(try ResourceList.decode(nil).count == 0)
  }

  private static func file(_ builder: ResourceListBuilder) -> [UInt8] {
    var encoder = builder.makeEncoder(GzipCompressor(level: 1))
    var file: [UInt8] = []
    while let piece = encoder.next() { file += piece }
    return file
  }

  @Test(arguments: 0..<2 as Range<UInt64>)
  func `lists of many names round-trip over several members`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    var builder = ResourceListBuilder()
    var expected: [String: Set<String>] = [:]
    for number in 0..<Int.random(in: 40_000...50_000, using: &random) {
      let kind = "example.com/v1/Kind\(Int.random(in: 0..<3, using: &random))"
      let namespace =
        "namespace-\(seed % 2 == 0 ? number / 1000 : Int.random(in: 0..<50, using: &random))"
      let name =
        seed % 2 == 0
        ? "name-\(1_000_000 + number)" : "name-\(UInt16.random(in: 0...UInt16.max, using: &random))"
      builder.add(kind: kind, namespace: namespace, name: name)
      expected[kind, default: []].insert(namespace + "/" + name)
    }
    let list = try ResourceList.decode(Self.file(builder))
    #expect(list.entries == expected.mapValues { $0.sorted() })
  }

  @Test func `volume entries have their flags, whatever order they came in`() throws {
    let skipped = VolumeInfo(
      skipping: "data",
      in: "web",
      volumeName: "pvc-1",
      reason: "any: not supported;"
    )
    let expected =
      #"[{"pvcName":"data","pvcNamespace":"web","pvName":"pvc-1","snapshotDataMoved":false,"#
      + #""preserveLocalSnapshot":false,"skipped":true,"skippedReason":"any: not supported;"}]"#
      + "\n"
    #expect(try Self.text(SideFile.encodeList([skipped])) == expected)
    let read: [VolumeInfo] = try SideFile.decodeList(SideFile.encodeList([skipped]), name: "f")
    #expect(read.first?.isSkipped == true)
    #expect(read.first?.claimName == "data")

    let text =
      #"[{"pvcName":"data","backupMethod":"PodVolumeBackup","skipped":false,"result":"succeeded","#
      + #""pvbInfo":{"size":4096,"Phase":"Completed"},"pvInfo":{"reclaimPolicy":"Delete","labels":null},"#
      + #""startTimestamp":"2026-01-02T03:04:05Z","new":1}]"#
    let infos: [VolumeInfo] = try SideFile.decodeList(Gzip.compress(Array(text.utf8)), name: "f")
    #expect(infos.first?.method == "PodVolumeBackup")
    #expect(infos.first?.sizeBytes == 4096)
    #expect(infos.first?.startTimestamp == Timestamp(seconds: 1_767_323_045))
    #expect(infos.first?.ordered["new"] == 1)
  }

  @Test func `an operation's entry is read`() throws {
    let text =
      #"[{"spec":{"backupName":"b1","backupUID":"u","backupItemAction":"velero.io/csi","#
      + #""resourceIdentifier":{"Group":"g","Resource":"volumesnapshots","Namespace":"web","Name":"n"},"#
      + #""operationID":"web/n","postOperationItems":[{"Group":"","Resource":"pods","Namespace":"","Name":"x"}]},"#
      + #""status":{"phase":"InProgress","nCompleted":3,"nTotal":9}},{"spec":{"postOperationItems":null}}]"#
    let operations: [ItemOperation] = try SideFile.decodeList(
      Gzip.compress(Array(text.utf8)),
      name: "f"
    )
    #expect(operations.count == 2)
    let first = try #require(operations.first)
    #expect(
      first.item
        == ResourceIdentifier(group: "g", resource: "volumesnapshots", namespace: "web", name: "n")
    )
    #expect(first.postOperationItems.map(\.resource) == ["pods"])
    #expect(first.phase == "InProgress")
    #expect(first.completedUnits == 3 && first.totalUnits == 9)
    #expect(operations.last?.postOperationItems == [])
    #expect(first.item.map { ResourceIdentifier(json: $0.json) } == first.item)
    #expect(try Self.text(SideFile.encodeList(operations)) == text + "\n")
  }
}
