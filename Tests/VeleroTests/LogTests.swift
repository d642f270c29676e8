// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

struct LogTests {
  private static let moment = Timestamp(seconds: 1_767_323_045, nanoseconds: 5)

  @Test func `a line is logrus'`() {
    let line = LogLine(
      time: Self.moment,
      level: .info,
      message: "Backed up 3 items",
      fields: [
        "name": "app-1", "backup": "velero/b1", "logSource": "backup/run.swift:1", "namespace": "",
        "time": "x y",
      ]
    )
    #expect(
      line.text
        == #"time="2026-01-02T03:04:05Z" level=info msg="Backed up 3 items" backup=velero/b1 "#
        + #"fields.time="x y" logSource="backup/run.swift:1" name=app-1 namespace="#
    )
    #expect(LogLine(time: Self.moment, level: .error, message: "Done").text.hasSuffix(" msg=Done"))
  }

  @Test func `values are quoted as Go quotes them, and read back`() throws {
    for row in try goldenLines("quoted.tsv") {
      let columns = row.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      let hexadecimal = Array(columns[0].utf8)
      let text = String(
        decoding: stride(from: 0, to: hexadecimal.count, by: 2).compactMap {
          UInt8(String(decoding: hexadecimal[$0..<($0 + 2)], as: UTF8.self), radix: 16)
        },
        as: UTF8.self
      )
      let line = LogLine(time: Self.moment, level: .info, message: text, fields: ["error": text])
      let isPlain = text.isEmpty || text == "plain"
      #expect(line.text.contains(" msg=" + (isPlain ? text : String(columns[1])) + " error="))
      let read = try #require(LogLine(parsing: line.text))
      #expect(read.message == text)
      #expect(read.fields == ["error": text])
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `any line round-trips`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let alphabet = Array("ab =\"\\\n\t/:ü日🙂\u{0}\u{7F}\u{200B}")
    func text() -> String {
      String(
        (0..<Int.random(in: 0...20, using: &random)).map { _ in
          alphabet.randomElement(using: &random) ?? "a"
        }
      )
    }
    let line = LogLine(
      time: Self.moment.truncatedToSeconds,
      level: LogLevel.allCases.randomElement(using: &random) ?? .info,
      message: text(),
      fields: ["a": text(), "error": text(), "error.file": text()]
    )
    #expect(!line.text.contains("\n"))
    #expect(LogLine(parsing: line.text) == line)
  }

  @Test func `the JSON form is read`() {
    let line = LogLine(
      parsing: #"{"backup":"velero/b","count":3,"error.message":"boom","level":"warn","#
        + #""msg":"it failed","time":"2026-01-02T03:04:05Z"}"#
    )
    #expect(
      line
        == LogLine(
          time: Self.moment.truncatedToSeconds,
          level: .warning,
          message: "it failed",
          fields: ["backup": "velero/b", "count": "3", "error": "boom"]
        )
    )
  }

  @Test(arguments: [
    "", "text", "time=x level=info msg=a", #"time="2026-01-02T03:04:05Z" msg=a"#, "{", "{}",
    #"time="2026-01-02T03:04:05Z" level=loud msg=a"#, #"time="2026-01-02T03:04:05Z level=info"#,
    #"time="2026-01-02T03:04:05Z" level=info msg="a\q""#, #"time="2026-01-02T03:04:05Z"level=info"#,
  ])
  func `other text is no line`(text: String) {
    #expect(LogLine(parsing: text) == nil)
  }

  @Test func `a log is read in chunks of any size`() throws {
    var bytes: [UInt8] = []
    let lines = (0..<20).map {
      LogLine(time: Self.moment.truncatedToSeconds, level: .info, message: "line \($0)\nof two")
    }
    for line in lines { line.append(to: &bytes) }
    let object = #"{"count":3,"level":"warn","msg":"in JSON"}"#
    bytes += Array("\(object)\n{ no JSON\npanic: no line\n\nlast".utf8)
    let others: [LogEntry] = [
      .object(try #require(try JSONValue(parsing: object).object)), .text("{ no JSON"),
      .text("panic: no line"), .text(""), .text("last"),
    ]
    for size in [1, 3, 50, 10_000] {
      var reader = LogReader()
      var entries: [LogEntry] = []
      for start in stride(from: 0, to: bytes.count, by: size) {
        bytes[start..<min(start + size, bytes.count)].withUnsafeBytes {
          reader.consume($0) { entries.append($0) }
        }
      }
      reader.finish { entries.append($0) }
      #expect(entries == lines.map { .line($0) } + others)
    }
  }
}
