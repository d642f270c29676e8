// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// Makes the restore that the flags of `restore create` and `restore preview` ask for.
struct RestoreDraft {
  /// The flags.
  let arguments: ParsedArguments
  /// The namespace that the record names.
  let namespace: String
  /// Whether the object is for a server, which does more than a run without one, and knows less.
  let isForServer: Bool

  private typealias Flags = RestoreCreateFlags

  /// The restore, but for the backup it is made from.
  ///
  /// - Parameter name: The restore's name, which is checked.
  /// - Returns: What would be run; its filter is sound by Velero's rules.
  /// - Throws: `UsageError` for flags that contradict each other or cannot be read; `CommandFailure` for what does not work
  ///   without a server yet, and for a file that cannot be read.
  func request(named name: String) throws -> RestoreRequest {
    try refuseUnsupported()
    try ObjectName.check(name, of: "restore")
    var restore = Restore(name: name, namespace: namespace, spec: try spec())
    restore.labels = try arguments.labels()
    restore.annotations = arguments.map(Flags.annotations)
    if let file = arguments[Flags.resourceModifiers] {
      restore.annotations[RestoreOptions.modifiersAnnotation] = try modifiers(file)
    }
    let problems = try RestoreFilter(restore.spec).problems
    guard problems.isEmpty else {
      throw UsageError(
        problems.joined(separator: "\n"),
        hint: "correct the filter; 'binnacle restore create --help' explains its flags"
      )
    }
    return RestoreRequest(restore: restore, options: try options())
  }

  private func spec() throws -> RestoreSpec {
    var spec = RestoreSpec()
    spec.includedNamespaces = arguments[Flags.includeNamespaces] ?? ["*"]
    spec.excludedNamespaces = arguments[Flags.excludeNamespaces] ?? []
    spec.includedResources = arguments[Flags.includeResources] ?? []
    spec.excludedResources = arguments[Flags.excludeResources] ?? []
    spec.includeClusterResources = arguments[Flags.includeClusterResources]
    spec.namespaceMapping = try mapping()
    try arguments.setSelectors(&spec)
    spec.restorePVs = arguments[Flags.restoreVolumes]
    spec.preserveNodePorts = arguments[Flags.preserveNodePorts]
    if let included = arguments[Flags.statusIncludeResources], !included.isEmpty {
      spec.restoreStatus = RestoreStatusSpec(
        includedResources: included,
        excludedResources: arguments[Flags.statusExcludeResources] ?? []
      )
    }
    let policy = arguments[Flags.existingResourcePolicy] ?? ""
    // The spec has no word for it; the options have.
    spec.existingResourcePolicy = policy == Self.recreate ? "" : policy
    if let name = arguments[Flags.resourceModifierConfigMap] { spec.resourceModifierName = name }
    if let timeout = arguments[Flags.itemOperationTimeout] { spec.itemOperationTimeout = timeout }
    spec.writeSparseFiles = arguments[Flags.writeSparseFiles]
    spec.parallelFilesDownload = arguments[Flags.parallelFilesDownload] ?? 0
    return spec
  }

  /// The word of `--existing-resource-policy` that Velero does not know.
  private static let recreate = "recreate"

  private func mapping() throws(UsageError) -> [String: String] {
    let mapping = arguments.map(Flags.namespaceMappings)
    for (from, to) in mapping.sorted(by: { $0.key < $1.key }) {
      for name in [from, to] where !ObjectName.isLabel(name) {
        throw UsageError(
          "flag '--namespace-mappings' cannot hold '\(from):\(to)': '\(name)' cannot be a namespace",
          hint: "write namespaces of the backup with those that take their objects: shop:shop-copy"
        )
      }
    }
    return mapping
  }

  private func options() throws(UsageError) -> RestoreOptions {
    var options = RestoreOptions(
      objects: arguments[Flags.objects] ?? [],
      takesDependencies: arguments[Flags.withDependencies] ?? false,
      recreates: arguments[Flags.existingResourcePolicy] == Self.recreate,
      keepsOwners: arguments[Flags.keepOwners] ?? false
    )
    for object in options.objects where ObjectAddress(parsing: object) == nil {
      throw UsageError(
        "flag '--object' cannot be '\(object)'",
        hint: "write type/namespace/name, such as configmaps/shop/settings, or type/name"
      )
    }
    if options.takesDependencies, options.objects.isEmpty {
      throw UsageError(
        "'--with-dependencies' needs '--object'",
        hint: "a restore without single objects takes all that its filter takes"
      )
    }
    options.maps = RestoreMaps(
      images: (arguments[Flags.images] ?? []).map { .init(old: $0.key, new: $0.value) },
      storageClasses: arguments.map(Flags.storageClasses),
      nodeLabels: try nodeLabels()
    )
    options.order = arguments[Flags.priorities].map { RestoreOrder(parsing: $0) }
    return options
  }

  private func nodeLabels() throws(UsageError) -> [String: String] {
    let labels = arguments.map(Flags.nodeSelectors)
    for (old, new) in labels.sorted(by: { $0.key < $1.key }) {
      guard old.contains("="), new.isEmpty || new.contains("=") else {
        throw UsageError(
          "flag '--map-node-selector' cannot hold '\(old):\(new)'",
          hint: "write labels as KEY=VALUE:KEY=VALUE, such as disk=hdd:disk=ssd"
        )
      }
    }
    return labels
  }

  /// The text of a file of resource modifiers, when Velero would take it.
  private func modifiers(_ file: String) throws -> String {
    if arguments.has(Flags.resourceModifierConfigMap.spec) {
      throw UsageError(
        "'--resource-modifiers' and '--resource-modifier-configmap' do not go together",
        hint: "put the rules of both into one file"
      )
    }
    let bytes = try LocalFile.contents(file, limitBytes: RestoreOptions.modifiersLimitBytes)
    let text = String(decoding: bytes, as: UTF8.self)
    do throws(VeleroError) {
      _ = try ResourceModifiers(yaml: text, source: file)
    } catch {
      throw UsageError(error.message, hint: "correct the file that --resource-modifiers names")
    }
    return text
  }

  /// Stops at flags that ask for what a server or a run without one does not do, so that none is silently ignored.
  private func refuseUnsupported() throws {
    if isForServer {
      var own = Flags.ownOnly.first(where: arguments.has).map { "--\($0.name)" }
      if arguments[Flags.existingResourcePolicy] == Self.recreate {
        own = "--existing-resource-policy recreate"
      }
      guard let own else { return }
      throw UsageError(
        "'\(own)' is not known to a Velero server, which would restore something else",
        hint: "restore without -o, or leave the flag out"
      )
    }
    guard arguments[Flags.restoreVolumes] == true else { return }
    throw CommandFailure(
      exitCode: .usage,
      code: "unsupported",
      message: "'--restore-volumes' is not supported in direct mode yet",
      hint: "leave the flag out, or print the object for a Velero server with -o yaml"
    )
  }
}
