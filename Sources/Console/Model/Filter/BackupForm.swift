// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Terminal
internal import Velero

/// The form for a new backup: what is typed, and what of a filter from elsewhere has no field.
struct BackupForm: Sendable, Hashable {
  /// The fields, in the order of `BackupField`, those of each hook after their list.
  var form: Form
  /// The spec that the form was filled with; what has a field is taken from there instead.
  private(set) var base = BackupSpec()
  /// The hooks with which their fields began, in the order of the list.
  var hooks: [BackupHook] = []

  /// The form of a backup of everything.
  ///
  /// - Parameters:
  ///   - name: The proposed name.
  ///   - locations: The names of the locations; the first is chosen.
  init(name: String, locations: [String]) {
    let fields = BackupField.allCases.filter { $0 != .carried }
    form = Form(fields.map { $0.empty(locations: locations) })
    self[.name] = name
  }

  /// What a field holds as one text.
  subscript(_ field: BackupField) -> String {
    get { form[field.rawValue]?.text ?? "" }
    set {
      guard var target = form[field.rawValue] else { return }
      switch target.value {
      case .text(var text):
        text.set(newValue)
        target.value = .text(text)
      case .list(_, let text):
        var text = text
        text.set("")
        target.value = .list(Self.items(newValue), text)
      case .choice(let options, let selected):
        if field == .location, !newValue.isEmpty, !options.contains(newValue) {
          // A location that is not there is said to be so, and not replaced by another one.
          target.value = .choice(options + [newValue], selected: options.count)
        } else {
          target.value = .choice(options, selected: options.firstIndex(of: newValue) ?? selected)
        }
      case .toggle: break
      }
      form[field.rawValue] = target
      if field == .hooks { followHooks() }
    }
  }

  /// The items of a list, without white space around them.
  func items(_ field: BackupField) -> [String] {
    (form[field.rawValue]?.items ?? []).map { $0.trimmed }.filter { !$0.isEmpty }
  }

  /// The field with the focus.
  var focus: BackupField? { form.focused.flatMap { BackupField(rawValue: $0.id) } }

  /// Offers other locations; the chosen one stays also when it is not there any more, which has to be told.
  mutating func offer(locations: [String]) {
    guard var field = form[BackupField.location.rawValue],
      case .choice(let former, _) = field.value, former != locations
    else { return }
    let chosen = field.text
    let choices = chosen.isEmpty || locations.contains(chosen) ? locations : locations + [chosen]
    field.value = .choice(choices, selected: choices.firstIndex(of: chosen) ?? 0)
    form[BackupField.location.rawValue] = field
  }

  /// Whether the scoped lists are in use, which do not go together with the older fields.
  var isScoped: Bool {
    let fields: [BackupField] = [
      .includedCluster, .excludedCluster, .includedNamespaced, .excludedNamespaced,
    ]
    return fields.contains { !items($0).isEmpty }
  }

  private static func items(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
  }
}

