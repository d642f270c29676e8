// SPDX-License-Identifier: Apache-2.0

public import ObjectStorage
internal import Primitives
public import Velero

/// The restores of one store.
///
/// Names without a record are restores that Velero made, whose record is in the cluster.
public struct RestorePlace: RecordCatalog {
  /// What a restore's record is.
  public typealias Record = Restore

  /// What a run of ours writes first.
  public static let recordFile = RestoreFile.record

  /// Where the restores are.
  public let store: any ObjectStore
  /// How their keys are made.
  public let layout: StoreLayout
  /// Whether it is this machine's own place, for stores that take no writes.
  public let isLocal: Bool

  init(store: any ObjectStore, layout: StoreLayout, isLocal: Bool) {
    self.store = store
    self.layout = layout
    self.isLocal = isLocal
  }

  /// What the keys of all restores start with.
  public var root: String { layout.restores }

  /// The restore that a common prefix stands for; nil for other text.
  public func name(ofPrefix prefix: String) -> String? { layout.restoreName(ofPrefix: prefix) }

  /// The key of a file of a restore.
  public func key(_ file: RestoreFile, of name: String) -> String {
    layout.key(file, ofRestore: name)
  }

  /// What failed in a restore and what is still to do; nil for one that says nothing of it, as Velero's do.
  ///
  /// - Throws: `EngineError` `.corrupt` when the file is damaged; `ObjectStoreError` when it cannot be read.
  public func outcome(of name: String) async throws -> RestoreOutcomeFile? {
    guard let json = try await json(.outcome, of: name) else { return nil }
    do throws(VeleroError) {
      return try RestoreOutcomeFile(json: json)
    } catch {
      throw damaged(key(.outcome, of: name), error.message)
    }
  }

  /// The warnings and errors of a restore; nil when the file is missing.
  ///
  /// - Throws: As `outcome`.
  public func results(of name: String) async throws -> OperationResults? {
    try await json(.results, of: name).map(OperationResults.init(json:))
  }
}
