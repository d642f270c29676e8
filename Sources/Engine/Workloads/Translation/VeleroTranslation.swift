// SPDX-License-Identifier: Apache-2.0

public import Velero

/// A filter that is restricted to some objects, in Velero's own terms: as near as a plain spec comes to it.
///
/// Found by trying: candidates are made of namespaces, types and labels, and each is judged with the function that judges every filter.
public struct VeleroTranslation: Sendable {
  /// Namespaces, types and labels; nothing that only this engine knows.
  public let filter: BackupFilter
  /// Whether it takes just the objects that the restricted filter takes.
  public let isExact: Bool
  /// What it takes besides, sorted.
  public let extra: [ObjectAddress]
  /// What it does not take, sorted; rarely anything.
  public let lacking: [ObjectAddress]
  /// Labels with which a plain filter can be exact; nil where none are needed.
  public let proposal: LabelProposal?
  /// How many objects the restricted filter takes.
  public let count: Int

  /// What the user should know when the translation is not exact; nil when it is.
  ///
  /// The hint has the commands that put the proposed labels on, each on a line of its own.
  public var remark: SelectionRemark? {
    message.map { SelectionRemark(.warning, $0, hint: proposal.map(Self.hint)) }
  }

  /// What it takes too much or too little; nil when it is exact.
  var message: String? {
    guard !isExact else { return nil }
    var parts: [String] = []
    if !extra.isEmpty { parts.append("takes \(Self.listed(extra)) besides") }
    if !lacking.isEmpty { parts.append("does not take \(Self.listed(lacking))") }
    // Without a difference it is but not known that there is none.
    if parts.isEmpty { parts.append("takes what can be seen of them, and perhaps more") }
    return
      "no filter of Velero's own takes just these \(count) objects; the nearest, which the record has for Velero, "
      + parts.joined(separator: " and ")
  }

  /// The commands are named up to this many.
  private static let commandLimit = 60

  private static func hint(_ proposal: LabelProposal) -> String {
    let commands = proposal.commands
    let start = "to have one, label \(proposal.objects.count) objects and select them by the label"
    guard commands.count <= commandLimit else { return start }
    return start + ":\n" + commands.joined(separator: "\n")
  }

  private static func listed(_ objects: [ObjectAddress]) -> String {
    let shown = objects.prefix(3).map(\.description)
    let rest = objects.count - shown.count
    if rest > 0 { return shown.joined(separator: ", ") + " and \(rest) more" }
    guard let last = shown.last, shown.count > 1 else { return shown.first ?? "" }
    return shown.dropLast().joined(separator: ", ") + " and \(last)"
  }

  /// The spec of a Backup with this filter instead of its own.
  public func applied(to spec: BackupSpec) -> BackupSpec {
    var spec = spec
    spec.includedNamespaces = filter.includedNamespaces
    spec.excludedNamespaces = []
    spec.includedResources = []
    spec.excludedResources = []
    spec.includeClusterResources = nil
    guard case .scoped(let lists) = filter.resources else { return spec }
    spec.includedClusterScopedResources = lists.includedCluster
    spec.excludedClusterScopedResources = lists.excludedCluster
    spec.includedNamespaceScopedResources = lists.includedNamespaced
    spec.excludedNamespaceScopedResources = lists.excludedNamespaced
    spec.labelSelector = filter.labelSelector
    spec.orLabelSelectors = filter.orLabelSelectors
    return spec
  }
}

extension VeleroTranslation {
  /// Translates a filter.
  ///
  /// - Parameters:
  ///   - target: The settled preview of the restricted filter.
  ///   - name: The backup's name, for the label that is proposed.
  ///   - evaluate: Gives the settled preview of another filter on the same objects.
  /// - Returns: The first exact translation, from plain ones to those with many selectors; otherwise the nearest of those that take
  ///   everything.
  /// - Throws: What `evaluate` throws.
  static func make(
    of target: Preview,
    name: String,
    evaluate: (BackupFilter) async throws -> Preview
  ) async throws -> VeleroTranslation {
    let taken = Set(target.takenAddresses)
    let search = TranslationSearch(target)
    var nearest: VeleroTranslation?
    for candidate in search.candidates() {
      let preview = try await evaluate(candidate)
      let own = Set(preview.takenAddresses)
      let isKnown = preview.exactness == .exact
      let translation = VeleroTranslation(
        filter: candidate,
        isExact: isKnown && own == taken,
        extra: Self.sorted(own.subtracting(taken)),
        lacking: Self.sorted(taken.subtracting(own)),
        proposal: isKnown && own == taken ? nil : LabelProposal(search, name: name),
        count: taken.count
      )
      if translation.isExact { return translation }
      if nearest.map({ translation.isNearer(than: $0) }) ?? true { nearest = translation }
    }
    guard let nearest else { preconditionFailure("there is a candidate without selectors") }
    return nearest
  }

  private func isNearer(than other: VeleroTranslation) -> Bool {
    (lacking.count, extra.count) < (other.lacking.count, other.extra.count)
  }

  private static func sorted(_ objects: Set<ObjectAddress>) -> [ObjectAddress] {
    objects.sorted { ($0.type, $0.path) < ($1.type, $1.path) }
  }
}

extension Preview {
  /// All objects that are taken.
  var takenAddresses: [ObjectAddress] {
    var taken: [ObjectAddress] = []
    forEachTaken { type, row, _ in
      taken.append(
        ObjectAddress(type: type.rule.groupResource, namespace: row.namespace, name: row.name)
      )
    }
    return taken + extras.filter(\.verdict.isTaken).map(\.address)
  }
}
