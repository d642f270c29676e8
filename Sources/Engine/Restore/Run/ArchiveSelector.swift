// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Synchronization
public import Velero

/// The part of a restore that decides which objects of its backup it takes.
public struct ArchiveSelection: Sendable, Hashable {
  /// The filter.
  public var filter: RestoreFilter
  /// Where the objects of namespaces go, which remarks are about.
  public var mapping: NamespaceMapping
  /// Single objects, as in `RestoreOptions`.
  public var objects: [String]
  /// Whether what those refer to is taken too.
  public var takesDependencies: Bool

  /// Takes it out of what a restore is asked for.
  ///
  /// - Throws: `VeleroError` when a selector makes no sense.
  public init(_ spec: RestoreSpec, _ options: RestoreOptions) throws {
    filter = try RestoreFilter(spec)
    mapping = NamespaceMapping(spec.namespaceMapping)
    objects = options.objects
    takesDependencies = options.takesDependencies
  }

  /// The first thing that is wrong with it; nil when it is sound.
  var problem: String? { (filter.problems + mapping.problems).first }
}

/// Says what restores of one archive would take, again and again while somebody composes one.
///
/// What objects bring along is read from the archive once, when a filter first leaves something out that may be needed.
public final class ArchiveSelector: Sendable {
  private let index: ArchiveIndex
  private let reader: ArchiveItemReader
  private let needs = Mutex<[Int: [ObjectAddress]]?>(nil)

  /// Takes an archive.
  public init(index: ArchiveIndex, reader: ArchiveItemReader) {
    self.index = index
    self.reader = reader
  }

  /// Says what is taken and why.
  ///
  /// - Parameters:
  ///   - selection: What is asked for.
  ///   - discovery: What the target serves; entries of the filter are resolved by it.
  ///   - onDraft: Told what is taken as far as the index says it, before the archive itself has to be read.
  /// - Returns: What is taken, with all that is brought along.
  /// - Throws: `EngineError` `.invalid` for a filter that makes no sense, `.notFound` for a named object that the archive lacks,
  ///   `.corrupt`; `VeleroError`; `ObjectStoreError`; `CancellationError`.
  public func preview(
    _ selection: ArchiveSelection,
    discovery: Discovery,
    onDraft: (ArchivePreview) -> Void = { _ in }
  ) async throws -> ArchivePreview {
    if let problem = selection.problem { throw EngineError(.invalid, problem) }
    let rules = RestoreSelection(filter: selection.filter, discovery: discovery)
    let asked = try await AskedObjects.read(
      selection.objects,
      withDependencies: selection.takesDependencies,
      in: index,
      reader,
      discovery: discovery
    )
    var choice = rules.choose(from: index, only: asked.chosen)
    let isWhole = NeedReading.isWhole(choice, index)
    if !isWhole {
      if needs.withLock({ $0 }) == nil {
        onDraft(preview(choice, selection, rules, asked, isWhole: false))
      }
      let needs = try await readNeeds()
      choice = rules.choose(from: index, only: asked.chosen) { needs[$0] ?? [] }
    }
    try Task.checkCancellation()
    return preview(choice, selection, rules, asked, isWhole: true)
  }

  private func preview(
    _ choice: RestoreChoice,
    _ selection: ArchiveSelection,
    _ rules: RestoreSelection,
    _ asked: AskedObjects,
    isWhole: Bool
  ) -> ArchivePreview {
    let remarks = RestoreRemarks(
      selection: rules,
      mapping: selection.mapping,
      index: index,
      choice: choice
    )
    return ArchivePreview(
      index,
      choice,
      filter: selection.filter,
      named: asked.named,
      remarks: remarks.all + asked.remarks,
      isWhole: isWhole
    )
  }

  private func readNeeds() async throws -> [Int: [ObjectAddress]] {
    if let known = needs.withLock({ $0 }) { return known }
    let read = try await NeedReading.read(index, reader)
    needs.withLock { $0 = read }
    return read
  }
}
