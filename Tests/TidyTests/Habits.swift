// SPDX-License-Identifier: Apache-2.0

/// The habits that are no matter of imports or homes.
enum Habits {
  static let all = [
    license, fileLength, functionLength, noForce, uncheckedSendability, moduleNames,
    noCatchAll, noUnfinished, noSleepInTests,
  ]

  static let longestFile = 400
  static let longestFunction = 60
  static let longestMain = 20

  static let license = Rule(name: "license") { file in
    guard !file.path.hasSuffix(".modulemap") else { return [] }
    let mark = "SPDX-License-Identifier: Apache-2.0"
    let comment = [".swift", ".c", ".h", ".cpp"].contains { file.path.hasSuffix($0) }
    let expected = (comment ? "// " : "# ") + mark
    // A script's first line names its interpreter, a manifest's the version of its tools.
    let first = file.lines.first.map(String.init) ?? ""
    let isTaken = first.hasPrefix("#!") || first.hasPrefix("// swift-tools-version")
    let line = isTaken ? 2 : 1
    guard file.lines.count < line || file.lines[line - 1] != expected else { return [] }
    return [(line, "the line must be `\(expected)`")]
  }

  static let fileLength = Rule(name: "file length") { file in
    guard file.isInSources || file.isInTests else { return [] }
    let limit = file.path == "Sources/binnacle/main.swift" ? longestMain : longestFile
    guard file.lines.count > limit else { return [] }
    return [(limit + 1, "\(file.lines.count) lines; the limit is \(limit)")]
  }

  static let functionLength = Rule(name: "function length") { file in
    file.bodies.filter { $0.lineCount > longestFunction }.map {
      ($0.line, "`\($0.name)` has \($0.lineCount) lines; the limit is \(longestFunction)")
    }
  }

  static let noForce = Rule(name: "no force") { file in
    zip(file.tokens, file.tokens.dropFirst())
      .filter { ($0.isWord("try") || $0.isWord("as")) && $1.isMark("!") && $1.isAttached }
      .map { ($0.0.line, "`\($0.0.text)!` turns an error of the world into a crash") }
  }

  /// Where what the compiler cannot check may stand, each with the reason above it.
  static let unchecked = ["HTTP", "Primitives", "Sandbox", "Terminal"]

  static let uncheckedSendability = Rule(name: "unchecked sendability") { file in
    guard file.isInSources, let target = file.target else { return [] }
    let reasons = ["lock", "mutex", "thread", "queue", "atomic", "immutable", "never change"]
    return file.uncheckedPlaces.compactMap { line in
      guard unchecked.contains(target) else {
        return (line, "only \(unchecked.joined(separator: ", ")) may claim this unchecked")
      }
      let comment = file.commentAbove(line: line).lowercased()
      guard !reasons.contains(where: { comment.contains($0) }) else { return nil }
      return (line, "the line above must name the lock or the thread that makes it true")
    }
  }

  static let moduleNames = Rule(name: "module names") { file in
    guard file.isInSources else { return [] }
    let kinds: Set = ["struct", "class", "enum", "actor", "protocol", "typealias"]
    let imports = Set(file.imports.map(\.line))
    return zip(file.tokens, file.tokens.dropFirst())
      .filter { kinds.contains($0.text) && ImportTable.rows[$1.text] != nil }
      .filter { !imports.contains($0.0.line) }
      .map { ($0.1.line, "type \($0.1.text) has the name of a module") }
  }

  static let noCatchAll = Rule(name: "no catch-all names") { file in
    let names: Set = ["Utils", "Util", "Helpers", "Helper", "Common", "Misc", "Types", "Manager"]
    let parts = file.path.split(separator: "/").map { $0.split(separator: ".").first ?? $0 }
    guard let name = parts.first(where: { names.contains(String($0)) }) else { return [] }
    return [(1, "`\(name)` says nothing about what is inside")]
  }

  static let noUnfinished = Rule(name: "nothing unfinished") { file in
    let marks = ["TODO", "FIXME", "XXX", "HACK"]
    return file.comments.filter { comment in
      marks.contains { mark in
        comment.text.split { !$0.isLetter && !$0.isNumber }.contains { $0 == mark }
      }
    }.map { ($0.line, "finish it, or open an issue") }
  }

  static let noSleepInTests = Rule(name: "no sleep in tests") { file in
    guard file.isInTests else { return [] }
    let calls: Set = ["sleep", "usleep", "nanosleep"]
    return file.tokens.indices.filter { index in
      guard calls.contains(file.tokens[index].text), index + 1 < file.tokens.count,
        file.tokens[index + 1].isMark("(")
      else { return false }
      guard index > 1, file.tokens[index - 1].isMark(".") else {
        return index == 0 || !file.tokens[index - 1].isWord("func")
      }
      return ["Task", "Thread", "Glibc"].contains(file.tokens[index - 2].text)
    }.map { (file.tokens[$0].line, "wait for the event itself, with a deadline") }
  }
}

extension SourceFile {
  /// The lines with `@unchecked Sendable` or `nonisolated(unsafe)`.
  fileprivate var uncheckedPlaces: [Int] {
    tokens.indices.filter { index in
      func next(_ offset: Int) -> Token? {
        index + offset < tokens.count ? tokens[index + offset] : nil
      }
      if tokens[index].isWord("unchecked") { return next(1)?.isWord("Sendable") ?? false }
      return tokens[index].isWord("nonisolated") && next(1)?.isMark("(") ?? false
        && next(2)?.isWord("unsafe") ?? false
    }.map { tokens[$0].line }
  }
}
