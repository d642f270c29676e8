// SPDX-License-Identifier: Apache-2.0

import Primitives
import Sandbox
import Terminal
import TestSupport
import Testing
import Velero

@testable import Console

struct HookFormTests {
  private func form(_ entries: [JSONValue]) -> BackupForm {
    var backup = Backup(name: "b", namespace: "velero")
    backup.spec.hookResources = entries
    var form = BackupForm(name: "b", locations: ["default"])
    form.fill(with: backup)
    return form
  }

  private func reading(_ form: BackupForm) -> BackupReading {
    BackupReading(form, namespace: "velero")
  }

  private func entries(_ form: BackupForm) -> [JSONValue] {
    reading(form).backup.spec.hookResources
  }

  private func set(_ form: inout BackupForm, _ number: Int, _ field: HookField, _ text: String) {
    guard var target = form.form[HookPlace(number, field).id] else { return }
    switch target.value {
    case .text: target.value = .text(TextField(text))
    case .list: target.value = .list([], TextField(text))
    case .choice(let words, _):
      target.value = .choice(words, selected: words.firstIndex(of: text) ?? -1)
    case .toggle: break
    }
    form.form[target.id] = target
  }

  private func text(_ form: BackupForm, _ number: Int, _ field: HookField) -> String? {
    form.form[HookPlace(number, field).id]?.text
  }

