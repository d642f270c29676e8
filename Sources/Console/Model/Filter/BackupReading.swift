// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// What a form asks for: the filter that is previewed, the backup that would be made, and what is wrong with it.
struct BackupReading: Sendable, Hashable {
  /// The name of backups that are only previewed.
  static let previewName = "preview"

  /// What decides which objects are taken, and nothing else; what is previewed and what is launched share it.
  private(set) var filter: Backup
  /// The whole backup; its filter is `filter`'s.
  private(set) var backup: Backup
  /// What is wrong, by the field it stands in.
  private(set) var problems: [BackupField: String] = [:]
  /// What is wrong with the hooks, by the field it stands in.
  var hookProblems: [HookPlace: String] = [:]
  /// What is wrong with the filter as a whole.
  private(set) var general: String?
  /// What is wrong with the filter's own fields: while there is something, nothing can be previewed.
  private(set) var isFilterSound = true

  /// Reads a form.
  ///
  /// - Parameters:
  ///   - form: The form.
  ///   - namespace: The namespace of the server that the record names.
  init(_ form: BackupForm, namespace: String) {
    filter = Backup(name: Self.previewName, namespace: namespace)
    backup = filter
    readFilter(form)
    isFilterSound = problems.isEmpty && general == nil
    readRest(form)
  }

  /// Notes what is wrong with a field, unless something is already.
  mutating func complain(_ problem: String, _ field: BackupField) {
    if problems[field] == nil { problems[field] = problem }
  }

  // The filter.

  private mutating func readFilter(_ form: BackupForm) {
    var spec = BackupSpec()
    let included = form.items(.includedNamespaces)
    spec.includedNamespaces = included.isEmpty ? ["*"] : included
    spec.excludedNamespaces = form.items(.excludedNamespaces)
    spec.includedResources = form.items(.includedResources)
    spec.excludedResources = form.items(.excludedResources)
    spec.includeClusterResources = BackupField.clusterResources(form[.clusterResources])
    spec.includedClusterScopedResources = form.items(.includedCluster)
    spec.excludedClusterScopedResources = form.items(.excludedCluster)
    spec.includedNamespaceScopedResources = form.items(.includedNamespaced)
    spec.excludedNamespaceScopedResources = form.items(.excludedNamespaced)
    readSelectors(form, &spec)
    readOrder(form, &spec)
    spec.resourcePolicyName = form[.resourcePolicy]
    filter.spec = spec
    filter.annotations = BackupScope.annotations(of: roots(form))
    guard problems.isEmpty else { return }
    do {
      general = try BackupFilter(spec).problems.first
    } catch {
      general = Failure(error).message
    }
  }

  private mutating func readSelectors(_ form: BackupForm, _ spec: inout BackupSpec) {
    func read(_ field: BackupField, _ body: (String) throws -> Void) -> String? {
      guard !form[field].isEmpty else { return nil }
      do {
        try body(form[field])
        return nil
      } catch {
        return Failure(error).message
      }
    }
    if let problem = read(.selector, { spec.labelSelector = try LabelSelector(parsing: $0) }) {
      complain(problem, .selector)
    }
    if let problem = read(
      .orSelectors,
      { spec.orLabelSelectors = try LabelSelector.alternatives(parsing: $0) }
    ) {
      complain(problem, .orSelectors)
    }
  }

  private mutating func readOrder(_ form: BackupForm, _ spec: inout BackupSpec) {
    var order: [String: String] = [:]
    for part in form[.orderedResources].split(separator: ";") {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard pair.count == 2, !pair[0].isEmpty, !pair[1].isEmpty else {
        return complain("write pods=shop/db-0,shop/db-1", .orderedResources)
      }
      order[pair[0]] = pair[1]
    }
    spec.orderedResources = order
  }

  private mutating func roots(_ form: BackupForm) -> [BackupRoot] {
    var roots: [BackupRoot] = []
    for text in form.items(.workloads) {
      do {
        roots.append(try BackupRoot(workload: text))
      } catch {
        complain("'\(text)' is no KIND/NAMESPACE/NAME", .workloads)
      }
    }
    for text in form.items(.releases) {
      do {
        roots.append(try BackupRoot(release: text))
      } catch {
        complain("'\(text)' is no NAMESPACE/NAME", .releases)
      }
    }
    return roots
  }

