// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Commands

struct CommandTableTests {
  private static let table = CommandTable.standard

  private func path(_ arguments: String...) throws -> String? {
    guard case .run(let command, let parsed) = try Self.table.resolve(arguments) else { return nil }
    return ([command.path] + parsed.words).joined(separator: " ")
  }

  private func error(_ arguments: String...) -> UsageError? {
    do throws(UsageError) {
      _ = try Self.table.resolve(arguments)
      return nil
    } catch {
      return error
    }
  }

  @Test func `flags of one name take a value in all commands or in none`() {
    var takes: [String: Bool] = [:]
    for flag in Self.table.commands.flatMap(\.flags) + GlobalFlags.all {
      for name in ["--" + flag.name] + (flag.short.map { ["-\($0)"] } ?? []) {
        #expect(takes[name, default: flag.kind.takesNextWord] == flag.kind.takesNextWord)
        takes[name] = flag.kind.takesNextWord
      }
    }
  }

  @Test
  func `no command has a flag twice, and one of a global name takes the global one's place whole`()
  {
    for command in Self.table.commands {
      let flags = command.allFlags
      for flag in command.flags {
        let global = GlobalFlags.all.first { $0.name == flag.name }
        #expect(global == nil || global?.short == flag.short, "\(command.path)")
      }
      let names = flags.flatMap { [$0.name] + $0.aliases }
      let letters = flags.compactMap(\.short)
      #expect(Set(names).count == names.count, "\(command.path)")
      #expect(Set(letters).count == letters.count, "\(command.path)")
    }
  }

  @Test func `words that are no command are told with the nearest one`() {
    #expect(error("bakcup", "get")?.message == "unknown command 'bakcup'")
    #expect(
      error("verison")?.hint == "did you mean 'version'? 'binnacle --help' lists the commands"
    )
    #expect(error("version", "x")?.message == "'version' takes no word 'x'")
    #expect(error("completion")?.message == "'completion' needs bash|zsh|fish")
    #expect(error("--zzz")?.message == "unknown flag '--zzz'")
    #expect(error("help", "zzz")?.message == "unknown command 'zzz'")
  }

  @Test func `flags may stand anywhere`() throws {
    #expect(try path("--context", "x", "version", "-o", "json") == "version")
    #expect(try path("-o", "json", "version") == "version")
    #expect(try path("-ojson", "--store=/x", "version", "--client-only") == "version")
  }
}
