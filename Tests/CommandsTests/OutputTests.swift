// SPDX-License-Identifier: Apache-2.0

import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Commands

struct OutputTests {
  @Test(arguments: [
    (0, "0s"), (119, "119s"), (120, "2m"), (270, "4m30s"), (600, "10m"), (10_799, "179m"),
    (10_800, "3h"), (25_500, "7h5m"), (28_800, "8h"), (172_799, "47h"), (172_800, "2d"),
    (288_000, "3d8h"), (691_200, "8d"), (63_071_999, "729d"), (63_072_000, "2y"),
    (63_158_400, "2y1d"), (315_360_000, "10y"), (-5, "0s"),
  ])
  func `ages are written as kubectl does`(seconds: Int64, text: String) {
    #expect(HumanText.age(GoDuration(seconds: seconds)) == text)
  }

  @Test func `lengths of time are written as one types them`() {
    let texts = ["24h", "1h30m", "90s", "45m", "0s", "1h0m5s", "500ms"]
    let shown = texts.map { GoDuration($0).map(HumanText.duration) ?? "" }
    #expect(shown == ["24h", "1h30m", "1m30s", "45m", "0s", "1h0m5s", "500ms"])
  }

  @Test func `a table aligns its columns and cuts nothing off`() {
    let long = String(repeating: "n", count: 80)
    let text = TextTable.text(
      [("a", "Completed"), (long, ""), ("b\u{1B}[2J\n", "New")],
      columns: [
        Column("Name") { $0.0 }, Column("Status") { $0.1 }, Column("Selector") { _ in "<none>" },
      ]
    )
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 4)
    #expect(lines[0] == "NAME".padded(to: 83) + "STATUS".padded(to: 12) + "SELECTOR")
    #expect(lines[2] == long + "   " + String(repeating: " ", count: 12) + "<none>")
    #expect(!text.contains("\u{1B}"))
  }

  @Test func `a table without rows is its headings`() {
    let columns = [Column<Int>("Name") { "\($0)" }, Column<Int>("Storage Location") { "\($0)" }]
    #expect(TextTable.text([], columns: columns) == "NAME   STORAGE LOCATION\n")
  }

  @Test func `an error is wrapped with its continuation aligned`() {
    let report = ErrorReport(
      exitCode: .failed,
      code: "denied",
      message:
        "cannot upload 'backups/nightly/data.tar.gz' to bucket 'prod': the server refused the key (403 "
        + "SignatureDoesNotMatch)",
      hint: "check NTP"
    )
    #expect(
      report.text(columns: 86) == """
        error: cannot upload 'backups/nightly/data.tar.gz' to bucket 'prod': the server
               refused the key (403 SignatureDoesNotMatch)
        hint:  check NTP

        """
    )
    #expect(
      report.json.text()
        == #"{"error":{"code":"denied","exitCode":1,"message":"cannot upload "#
        + #"'backups/nightly/data.tar.gz' to bucket 'prod': the server refused the key "#
        + #"(403 SignatureDoesNotMatch)","hint":"check NTP"}}"#
    )
  }

  @Test func `colours come only on a terminal where nobody refused them`() {
    let sink = CapturedOutput()
    func style(_ isTerminal: Bool, _ environment: [String: String], noColor: Bool = false) -> Bool {
      TextStyle(
        output: sink.output(isTerminal: isTerminal),
        environment: environment,
        noColor: noColor
      ).isColored
    }
    #expect(style(true, [:]))
    #expect(style(true, ["NO_COLOR": ""]))
    #expect(!style(true, ["NO_COLOR": "1"]))
    #expect(!style(true, ["TERM": "dumb"]))
    #expect(!style(true, [:], noColor: true))
    #expect(!style(false, [:]))
  }

  @Test(arguments: [
    (0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (999_949, "999.9 kB"), (999_950, "1.0 MB"),
    (4_200_000, "4.2 MB"), (1_234_567_890_123, "1.2 TB"),
  ])
  func `bytes are written in decimal units`(value: Int64, text: String) {
    #expect(HumanText.bytes(value) == text)
  }

  @Test func `counts and lengths of time are readable`() {
    #expect(HumanText.count(0) == "0")
    #expect(HumanText.count(1_234_567) == "1,234,567")
    #expect(HumanText.count(-1000) == "-1,000")
    #expect(HumanText.elapsed(.milliseconds(420)) == "0.4 s")
    #expect(HumanText.elapsed(.seconds(185)) == "3 min 05 s")
    #expect(HumanText.elapsed(.seconds(7650)) == "2 h 07 min")
    #expect(HumanText.short(GoDuration(seconds: 29 * 86_400 + 80_000)) == "29d")
    #expect(HumanText.short(GoDuration(seconds: 5399)) == "1h")
    #expect(HumanText.short(GoDuration(seconds: 0)) == "0s")
    #expect(Timestamp(seconds: 1_767_323_045).goText == "2026-01-02 03:04:05 +0000 UTC")
  }

  @Test func `a list stream is a Kubernetes list in both forms, also when empty`() async throws {
    for format in [OutputFormat.json, .yaml] {
      for count in [0, 1, 3] {
        let captured = CapturedOutput()
        var stream = ListStream(output: captured.output(), format: format)
        let items = (0..<count).map {
          JSONValue.object(JSONObject([.init(key: "n", value: .number(JSONNumber($0)))]))
        }
        for item in items { try await stream.append(item) }
        try await stream.finish()
        let value =
          format == .json
          ? try JSONValue(parsing: captured.text)
          : try YAMLDocument(parsing: captured.text).jsonValue()
        #expect(value == ["apiVersion": "v1", "kind": "List", "items": .array(items)])
      }
    }
  }
}