  // The rest.

  private mutating func readRest(_ form: BackupForm) {
    backup = filter
    backup.name = form[.name]
    if !ObjectName.isSubdomain(backup.name) {
      complain(backup.name.isEmpty ? "a backup needs a name" : ObjectName.rule, .name)
    }
    var spec = form.carried.isEmpty ? filter.spec : Self.kept(form.base, with: filter.spec)
    spec.storageLocation = form[.location]
    if let time = time(form, .timeToLive) { spec.ttl = time }
    setVolumes(form, &spec)
    readHooks(form, &spec)
    spec.json["metadata"] = form.base.json["metadata"]
    spec.templateLabels = pairs(form, .templateLabels)
    backup.spec = spec
    backup.labels = pairs(form, .labels)
    backup.annotations.merge(pairs(form, .annotations)) { own, _ in own }
    for feature in ServerFeature.allCases where feature.isAsked(in: spec) {
      complain(feature.refusal, feature.field(in: spec))
    }
  }

  /// The filter's spec with what another spec says about matters for which the form has no fields.
  private static func kept(_ base: BackupSpec, with filter: BackupSpec) -> BackupSpec {
    var spec = filter
    for member in base.json.object?.members ?? []
    where BackupForm.carriedFields.contains(member.key) {
      spec.json[member.key] = member.value
    }
    return spec
  }

  private mutating func setVolumes(_ form: BackupForm, _ spec: inout BackupSpec) {
    func choice(_ field: BackupField) -> Bool? {
      switch form[field] {
      case BackupField.yes: true
      case BackupField.no: false
      default: nil
      }
    }
    spec.snapshotVolumes = choice(.snapshotVolumes)
    spec.snapshotMoveData = choice(.snapshotMoveData)
    spec.defaultVolumesToFsBackup = choice(.fileSystemBackup)
    spec.volumeSnapshotLocations = form.items(.snapshotLocations)
    spec.volumeGroupSnapshotLabelKey = form[.groupLabel]
    spec.dataMover = form[.dataMover]
    if !form[.parallelFiles].isEmpty {
      if let count = Int(form[.parallelFiles]), (0...10_000).contains(count) {
        spec.parallelFilesUpload = count
      } else {
        complain("write a whole number up to 10000", .parallelFiles)
      }
    }
    if let time = time(form, .snapshotTimeout) { spec.csiSnapshotTimeout = time }
    if let time = time(form, .pluginTimeout) { spec.itemOperationTimeout = time }
  }

  private mutating func time(_ form: BackupForm, _ field: BackupField) -> GoDuration? {
    let text = form[field]
    guard !text.isEmpty else { return nil }
    if let time = Self.duration(text) { return time }
    complain("write a length of time, such as 720h or 30d", field)
    return nil
  }

  /// A length of time above zero in Go's form, or in whole days.
  static func duration(_ text: String) -> GoDuration? {
    let days = text.last == "d" ? Int64(text.dropLast()) : nil
    let time =
      days.flatMap { (1...36_500).contains($0) ? GoDuration(seconds: $0 * 86_400) : nil }
      ?? GoDuration(text)
    return time.flatMap { $0.nanoseconds > 0 ? $0 : nil }
  }

  private mutating func pairs(_ form: BackupForm, _ field: BackupField) -> [String: String] {
    guard let items = CommaSeparated.fields(form[field]) else {
      complain("close the quote, and write one inside as two", field)
      return [:]
    }
    var pairs: [String: String] = [:]
    for item in items {
      guard let equals = item.firstIndex(of: "="), equals != item.startIndex else {
        complain("'\(item)' is no key=value", field)
        return [:]
      }
      pairs[String(item[..<equals])] = String(item[item.index(after: equals)...])
    }
    return pairs
  }
}

extension ServerFeature {
  /// The field that asks for it.
  fileprivate func field(in spec: BackupSpec) -> BackupField {
    switch self {
    case .snapshotVolumes: .snapshotVolumes
    case .snapshotMoveData: .snapshotMoveData
    case .volumesToFileSystemBackup:
      spec.defaultVolumesToFsBackup == true ? .fileSystemBackup : .carried
    case .volumeSnapshotLocations: .snapshotLocations
    case .dataMover: .dataMover
    case .hooks: .hooks
    }
  }
}
