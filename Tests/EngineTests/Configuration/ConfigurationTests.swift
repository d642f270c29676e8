// SPDX-License-Identifier: Apache-2.0

import Engine
import Primitives
import Testing

struct ConfigurationTests {
  private static let full = """
    theme: nord
    mouse: false
    ascii: yes
    keys:
      backups.delete: [ctrl-d, D]
      quit: q
    contexts:
      production: {production: true, readOnly: true, theme: red}
      "prod-*":
        production: true
    locations:
    - name: nas
      provider: directory
      config: {path: /mnt/nas/backups}
      objectStorage: {prefix: /team-a/}
      accessMode: ReadOnly
      default: true
      validationFrequency: 5m
    - name: cloud
      provider: velero.io/aws
      objectStorage: {bucket: b, prefix: p, caCert: Zm9v}
      credential: {name: cloud, key: aws}
      config: {region: eu-1, s3ForcePathStyle: true}
      backupSyncPeriod: 0

    """

  private static func reading(_ text: String) -> ConfigurationReading {
    ConfigurationReading(parsing: Array(text.utf8))
  }

  @Test func `the oldest that a backup may be is read, in general and for contexts`() {
    let reading = Self.reading(
      """
      maxAge: 36h
      contexts:
        prod: {maxAge: 4h}
        lab: {maxAge: 7d}
        test: {maxAge: 0s}
        old: {maxAge: yesterday}
      """
    )
    let configuration = reading.configuration
    #expect(configuration.console.maximumAge == GoDuration(seconds: 36 * 3600))
    #expect(configuration.settings(ofContext: "prod").maximumAge == GoDuration(seconds: 4 * 3600))
    #expect(configuration.settings(ofContext: "lab").maximumAge == GoDuration(seconds: 7 * 86_400))
    #expect(configuration.settings(ofContext: "test").maximumAge == nil)
    #expect(
      reading.warnings.map(\.description) == [
        "line 5: 'contexts.test.maxAge' has to be longer than nothing",
        "line 6: 'contexts.old.maxAge' has to be a length of time such as 1h30m or 7d, not 'yesterday'",
      ]
    )
  }

  @Test func `everything that can be set is read`() throws {
    let reading = Self.reading(Self.full)
    #expect(reading.warnings == [])
    #expect(reading.failure == nil)
    let configuration = reading.configuration
    #expect(configuration.console.theme == "nord")
    #expect(configuration.console.usesMouse == false)
    #expect(configuration.console.isASCII == true)
    #expect(
      configuration.console.keys == [
        KeySetting(action: "backups.delete", keys: ["ctrl-d", "D"], line: 5),
        KeySetting(action: "quit", keys: ["q"], line: 6),
      ]
    )
    let nas = try #require(configuration.locations.first)
    #expect(nas.directoryPath == "/mnt/nas/backups/team-a")
    #expect(nas.isReadOnly && nas.isDefault && nas.problem == nil)
    #expect(nas.validationFrequency == GoDuration(seconds: 300))
    let cloud = configuration.locations[1]
    #expect(cloud.provider == "aws")
    #expect(cloud.place == "b/p")
    #expect(cloud.config == ["region": "eu-1", "s3ForcePathStyle": "true"])
    #expect(cloud.credential == LocationCredential(name: "cloud", key: "aws"))
    #expect(cloud.backupSyncPeriod == GoDuration(seconds: 0))
    #expect(cloud.problem == "the provider 'aws' is not supported yet by this version")
    #expect(cloud.spec[path: "objectStorage", "caCert"] == "Zm9v")
  }

  @Test func `an empty file sets nothing`() {
    for text in ["", "# nothing\n", "---\n", "locations:\ncontexts:\nkeys:\n"] {
      #expect(Self.reading(text) == ConfigurationReading(), "\(text)")
    }
  }

  @Test func `what is wrong is told with its line, and the rest counts`() {
    let reading = Self.reading(
      """
      thme: nord
      theme: dark
      theme: light
      mouse: maybe
      locations:
      - provider: directory
        config: {path: relative}
      - name: a
        provider: directroy
        acessMode: ReadOnly
      - name: a
        provider: directory
        config: {path: /x}
        accessMode: Readonly
        validationFrequency: 5
        objectStorage: {bucket: b}
      - just text
      contexts:
        c: {production: yes please, readOnly: maybe, theme: t}
      """
    )
    #expect(
      reading.warnings.map(\.description) == [
        "line 1: unknown key 'thme'; did you mean 'theme'?",
        "line 3: 'theme' stands twice; the last one counts",
        "line 4: 'mouse' has to be true or false, not 'maybe'",
        "line 6: 'locations[1]' has no name; it is called 'location-1'",
        "line 6: 'location-1' cannot be opened: 'config.path' is 'relative', and has to start with / or ~/",
        "line 9: 'a' cannot be opened: the provider 'directroy' is not known; did you mean 'directory'?",
        "line 10: unknown key 'acessMode' in 'locations[2]'; it counts as 'accessMode'",
        "line 11: there is a location 'a' already; this one is called 'a-2'",
        "line 14: 'locations[3].accessMode' has to be ReadWrite or ReadOnly, not 'Readonly'; nothing is written to the location",
        "line 15: 'locations[3].validationFrequency' has to be a length of time such as 1h30m or 7d, not '5'",
        "line 16: a directory has no buckets; 'config.path' of 'a' says where it is, and the bucket does not count",
        "line 17: 'locations[4]' has to be a mapping of keys to values",
        "line 17: 'locations[4]' has no name; it is called 'location-4'",
        "line 17: 'location-4' cannot be opened: it does not say which provider it is of",
        "line 19: 'contexts.c.production' has to be true or false, not 'yes please'",
        "line 19: 'contexts.c.readOnly' has to be true or false, not 'maybe'",
      ]
    )
    let configuration = reading.configuration
    #expect(configuration.console.theme == "light")
    #expect(configuration.locations.map(\.name) == ["location-1", "a", "a-2", "location-4"])
    #expect(configuration.locations[1].isReadOnly && configuration.locations[2].isReadOnly)
    #expect(
      configuration.contexts == [
        ContextSettings(context: "c", isProduction: true, isReadOnly: true, theme: "t")
      ]
    )
  }

  @Test func `what is near to a key that protects counts as it`() {
    let reading = Self.reading(
      """
      context:
        a: {readonly: true, Production: true}
        b: {read-only: true}
        c: {readOnly: false, readonly: true}
        d: readOnly
        e:
      location:
      - {name: x, provider: directory, config: {path: /x}, access_mode: ReadOnly}
      """
    )
    #expect(reading.failure == nil)
    let settings = reading.configuration.contexts
    #expect(settings.map(\.isReadOnly) == [true, true, false, true, nil])
    #expect(settings.map(\.isProduction) == [true, nil, nil, nil, nil])
    #expect(reading.configuration.locations.map(\.isReadOnly) == [true])
    #expect(
      reading.warnings.map(\.description) == [
        "line 1: unknown key 'context'; it counts as 'contexts'",
        "line 2: unknown key 'readonly' in 'contexts.a'; it counts as 'readOnly'",
        "line 2: unknown key 'Production' in 'contexts.a'; it counts as 'production'",
        "line 3: unknown key 'read-only' in 'contexts.b'; it counts as 'readOnly'",
        "line 4: unknown key 'readonly' in 'contexts.c'; did you mean 'readOnly'?",
        "line 5: 'contexts.d' has to be a mapping of keys to values",
        "line 7: unknown key 'location'; it counts as 'locations'",
        "line 8: unknown key 'access_mode' in 'locations[1]'; it counts as 'accessMode'",
      ]
    )
  }

  @Test(arguments: [
    ("locations: /mnt/nas\n", "line 1: 'locations' has to be a list"),
    ("theme: nord\nlocations: {name: nas}\n", "line 2: 'locations' has to be a list"),
    (
      "locations: []\n",
      "line 1: 'locations' names none; without that key there is the user's own store"
    ),
    ("contexts: [prod]\n", "line 1: 'contexts' has to be a mapping of names to settings"),
  ])
  func `locations or contexts of the wrong kind are a failure`(text: String, message: String) {
    #expect(Self.reading(text).failure?.description == message)
  }

  @Test func `only one location is the default`() {
    let reading = Self.reading(
      """
      locations:
      - {name: a, provider: directory, config: {path: /a}, default: true}
      - {name: b, provider: directory, config: {path: /b}, default: true}
      """
    )
    #expect(reading.configuration.locations.map(\.isDefault) == [true, false])
    #expect(reading.warnings.map(\.line) == [3])
  }

  @Test func `text that is no YAML, or no mapping, is a failure with its line`() {
    #expect(Self.reading("a: [\n").failure?.line == 2)
    #expect(
      Self.reading("- a\n").failure?.message == "a configuration is a mapping of keys to values"
    )
    #expect(Self.reading("a: 1\n---\nb: 2\n").failure?.line == 3)
  }

  @Test func `a context takes each setting from the entry that fits best`() {
    var configuration = Configuration()
    configuration.contexts = [
      ContextSettings(context: "prod-*", isProduction: true, theme: "red"),
      ContextSettings(context: "*", isReadOnly: true, theme: "blue"),
      ContextSettings(context: "prod-eu", isProduction: false),
    ]
    #expect(
      configuration.settings(ofContext: "prod-eu")
        == ContextSettings(context: "prod-eu", isProduction: false, isReadOnly: true, theme: "red")
    )
    #expect(configuration.settings(ofContext: "lab").theme == "blue")
    #expect(Configuration().settings(ofContext: "x") == ContextSettings(context: "x"))
  }

  /// Lines and bytes of a sound file go, come and change; whatever it is, it is read to its end.
  @Test(arguments: 0..<300 as Range<UInt64>)
  func `no text makes the reader stop, and every warning has a line of the text`(seed: UInt64) {
    var random = SplitMix64(state: seed)
    var bytes = Array(Self.full.utf8)
    for _ in 0..<Int.random(in: 1...12, using: &random) {
      let at = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes.remove(at: at)
      case 1: bytes.insert(UInt8.random(in: 32...126, using: &random), at: at)
      case 2: bytes[at] = UInt8.random(in: 0...255, using: &random)
      default:
        let end = min(bytes.count, at + Int.random(in: 1...40, using: &random))
        bytes.insert(contentsOf: bytes[at..<end], at: at)
      }
    }
    let reading = ConfigurationReading(parsing: bytes)
    let lines = bytes.count { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } + 2
    #expect(reading.warnings.allSatisfy { (1...lines).contains($0.line) })
    #expect(
      Set(reading.configuration.locations.map(\.name)).count
        == reading.configuration.locations.count
    )
    #expect(reading.configuration.locations.count { $0.isDefault } <= 1)
  }
}
