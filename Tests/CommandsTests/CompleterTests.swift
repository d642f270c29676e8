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
    #expect(
      words("").starts(with: ["backup", "restore", "location", "context", "console", "create"])
    )
    #expect(words("com") == ["completion"])
    #expect(!words("").contains("__complete"))
  }

  @Test func `the second word is what can be done to the thing, or the thing`() {
    #expect(words("backup", "de") == ["describe", "delete"])
    #expect(words("backups", "log") == ["logs"])
    #expect(words("create", "") == ["backup", "restore"])
    #expect(words("get", "") == ["backup", "restore", "location", "context"])
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

  @Test func `restores are completed from their backup, the store and the kubeconfig`() {
    #expect(source("restore", "describe", "").source == .restores)
    #expect(source("restore", "create", "--from-backup", "").source == .backups)
    #expect(source("restore", "create", "--from-schedule=").source == .backupSchedules)
    #expect(source("restore", "create", "--to-context", "").source == .contexts)
    #expect(source("restore", "preview", "--object", "configmaps/").source == .archivedObjects)
    let second = source("restore", "create", "--include-namespaces", "shop,da")
    #expect(second.source == .archivedNamespaces && second.lead == "shop,")
    let label = source("restore", "get", "-l", "tier=")
    #expect(label.source == .restoreLabels && label.labelKey == "tier")
  }

  @Test func `lists are completed item by item`() {
    let second = source("backup", "create", "x", "--include-namespaces", "shop,da")
    #expect(second.source == .namespaces)
    #expect(second.lead == "shop," && second.typed == "da" && second.taken == ["shop"])
    let attached = source("backup", "create", "x", "--include-resources=pods,secrets,")
    #expect(attached.source == .resources(.any))
    #expect(attached.lead == "--include-resources=pods,secrets," && attached.typed.isEmpty)
    #expect(attached.taken == ["pods", "secrets"])
    let scoped = source("backup", "create", "x", "--include-cluster-scoped-resources", "")
    #expect(scoped.source == .resources(.cluster))
    #expect(source("-n", "a,b").lead.isEmpty)
    #expect(source("coverage", "-n", "a,b").lead == "a,")
  }

  @Test(arguments: [
    ("", "", "", nil), ("ti", "", "ti", nil), ("tier=", "tier=", "", "tier"),
    ("tier==go", "tier==", "go", "tier"), ("tier!=go", "tier!=", "go", "tier"),
    ("a=b,ti", "a=b,", "ti", nil), ("a=b,!ti", "a=b,!", "ti", nil),
    ("a=b,x.y/z=w", "a=b,x.y/z=", "w", "x.y/z"), ("a=b or c=", "a=b or c=", "", "c"),
    ("a in (b),c", "a in (b),", "c", nil),
  ])
  func `selectors are completed key by key and value by value`(
    typed: String,
    lead: String,
    rest: String,
    key: String?
  ) {
    for (words, before) in [(["-l", typed], ""), (["--selector=\(typed)"], "--selector=")] {
      let answer = Completer(table: .standard).answer(["backup", "create", "x"] + words)
      #expect(answer.source == .objectLabels)
      #expect(answer.lead == before + lead && answer.typed == rest && answer.labelKey == key)
    }
    #expect(source("backup", "get", "-l", typed).source == .backupLabels)
  }

  @Test func `in the values of a set nothing is offered`() {
    #expect(source("backup", "create", "x", "-l", "tier in (go") == Completer.Answer())
    #expect(source("backup", "create", "x", "-l", "tier in (gold,si") == Completer.Answer())
  }

  @Test func `flags typed so far are understood in a line that is not whole`() {
    let completer = Completer(table: .standard)
    let words = [
      "--store", "/s", "backup", "create", "x", "--bogus", "--ttl", "soon", "--kubeconfig=/k",
      "--as-group", "a", "--as-group", "b", "--include-namespaces", "",
    ]
    let typed = completer.typedFlags(words)
    #expect(typed[GlobalFlags.store] == "/s" && typed[GlobalFlags.kubeconfig] == "/k")
    #expect(typed[GlobalFlags.groups] == ["a", "b"])
    #expect(
      completer.typedFlags(["coverage", "-n", "a,b"])[CoverageShow.namespaces] == ["a", "b"]
    )
    #expect(completer.typedFlags(["backup", "get", "-n", "v"])[GlobalFlags.namespace] == "v")
    #expect(completer.typedFlags(["--context"]).values.isEmpty)
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
    #expect(source("backup", "set-ttl", "").source == .backups)
    #expect(source("location", "validate", "").source == .locations)
    #expect(source("gc", "--location", "").source == .locations)
  }
}
