// SPDX-License-Identifier: Apache-2.0

/// Where files of the user live, after the XDG base directory specification.
struct Directories: Sendable, Hashable {
  /// What the user has set, as a file that need not be there; nil where there is no place for it.
  let configuration: String?
  /// The store that is used when no other is named.
  let store: String
  /// The journal of running operations and the program's own logs.
  let state: String
  /// What can be made again, such as indexes of archives in stores that cannot be written; nil where there is no place.
  let cache: String?
  /// The filters that are kept by name; nil where there is no place for them.
  let filters: String?

  /// Reads the places from the environment.
  ///
  /// A relative path in an XDG variable is ignored, as the specification demands.
  ///
  /// - Throws: `UsageError` when neither the variables nor `HOME` are set.
  init(environment: [String: String]) throws(UsageError) {
    func base(_ variable: String, _ fallback: String) throws(UsageError) -> String {
      if let path = environment[variable], path.hasPrefix("/") { return path }
      if let home = environment["HOME"], !home.isEmpty { return home + "/" + fallback }
      throw UsageError(
        "cannot tell where the user's files are: neither $\(variable) nor $HOME is set",
        hint: "set $HOME, or name the store with --store DIR"
      )
    }
    configuration = try? base("XDG_CONFIG_HOME", ".config") + "/binnacle/config.yaml"
    store = try base("XDG_DATA_HOME", ".local/share") + "/binnacle/store"
    state = try base("XDG_STATE_HOME", ".local/state") + "/binnacle"
    cache = try? base("XDG_CACHE_HOME", ".cache") + "/binnacle"
    filters = try? base("XDG_CONFIG_HOME", ".config") + "/binnacle/filters"
  }

  /// The restores of stores that take no writes.
  var restores: String { state + "/restores" }

  /// What was found of locations when they were probed.
  var locations: String { state + "/locations" }

  /// The user's own themes; nil where there is no place for them.
  var themes: String? { configuration.map { "\($0.dropLast("config.yaml".count))themes" } }

  /// The journal of running operations.
  var operations: String { state + "/operations" }
}