struct ProgressTests {
  private let progress = Progress(
    phase: "listing pods",
    objects: 1200,
    totalObjects: 3600,
    bytes: 4_200_000
  )

  @Test func `the line holds objects, rate, bytes, elapsed and phase, and fits`() {
    let line = progress.line(elapsed: .seconds(2), columns: 80)
    #expect(line == "1,200/3,600 objects  600/s  4.2 MB  2.0 s  listing pods")
    #expect(progress.line(elapsed: .zero, columns: 20) == "1,200/3,600 objects")
  }

  @Test func `a terminal sees one line that is redrawn and cleared`() async throws {
    let captured = CapturedOutput()
    let time = Mutex(Duration.zero)
    let display = ProgressDisplay(
      output: captured.output(isTerminal: true, columns: 80),
      stopwatch: Stopwatch { time.withLock { $0 } }
    )
    try await display.update(Progress(phase: "a long phase"))
    time.withLock { $0 = .milliseconds(50) }
    try await display.update(Progress(phase: "a long phase", objects: 1))
    time.withLock { $0 = .milliseconds(200) }
    try await display.update(Progress(phase: "b", objects: 2, bytes: 7))
    try await display.finish()
    let first = "0 objects  0/s  0 B  0.0 s  a long phase"
    let second = "2 objects  10/s  7 B  0.2 s  b"
    let padding = String(repeating: " ", count: first.count - second.count)
    let blank = String(repeating: " ", count: second.count)
    #expect(captured.text == "\r\(first)\r\(second)\(padding)\r\(blank)\r")
  }

  @Test func `elsewhere each phase is one line`() async throws {
    let captured = CapturedOutput()
    let display = ProgressDisplay(output: captured.output(), stopwatch: Stopwatch { .zero })
    for phase in ["listing", "listing", "writing"] {
      try await display.update(Progress(phase: phase))
    }
    try await display.interject("warning: odd")
    try await display.update(Progress(phase: "writing"))
    try await display.finish()
    #expect(captured.text == "listing\nwriting\nwarning: odd\n")
  }
}
