// SPDX-License-Identifier: Apache-2.0

public import Velero

/// Where filters are kept by name, as the console is given it: files of the user, each a Backup that `backup create -f` could read.
public struct FilterLibrary: Sendable {
  /// The names of all filters.
  public var names: @Sendable () async throws -> [String]
  /// Reads a filter.
  public var read: @Sendable (_ name: String) async throws -> SavedFilter
  /// Keeps a filter, in place of one of the same name if there is one; gives back where, for people.
  public var write: @Sendable (_ name: String, Backup) async throws -> String

  /// Puts a library together.
  public init(
    names: @escaping @Sendable () async throws -> [String],
    read: @escaping @Sendable (_ name: String) async throws -> SavedFilter,
    write: @escaping @Sendable (_ name: String, Backup) async throws -> String
  ) {
    self.names = names
    self.read = read
    self.write = write
  }
}