  @Test(arguments: 0..<500 as Range<UInt64>)
  func `hooks that are not touched come back as they were`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let entries = RandomHooks.entries(&random)
    #expect(self.entries(form(entries)) == entries)
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `whatever is changed, hooks of a phase keep their order`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    let hooks = BackupHook.hooks(of: RandomHooks.entries(&random)).map { hook in
      var hook = hook
      if Bool.random(using: &random) { hook.isAfter.toggle() }
      if Int.random(in: 0..<4, using: &random) == 0 { hook.name = "other" }
      return hook
    }.filter { $0.action != nil }
    let again = BackupHook.hooks(of: BackupHook.entries(hooks)).filter { $0.action != nil }
    func list(_ hooks: [BackupHook], isAfter: Bool) -> [[JSONValue?]] {
      hooks.filter { $0.isAfter == isAfter }.map {
        var filter = $0.entry
        filter["pre"] = nil
        filter["post"] = nil
        return [filter, $0.action]
      }
    }
    #expect(list(again, isAfter: false) == list(hooks, isAfter: false))
    #expect(list(again, isAfter: true) == list(hooks, isAfter: true))
  }

  @Test func `an entry of several actions is several hooks`() {
    let entry: JSONValue = [
      "name": "db", "includedNamespaces": ["shop"], "later": true,
      "pre": [
        ["exec": ["command": ["a"]]], ["exec": ["command": ["b", "c d"], "timeout": "90s"]],
      ],
      "post": [["exec": ["command": ["e"], "onError": "Fail", "container": "db"]]],
    ]
    var form = form([entry])
    #expect(form.hookNames == ["db", "db", "db"])
    #expect((0..<3).map { text(form, $0, .when) } == ["before", "before", "after"])
    #expect((0..<3).map { text(form, $0, .command) } == ["a", "b 'c d'", "e"])
    #expect(text(form, 1, .timeout) == "1m30s")
    #expect(text(form, 2, .onError) == "Fail")
    #expect(text(form, 2, .includedNamespaces) == "shop")
    #expect(reading(form).hookProblems.isEmpty)
    set(&form, 1, .command, "[\"b\", \"x\"]")
    #expect(entries(form).count == 1)
    #expect(entries(form)[0]["pre"]?.array?[1]["exec"]?["command"] == ["b", "x"])
    #expect(entries(form)[0]["pre"]?.array?[1]["exec"]?["timeout"] == "90s")
    // Another filter needs an entry of its own, and the order stays.
    set(&form, 1, .includedNamespaces, "pay")
    let changed = entries(form)
    #expect(changed.map { $0["includedNamespaces"] } == [["shop"], ["pay"], ["shop"]])
    #expect(changed.map { $0["later"] } == [true, true, true])
    #expect(changed.map { $0["pre"]?.array?.count } == [1, 1, nil])
    #expect(changed.map { $0["post"]?.array?.count } == [nil, nil, 1])
  }

  @Test func `all of a new hook is written`() {
    var form = BackupForm(name: "b", locations: ["default"])
    form[.hooks] = "freeze,freeze,thaw"
    for number in 0..<3 {
      set(&form, number, .command, "sync")
      set(&form, number, .labelSelector, "app=db,tier in (a,b)")
    }
    set(&form, 1, .container, "db")
    set(&form, 1, .onError, "Continue")
    set(&form, 1, .timeout, "2m")
    set(&form, 2, .when, "after")
    set(&form, 2, .excludedResources, "jobs")
    #expect(reading(form).hookProblems.isEmpty)
    let selector: JSONValue = [
      "matchLabels": ["app": "db"],
      "matchExpressions": [["key": "tier", "operator": "In", "values": ["a", "b"]]],
    ]
    #expect(
      entries(form) == [
        [
          "name": "freeze", "labelSelector": selector,
          "pre": [
            ["exec": ["command": ["sync"]]],
            [
              "exec": [
                "command": ["sync"], "container": "db", "onError": "Continue", "timeout": "2m0s",
              ]
            ],
          ],
        ],
        [
          "name": "thaw", "labelSelector": selector, "excludedResources": ["jobs"],
          "post": [["exec": ["command": ["sync"]]]],
        ],
      ]
    )
  }

  @Test func `what is emptied is not written`() {
    let exec: JSONValue = [
      "command": ["a"], "container": "db", "onError": "Fail", "timeout": "5s", "later": 1,
    ]
    var form = form([
      [
        "name": "db", "includedNamespaces": ["shop"], "labelSelector": ["matchLabels": ["a": "b"]],
        "pre": [["exec": exec]],
      ]
    ])
    for field in [HookField.includedNamespaces, .labelSelector, .container, .timeout, .command] {
      set(&form, 0, field, "")
    }
    set(&form, 0, .onError, BackupField.unsaid)
    #expect(entries(form) == [["name": "db", "pre": [["exec": ["later": 1]]]]])
  }

  @Test(arguments: [
    (HookField.command, ""), (.command, "'a"), (.command, "[\"a\""), (.labelSelector, "app=("),
    (.timeout, "soon"), (.timeout, "30"),
  ])
  func `what cannot be is told at the hook's field`(field: HookField, value: String) {
    var form = BackupForm(name: "b", locations: ["default"])
    form[.hooks] = "freeze"
    set(&form, 0, .command, "sync")
    set(&form, 0, field, value)
    let reading = reading(form)
    #expect(Array(reading.hookProblems.keys) == [HookPlace(0, field)])
    #expect(reading.problem(of: HookPlace(0, field).id) != nil)
    #expect(reading.isFilterSound)
  }

  @Test func `a hook without a name is told, and one from elsewhere keeps none`() {
    var form = BackupForm(name: "b", locations: ["default"])
    form.form.setFocus(BackupField.hooks.rawValue)
    _ = form.edit { $0.handle(.key(.space)) }
    #expect(reading(form).problems[.hooks] == "a hook needs a name")
    form = self.form([["pre": [["exec": ["command": ["a"]]]]]])
    #expect(form.hookNames == [""])
    #expect(reading(form).problems[.hooks]?.contains("Velero server") == true)
  }

  @Test func `names bring fields, and Backspace takes them away`() {
    var form = BackupForm(name: "b", locations: ["default"])
    let count = form.form.fields.count
    let more = HookField.allCases.count
    func press(_ keys: Key...) { for key in keys { _ = form.edit { $0.handle(.key(key)) } } }
    form.form.setFocus(BackupField.hooks.rawValue)
    press(Key("a"), Key("b"))
    #expect(form.form.fields.count == count + more)
    press(Key(","), Key("c"), .enter, Key("c"), .down)
    #expect(form.hookNames == ["ab", "c", "c"])
    #expect(form.form.fields.count == count + 3 * more)
    #expect(form.form.focused?.id == "hook.0.when")
    #expect(form.form.focused?.label == "  ab")
    set(&form, 1, .command, "sync")
    press(.up, .backspace)
    #expect(form.form.fields.count == count + 2 * more)
    #expect(text(form, 1, .command) == "sync")
    press(.backspace, .backspace, .backspace)
    #expect(form.form.fields.count == count)
    #expect(entries(form).isEmpty)
    #expect(reading(form).backup.spec.json["hooks"] == nil)
  }

  @Test func `filling takes former hooks away, and what is around the entries stays`() {
    var form = form([["name": "a"], ["name": "b"]])
    var backup = Backup(name: "b", namespace: "velero")
    backup.spec.json["hooks"] = ["resources": [["name": "c"]], "later": 1]
    backup.spec.defaultVolumesToRestic = false
    form.fill(with: backup)
    #expect(form.hookNames == ["c"])
    #expect(form.form.fields.count { HookPlace(id: $0.id) != nil } == HookField.allCases.count)
    #expect(form.form.fields.last?.id == BackupField.carried.rawValue)
    #expect(reading(form).backup.spec.json["hooks"] == backup.spec.json["hooks"])
    form[.hooks] = ""
    #expect(reading(form).backup.spec.json["hooks"] == ["later": 1])
  }

  @Test func `a command that no line can hold cannot be changed`() {
    let word = String(repeating: "x", count: TextField.limit)
    let entry: JSONValue = ["name": "a", "pre": [["exec": ["command": [.string(word), "y"]]]]]
    let form = form([entry])
    #expect(form.form[HookPlace(0, .command).id]?.isReadOnly == true)
    #expect(reading(form).hookProblems.isEmpty)
    #expect(entries(form) == [entry])
  }

  @Test(.sandbox(.demo), .timeLimit(.minutes(2)))
  func `a backup with hooks is previewed and copied, and not launched`() async throws {
    var scene = try await FilterScene.reader([]).scene()
    scene.driver.press("tab", "up")
    scene.driver.type("freeze")
    scene.driver.press("down", "down")
    scene.driver.type("sho")
    scene.answer()
    #expect(scene.screen?.form.form.completions.first == "shop")
    scene.driver.press("tab", "down", "down", "down", "down")
    scene.driver.type("app")
    #expect(scene.screen?.form.form.completions.isEmpty == false)
    scene.driver.press("esc", "down", "down")
    scene.driver.type("sync")
    scene.answer()
    scene.driver.press("esc")
    #expect(scene.screen?.reading.backup.spec.hookResources.count == 1)
    #expect(scene.screen?.live.isCurrent == true)
    let obstacle = scene.screen?.obstacle(scene.driver.application.world)
    #expect(obstacle?.hasPrefix("Hooks: hooks are run by a Velero server only so far; ") == true)
    scene.driver.press("b", "enter")
    let effects = scene.driver.takeEffects()
    #expect(!effects.contains { if case .launch = $0 { true } else { false } })
    #expect(scene.screen?.yaml.contains("- name: freeze") == true)
  }
}
