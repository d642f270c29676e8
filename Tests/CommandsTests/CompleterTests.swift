// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Commands

struct CompleterTests {
  private func words(_ typed: String...) -> [String] {
    Completer(table: .standard).answer(typed).candidates.map(\.word)
  }

  private func source(_ typed: String...) -> Completer.Answer {
    Completer(table: .standard).answer(typed)
  }

  @Test func `the first word is a thing, a verb or a command`() {
    #expect(words("").starts(with: ["backup", "context", "create", "get"]))
    #expect(words("com") == ["completion"])
    #expect(!words("").contains("__complete"))
  }

  @Test func `the second word is what can be done to the thing, or the thing`() {
    #expect(words("backup", "de") == ["describe", "delete"])
    #expect(words("backups", "log") == ["logs"])
    #expect(words("create", "") == ["backup"])
    #expect(words("get", "") == ["backup", "context"])
    #expect(words("--store", "/x", "backup", "cr") == ["create"])
  }

  @Test func `flags are those of the command and the global ones`() {
    #expect(words("backup", "create", "x", "--inc") == words("create", "backup", "--inc"))
    #expect(words("backup", "create", "x", "--include-n").count == 2)
    #expect(words("version", "--cl") == ["--client-only"])
    #expect(words("--kubec") == ["--kubeconfig"])
  }

  @Test func `values come from the flag, attached or not`() {
    #expect(words("backup", "get", "-o", "") == ["table", "json", "yaml"])
    #expect(words("backup", "get", "--output=y") == ["--output=yaml"])
    #expect(words("backup", "get", "--output", "j") == ["json"])
    #expect(words("backup", "create", "x", "--wait=f") == ["--wait=false"])
    #expect(source("--store", "").source == .directories)
    #expect(source("--kubeconfig=").source == .files)
    #expect(source("--kubeconfig=").lead == "--kubeconfig=")
    #expect(source("--kubecontext", "a").source == .contexts)
    #expect(words("backup", "create", "x", "--ttl", "").isEmpty)
  }

  @Test func `names come where the command takes names`() {
    #expect(source("backup", "describe", "").source == .backups)
    #expect(source("backup", "describe", "a", "").source == .backups)
    #expect(source("backup", "logs", "").source == .backups)
    #expect(source("backup", "logs", "a", "").source == .nothing)
    #expect(source("backup", "logs", "--store", "/x", "").source == .backups)
    #expect(source("backup", "create", "").source == .nothing)
    #expect(words("completion", "") == ["bash", "zsh", "fish"])
    #expect(words("completion", "bash", "").isEmpty)
    #expect(source("backup", "describe", "--", "--x").source == .backups)
  }
}
