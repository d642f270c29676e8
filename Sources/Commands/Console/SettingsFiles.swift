// SPDX-License-Identifier: Apache-2.0

internal import Console
internal import Glibc
internal import Kubernetes
internal import Primitives
internal import Terminal

/// The files that say how the console is to be, looked at and read on a queue of their own, since they may be on a slow disk.
actor SettingsFiles {
  nonisolated var unownedExecutor: UnownedSerialExecutor { queue.asUnownedSerialExecutor() }

  private let queue = QueueExecutor(label: "binnacle.settings")
  private let paths: [String]
  private let themes: String?

  /// Names the files; nothing is read yet.
  ///
  /// - Parameters:
  ///   - paths: The configuration and the kubeconfigs.
  ///   - themes: The folder of the user's own themes; nil where there is none.
  init(_ paths: [String], themes: String?) {
    self.paths = paths
    self.themes = themes
  }

  /// The files that a console opened with these flags reads.
  ///
  /// - Parameters:
  ///   - wiring: What the console works with.
  ///   - themes: The folder of the user's own themes.
  init(_ wiring: Wiring, themes: String?) {
    let kubeconfigs = Kubeconfig.paths(
      overrides: wiring.kubeconfigOverrides,
      environment: wiring.processEnvironment
    )
    let configuration = (try? wiring.directories())?.configuration
    self.init([configuration].compactMap(\.self) + kubeconfigs, themes: themes)
  }

  /// How the files look: where they are, how long, and when they were last written; costs a look at each.
  func fingerprint() -> String {
    var unread: String?
    let themeFiles = themes.map { folder in
      [folder] + (ThemeFolder.names(in: folder, &unread) ?? []).map { "\(folder)/\($0)" }
    }
    return (paths + (themeFiles ?? [])).map(Self.look).joined(separator: "\n")
  }

  /// Does on the queue what reads the files.
  func read<Value: Sendable>(_ body: @Sendable () async throws -> Value) async rethrows -> Value {
    try await body()
  }

  /// Reads preferences, and the user's own themes with them.
  func preferences(
    _ body: @Sendable () async -> (Preferences, problems: [String])
  ) async -> (Preferences, problems: [String]) {
    var (preferences, problems) = await body()
    let folder = ThemeFolder(path: themes)
    let catalog = ThemeCatalog(reading: folder.files)
    preferences.themes = catalog
    problems += folder.problems + catalog.warnings.map(\.description)
    return (preferences, problems)
  }

  private static func look(_ path: String) -> String {
    var found = stat()
    guard stat(path, &found) == 0 else { return "\(path) -" }
    let time = found.st_mtim
    return "\(path) \(found.st_ino) \(found.st_size) \(time.tv_sec).\(time.tv_nsec)"
  }
}