/// Filling the form.
extension BackupForm {
  /// Takes over what a backup asks for; its name stays out of it.
  mutating func fill(with backup: Backup) {
    let spec = backup.spec
    base = spec
    func list(_ items: [String]) -> String { items.joined(separator: ",") }
    func choice(_ value: Bool?) -> String {
      value.map { $0 ? BackupField.yes : BackupField.no } ?? BackupField.unsaid
    }
    func time(_ value: GoDuration) -> String {
      value.nanoseconds > 0 ? HumanText.duration(value) : ""
    }
    self[.includedNamespaces] =
      spec.includedNamespaces == ["*"] ? "" : list(spec.includedNamespaces)
    self[.excludedNamespaces] = list(spec.excludedNamespaces)
    self[.includedResources] = list(spec.includedResources)
    self[.excludedResources] = list(spec.excludedResources)
    self[.clusterResources] =
      spec.includeClusterResources.map { $0 ? BackupField.all : BackupField.none }
      ?? BackupField.asNeeded
    self[.includedCluster] = list(spec.includedClusterScopedResources)
    self[.excludedCluster] = list(spec.excludedClusterScopedResources)
    self[.includedNamespaced] = list(spec.includedNamespaceScopedResources)
    self[.excludedNamespaced] = list(spec.excludedNamespaceScopedResources)
    self[.selector] = spec.labelSelector?.description ?? ""
    self[.orSelectors] = spec.orLabelSelectors.map(\.description).joined(separator: " or ")
    let roots = (try? BackupScope.roots(in: backup.annotations)) ?? []
    self[.workloads] = list(roots.filter { $0.entry.field == .workload }.map(\.text))
    self[.releases] = list(roots.filter { $0.entry.field == .helmRelease }.map(\.text))
    self[.orderedResources] = spec.orderedResources.sorted { $0.key < $1.key }
      .map { "\($0.key)=\($0.value)" }.joined(separator: ";")
    self[.resourcePolicy] = spec.resourcePolicyName
    self[.labels] = Self.pairs(backup.labels)
    self[.templateLabels] = Self.pairs(spec.templateLabels)
    let own = Set(BackupScope.annotations(of: roots).keys).union([BackupScope.filterAnnotation])
    self[.annotations] = Self.pairs(backup.annotations.filter { !own.contains($0.key) })
    self[.timeToLive] = time(spec.ttl)
    if !spec.storageLocation.isEmpty { self[.location] = spec.storageLocation }
    self[.snapshotVolumes] = choice(spec.snapshotVolumes)
    self[.snapshotMoveData] = choice(spec.snapshotMoveData)
    self[.fileSystemBackup] = choice(spec.defaultVolumesToFsBackup)
    self[.snapshotLocations] = list(spec.volumeSnapshotLocations)
    self[.groupLabel] = spec.volumeGroupSnapshotLabelKey
    self[.dataMover] = spec.dataMover
    self[.parallelFiles] = spec.parallelFilesUpload > 0 ? "\(spec.parallelFilesUpload)" : ""
    self[.snapshotTimeout] = time(spec.csiSnapshotTimeout)
    self[.pluginTimeout] = time(spec.itemOperationTimeout)
    fill(hooks: BackupHook.hooks(of: spec.hookResources))
    carry(spec)
  }

  /// Shows what has no field, so that it can be seen and left out.
  private mutating func carry(_ spec: BackupSpec) {
    form.fields.removeAll { $0.id == BackupField.carried.rawValue }
    let words = Self.carriedWords(spec)
    guard !words.isEmpty else { return }
    var field = BackupField.carried.empty(locations: [])
    field.value = .choice([words, BackupField.leftOut], selected: 0)
    form.fields.append(field)
  }

  /// What of a spec has no field, in words; empty for nothing.
  static func carriedWords(_ spec: BackupSpec) -> String {
    (spec.json.object?.members ?? []).filter { carriedFields.contains($0.key) }
      .map { "\($0.key) \($0.value.string ?? $0.value.text())" }.joined(separator: ", ")
  }

  /// The members of a spec for which the form has no fields.
  static let carriedFields: Set = ["defaultVolumesToRestic"]

  /// What has no field and is asked for all the same, in words; empty for nothing.
  var carried: String {
    let text = self[.carried]
    return text == BackupField.leftOut ? "" : text
  }

  private static func pairs(_ map: [String: String]) -> String {
    CommaSeparated.text(map.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
  }

  /// The types of which a root takes all that belongs to it; other objects are taken by their namespaces and types.
  private static let workloadTypes: Set = [
    "deployments.apps", "statefulsets.apps", "daemonsets.apps", "replicasets.apps", "jobs.batch",
    "cronjobs.batch", "pods", "replicationcontrollers",
  ]

  /// Takes over what was chosen elsewhere.
  ///
  /// - Returns: What the user should know of how it was put into a filter; nil when there is nothing to say.
  mutating func fill(with seed: FilterSeed) -> String? {
    switch seed {
    case .namespaces(let names):
      self[.includedNamespaces] = names.joined(separator: ",")
      return nil
    case .type(let name, let isOfCluster):
      self[.includedResources] = name
      if isOfCluster { self[.clusterResources] = BackupField.all }
      return nil
    case .labels(let selector):
      self[.selector] = selector
      return nil
    case .objects(let objects):
      if objects.allSatisfy({ $0.type == "namespaces" }) {
        return fill(with: .namespaces(objects.map(\.name)))
      }
      if objects.allSatisfy({ Self.workloadTypes.contains($0.type) }) {
        self[.workloads] = objects.map(\.text).joined(separator: ",")
        return nil
      }
      let namespaces = Set(objects.compactMap(\.namespace)).sorted()
      self[.includedNamespaces] = namespaces.joined(separator: ",")
      self[.includedResources] = Set(objects.map(\.type)).sorted().joined(separator: ",")
      if objects.contains(where: { $0.namespace == nil }) {
        self[.clusterResources] = BackupField.all
      }
      return "a filter names types, namespaces and labels, not single objects: see what it takes"
    }
  }
}

extension StringProtocol {
  /// The text without the white space at its ends.
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
