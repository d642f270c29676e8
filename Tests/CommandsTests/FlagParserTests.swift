// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Commands

struct FlagParserTests {
  private static let name = Flag.text(
    "name",
    short: "n",
    aliases: ["called"],
    placeholder: "NAME",
    ""
  )
  private static let items = Flag.list("items", "")
  private static let groups = Flag.repeated("group", placeholder: "GROUP", "")
  private static let force = Flag.truth("force", short: "f", "")
  private static let quiet = Flag.truth("quiet", short: "q", "")
  private static let labels = Flag.map("labels", "")
  private static let ttl = Flag.duration("ttl", "")
  private static let count = Flag.integer("count", in: 0...65_535, "")
  private static let format = Flag.choice("output", short: "o", ["json", "yaml"], "")
  private static let parser = FlagParser(
    flags: [
      name.spec, items.spec, groups.spec, force.spec, quiet.spec, labels.spec, ttl.spec, count.spec,
      format.spec,
    ],
    command: "thing make"
  )

  private func parse(_ arguments: String...) throws -> ParsedArguments {
    try Self.parser.parse(arguments)
  }

  private func error(_ arguments: String...) -> UsageError? {
    do throws(UsageError) {
      _ = try Self.parser.parse(arguments)
      return nil
    } catch {
      return error
    }
  }

  @Test(arguments: [
    ["--name", "a"], ["--name=a"], ["-n", "a"], ["-na"], ["-n=a"], ["--called", "a"],
    ["--called=a"], ["-fn", "a"], ["-fqna"], ["--name=b", "--name", "a"],
  ])
  func `a value is written in many ways`(arguments: [String]) throws {
    #expect(try Self.parser.parse(arguments)[Self.name] == "a")
  }

  @Test func `words and flags mix, and nothing is a flag after two hyphens`() throws {
    let parsed = try parse("a", "--force", "b", "-", "--", "--name", "-x")
    #expect(parsed.words == ["a", "b", "-", "--name", "-x"])
    #expect(parsed[Self.force] == true)
    #expect(parsed[Self.name] == nil)
  }

  @Test func `a value may start with a hyphen and may be empty`() throws {
    #expect(try parse("--name", "-x")[Self.name] == "-x")
    #expect(try parse("--name=")[Self.name] == "")
    #expect(try parse("--name=a=b")[Self.name] == "a=b")
  }

  @Test func `a truth value has three states and never takes the next word`() throws {
    #expect(try parse()[Self.force] == nil)
    #expect(try parse("--force=false")[Self.force] == false)
    #expect(try parse("--force=F")[Self.force] == false)
    #expect(try parse("-f=0")[Self.force] == false)
    let parsed = try parse("--force", "false")
    #expect(parsed[Self.force] == true)
    #expect(parsed.words == ["false"])
  }

  @Test func `repeating a list replaces it, repeating a group adds`() throws {
    #expect(try parse("--items", "a,b", "--items", "c")[Self.items] == ["c"])
    #expect(try parse("--items", " a, b ,,c,")[Self.items] == ["a", "b", "c"])
    #expect(try parse("--items=")[Self.items] == [])
    #expect(try parse("--group", "a,b", "--group", "c")[Self.groups] == ["a,b", "c"])
  }

  @Test func `a map merges, the last value of a key stays, quotes protect commas`() throws {
    let parsed = try parse("--labels", "a=1,b=2", "--labels", #""c=x,y",a=3"#, "--labels=d=e=f")
    #expect(
      parsed[Self.labels] == [
        MapEntry(key: "b", value: "2"), MapEntry(key: "c", value: "x,y"),
        MapEntry(key: "a", value: "3"), MapEntry(key: "d", value: "e=f"),
      ]
    )
    #expect(try parse("--labels", #""a=say ""hi""""#)[Self.labels]?.first?.value == #"say "hi""#)
  }

  @Test func `durations and integers are read within their bounds`() throws {
    #expect(try parse("--ttl", "1h30m")[Self.ttl] == GoDuration(seconds: 5400))
    #expect(try parse("--count", "0")[Self.count] == 0)
    #expect(error("--count", "65536")?.hint == "write a whole number from 0 to 65535")
    #expect(error("--count", "1.5")?.message == "flag '--count' cannot be '1.5'")
    #expect(
      error("--ttl", "5y")?.message == "flag '--ttl' cannot be '5y': it is no length of time"
    )
    #expect(try parse("--ttl", "30d")[Self.ttl] == GoDuration(seconds: 30 * 86_400))
    #expect(try parse("--ttl", "2w")[Self.ttl] == GoDuration(seconds: 14 * 86_400))
    #expect(try parse("--ttl", "0s")[Self.ttl] == GoDuration(seconds: 0))
    #expect(error("--ttl", "1.5d") != nil)
    #expect(error("--ttl", "-1h") != nil)
  }

  @Test func `wrong values are told with what is right`() {
    #expect(error("--name")?.message == "flag '--name' needs a value")
    #expect(error("-n")?.hint == "write --name NAME")
    #expect(error("--force=maybe")?.message == "flag '--force' cannot be 'maybe'")
    #expect(error("-o", "xml")?.hint == "it takes one of: json, yaml")
    #expect(error("--labels", "a")?.message.contains("no key with a value") == true)
    #expect(error("--labels", "=a") != nil)
    #expect(error("--labels", #""a=b"#)?.message.contains("not closed") == true)
  }

  @Test func `an unknown flag is told with the nearest one`() {
    #expect(error("--itmes", "a")?.message == "unknown flag '--itmes' of 'thing make'")
    #expect(
      error("--itmes", "a")?.hint
        == "did you mean '--items'? 'binnacle thing make --help' lists the flags"
    )
    #expect(error("--zzzzzz")?.hint == "'binnacle thing make --help' lists the flags")
    #expect(error("-fz")?.message == "unknown flag '-z' of 'thing make'")
    #expect(error("--=a")?.message == "unknown flag '--' of 'thing make'")
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `any words give a result or a usage error, and words after two hyphens come back`(
    seed: UInt64
  ) throws {
    var random = SplitMix64(state: seed)
    let pieces = [
      "--", "-", "--name", "--name=", "-n", "-fq", "--labels", "a=b", "\"", "--items=a,,b", "é",
      "--ttl", "1h", "--count", "7", "", "=", "--force=true", "x y", "-o", "json", "--no\u{0}",
    ]
    let arguments = (0..<Int.random(in: 0...8, using: &random)).map { _ in
      pieces.randomElement(using: &random) ?? ""
    }
    let tail = ["--name", "-f", "z"]
    _ = try? Self.parser.parse(arguments)
    #expect(try Self.parser.parse(["--"] + arguments + tail).words == arguments + tail)
  }
}
