// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage

/// The locations there are, and their stores.
///
/// It knows nothing of kinds of stores: whoever makes it says how a location is opened.
public struct LocationRegistry: Sendable {
  /// Opens the store of a location without a problem; nothing is read or written by it.
  ///
  /// The flag says whether something is to be written, so that a place that is missing may be made.
  public typealias Opener =
    @Sendable (StorageLocation, _ isForWriting: Bool) throws ->
    any ObjectStore

  /// The locations, at least one, in the order of the configuration.
  public let locations: [StorageLocation]
  private let opener: Opener

  /// Makes a registry.
  public init(_ locations: [StorageLocation], opener: @escaping Opener) {
    precondition(!locations.isEmpty, "there is always a location")
    self.locations = locations
    self.opener = opener
  }

  /// The location that is used when none is named: the one marked so, else the first.
  public var defaultLocation: StorageLocation {
    locations.first(where: \.isDefault) ?? locations[0]
  }

  /// The location of a name.
  ///
  /// - Throws: `EngineError` `.notFound`, with the names there are.
  public func location(named name: String) throws(EngineError) -> StorageLocation {
    if let location = locations.first(where: { $0.name == name }) { return location }
    let names = locations.map { "'\($0.name)'" }.joined(separator: ", ")
    throw EngineError(
      .notFound,
      "there is no location '\(name)'",
      hint: "the configuration knows \(names)"
    )
  }

  /// The store of a location, which refuses all writes where the location is read-only.
  ///
  /// - Parameters:
  ///   - location: One of the locations.
  ///   - isForWriting: Whether a directory that is missing may be made.
  /// - Returns: The store; nothing has been read or written yet.
  /// - Throws: `EngineError` `.unsupported` for a location with a problem; what the opener throws.
  public func store(of location: StorageLocation, isForWriting: Bool = false) throws
    -> any ObjectStore
  {
    if let problem = location.problem {
      throw EngineError(
        .unsupported,
        "cannot open the location '\(location.name)': \(problem)",
        hint: "choose another one with --location, or correct the configuration"
      )
    }
    let store = try opener(location, isForWriting && !location.isReadOnly)
    return location.isReadOnly ? ReadOnlyStore(store, location: location.name) : store
  }
}
