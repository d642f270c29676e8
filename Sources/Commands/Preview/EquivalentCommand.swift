// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The command line of `backup create` that asks for the same as a spec.
struct EquivalentCommand: Sendable, Hashable {
  /// The words after `binnacle`, each as it is before a shell splits the line.
  let words: [String]
  /// Fields of the spec that no flag sets.
  let flaglessFields: [String]

  private typealias Flags = BackupCreateFlags

  /// Makes the command line.
  ///
  /// - Parameters:
  ///   - backup: What is asked for.
  ///   - name: The name that stands there.
  init(_ backup: Backup, name: String) {
    let spec = backup.spec
    var words: [String] = []
    func add(_ flag: FlagSpec, _ value: String?) {
      if let value, !value.isEmpty { words += ["--\(flag.name)", value] }
    }
    func add(_ flag: FlagSpec, _ truth: Bool?) {
      if let truth { words.append("--\(flag.name)=\(truth)") }
    }
    func add(_ flag: FlagSpec, _ list: [String]) { add(flag, list.joined(separator: ",")) }
    func add(_ flag: FlagSpec, _ time: GoDuration) {
      if time.nanoseconds > 0 { add(flag, "\(time)") }
    }
    let namespaces = spec.includedNamespaces
    if namespaces != ["*"] { add(Flags.includeNamespaces.spec, namespaces) }
    add(Flags.excludeNamespaces.spec, spec.excludedNamespaces)
    add(Flags.includeResources.spec, spec.includedResources)
    add(Flags.excludeResources.spec, spec.excludedResources)
    add(Flags.includeClusterResources.spec, spec.includeClusterResources)
    add(Flags.includeClusterScoped.spec, spec.includedClusterScopedResources)
    add(Flags.excludeClusterScoped.spec, spec.excludedClusterScopedResources)
    add(Flags.includeNamespaceScoped.spec, spec.includedNamespaceScopedResources)
    add(Flags.excludeNamespaceScoped.spec, spec.excludedNamespaceScopedResources)
    add(Flags.selector.spec, spec.labelSelector?.description)
    add(Flags.orSelector.spec, spec.orLabelSelectors.map(\.description).joined(separator: " or "))
    let roots = BackupRoots(backup).all
    for root in roots { add(Self.flag(of: root), root.text) }
    add(Flags.orderedResources.spec, Self.order(spec))
    if spec.ttl != BackupOptions().defaultTimeToLive { add(Flags.timeToLive.spec, spec.ttl) }
    add(Flags.labels.spec, Self.map(backup.labels))
    let own = Set(BackupScope.annotations(of: roots).keys)
    add(Flags.annotations.spec, Self.map(backup.annotations.filter { !own.contains($0.key) }))
    if spec.storageLocation != StorageLocation.embeddedName {
      add(Flags.storageLocation.spec, spec.storageLocation)
    }
    add(Flags.snapshotVolumes.spec, spec.snapshotVolumes)
    add(Flags.volumeSnapshotLocations.spec, spec.volumeSnapshotLocations)
    add(Flags.snapshotMoveData.spec, spec.snapshotMoveData)
    add(Flags.dataMover.spec, spec.dataMover)
    add(Flags.volumesToFileSystemBackup.spec, spec.defaultVolumesToFsBackup)
    if spec.parallelFilesUpload > 0 {
      add(Flags.parallelFilesUpload.spec, "\(spec.parallelFilesUpload)")
    }
    add(Flags.csiSnapshotTimeout.spec, spec.csiSnapshotTimeout)
    add(Flags.itemOperationTimeout.spec, spec.itemOperationTimeout)
    add(Flags.resourcePolicies.spec, spec.resourcePolicyName)
    self.words = ["backup", "create", name] + words
    flaglessFields = Self.flaglessFields(spec)
  }

  private static func flag(of root: BackupRoot) -> FlagSpec {
    switch root {
    case .workload: Flags.workloads.spec
    case .release: Flags.releases.spec
    }
  }

  private static func order(_ spec: BackupSpec) -> String {
    spec.orderedResources.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      .joined(separator: ";")
  }

  /// Pairs with commas between them.
  private static func map(_ map: [String: String]) -> String {
    CommaSeparated.text(map.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" })
  }

  private static func flaglessFields(_ spec: BackupSpec) -> [String] {
    var rest = spec
    (rest.includedNamespaces, rest.excludedNamespaces) = ([], [])
    (rest.includedResources, rest.excludedResources) = ([], [])
    (rest.includedClusterScopedResources, rest.excludedClusterScopedResources) = ([], [])
    (rest.includedNamespaceScopedResources, rest.excludedNamespaceScopedResources) = ([], [])
    (rest.labelSelector, rest.orLabelSelectors) = (nil, [])
    (rest.snapshotVolumes, rest.snapshotMoveData, rest.defaultVolumesToFsBackup) = (nil, nil, nil)
    (rest.includeClusterResources, rest.orderedResources) = (nil, [:])
    (rest.storageLocation, rest.volumeSnapshotLocations, rest.dataMover) = ("", [], "")
    rest.resourcePolicyName = ""
    rest.parallelFilesUpload = 0
    var object = rest.json
    for field in ["ttl", "csiSnapshotTimeout", "itemOperationTimeout", "metadata"] {
      object[field] = nil
    }
    let members = object.object?.members ?? []
    return members.filter { !$0.value.isNothing }.map(\.key).sorted()
  }

  /// One line for a shell.
  var line: String { ShellWords.line(["binnacle"] + words) }

  /// One line for a shell; what no flag sets is named in a comment at its end.
  var annotatedLine: String {
    guard !flaglessFields.isEmpty else { return line }
    return "\(line)  # no flag sets \(flaglessFields.joined(separator: ", "))"
  }

  /// Lines for a shell, broken between flags.
  ///
  /// - Parameters:
  ///   - indentation: The spaces before the first line; the others have two more.
  ///   - columns: Where lines end, as far as words are not longer.
  /// - Returns: The lines, each with its end.
  func text(indentation: Int, columns: Int) -> String {
    let margin = String(repeating: " ", count: indentation)
    var pieces = [ShellWords.line(["binnacle"] + words.prefix(3))]
    for word in words.dropFirst(3) {
      if word.hasPrefix("--") {
        pieces.append(ShellWords.quoted(word))
      } else {
        pieces[pieces.count - 1] += " " + ShellWords.quoted(word)
      }
    }
    var lines = [margin + pieces[0]]
    for piece in pieces.dropFirst() {
      if lines[lines.count - 1].count + piece.count + 3 <= columns {
        lines[lines.count - 1] += " " + piece
      } else {
        lines[lines.count - 1] += " \\"
        lines.append(margin + "  " + piece)
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }
}

extension JSONValue {
  /// Whether Go would leave it out, or write it for nothing: null, false, 0, and what is empty.
  fileprivate var isNothing: Bool {
    switch self {
    case .null, .bool(false), .string(""): true
    case .array(let elements): elements.isEmpty
    case .object(let object): object.members.allSatisfy { $0.value.isNothing }
    case .number(let number): number == JSONNumber(0)
    case .bool, .string: false
    }
  }
}
