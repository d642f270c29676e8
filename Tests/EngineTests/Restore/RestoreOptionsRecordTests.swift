// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing
import Velero

@testable import Engine

struct RestoreOptionsRecordTests {
  @Test(arguments: 0..<200 as Range<UInt64>)
  func `what a record is given is read back`(seed: UInt64) throws {
    var random = SplitMix64(state: seed)
    let options = Self.options(&random)
    #expect(try RestoreOptions(annotations: options.annotations) == options)
  }

  @Test func `the default needs no annotation`() throws {
    #expect(RestoreOptions().annotations.isEmpty)
    #expect(try RestoreOptions(annotations: ["other": "x"]) == RestoreOptions())
  }

  @Test func `the annotation is as the format says`() {
    let options = RestoreOptions(
      objects: ["configmaps/shop/settings"],
      takesDependencies: true,
      maps: RestoreMaps(
        images: [RestoreMaps.ImageRule(old: "a", new: "b")],
        storageClasses: ["slow": "fast"],
        nodeLabels: ["disk=hdd": "disk=ssd"]
      ),
      order: RestoreOrder(high: ["secrets"], low: [])
    )
    #expect(
      options.annotations == [
        "binnacle.io/restore-options":
          #"{"objects":["configmaps/shop/settings"],"withDependencies":true,"#
          + #""images":[{"old":"a","new":"b"}],"storageClasses":{"slow":"fast"},"#
          + #""nodeLabels":{"disk=hdd":"disk=ssd"},"order":{"high":["secrets"],"low":[]}}"#
      ]
    )
  }

  struct Broken: CustomTestStringConvertible {
    var text: String
    var reason: String
    var testDescription: String { text }
  }

  @Test(arguments: [
    Broken(text: "{", reason: "it is no JSON"), Broken(text: "[]", reason: "it is no object"),
    Broken(text: #"{"recreates":true}"#, reason: "'recreates' is not known"),
    Broken(text: #"{"recreate":"yes"}"#, reason: "'recreate' is no truth value"),
    Broken(text: #"{"objects":["pods"]}"#, reason: "'objects' has 'pods', which names no object"),
    Broken(text: #"{"objects":[1]}"#, reason: "'objects' is no list of texts"),
    Broken(text: #"{"images":[{"old":"a"}]}"#, reason: "'images[0].new' is missing"),
    Broken(text: #"{"images":[{"old":"","new":"b"}]}"#, reason: "'images[0].old' is empty"),
    Broken(text: #"{"images":[3]}"#, reason: "'images[0]' is no object"),
    Broken(text: #"{"storageClasses":{"a":1}}"#, reason: "'storageClasses' is no map of texts"),
    Broken(text: #"{"order":{"middle":[]}}"#, reason: "'order.middle' is not known"),
  ])
  func `what is not as it has to be is named`(_ broken: Broken) {
    let error = #expect(throws: EngineError.self) {
      try RestoreOptions(annotations: [RestoreOptions.annotation: broken.text])
    }
    #expect(error?.code == .invalid)
    #expect(error?.message.contains(broken.reason) == true, "\(error?.message ?? "")")
  }

  @Test func `modifiers out of a file are read as strictly as those of a ConfigMap`() throws {
    #expect(try RestoreOptions.modifiers(in: [:]) == nil)
    let key = RestoreOptions.modifiersAnnotation
    let modifiers = try RestoreOptions.modifiers(
      in: [key: "version: v1\nresourceModifierRules: []\n"]
    )
    #expect(modifiers == ResourceModifiers())
    #expect(throws: VeleroError.self) { try RestoreOptions.modifiers(in: [key: "version: v2"]) }
  }

  private static func options(_ random: inout SplitMix64) -> RestoreOptions {
    func flip() -> Bool { Bool.random(using: &random) }
    var options = RestoreOptions(
      objects: flip() ? ["pods/a/b", "persistentvolumes/\"x\""] : [],
      takesDependencies: flip(),
      recreates: flip(),
      keepsOwners: flip()
    )
    for number in 0..<Int.random(in: 0...2, using: &random) {
      options.maps.images.append(RestoreMaps.ImageRule(old: "o\(number)", new: ""))
      options.maps.storageClasses["s\(number)"] = "t"
      options.maps.nodeLabels["k=\(number)"] = flip() ? "" : "k=v"
    }
    if flip() {
      options.order = RestoreOrder(high: ["pods"], low: flip() ? [] : ["services"])
    }
    return options
  }
}
