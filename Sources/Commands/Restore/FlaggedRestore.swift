// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives
internal import Velero

/// The restore that the flags of `restore create` and `restore preview` ask for.
struct FlaggedRestore {
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
    var draft = RestoreDraft(name: name, namespace: namespace)
    draft.spec = try spec()
    draft.policy = arguments[Flags.existingResourcePolicy].flatMap {
      RestoreDraft.Policy(rawValue: $0)
    }
    draft.options = options()
    var request: RestoreRequest
    do throws(RestoreDraftProblem) {
      request = try draft.request()
    } catch {
      throw UsageError(error)
    }
    request.restore.labels = try arguments.labels()
    request.restore.annotations = arguments.map(Flags.annotations)
    if let file = arguments[Flags.resourceModifiers] {
      request.restore.annotations[RestoreOptions.modifiersAnnotation] = try modifiers(file)
    }
    return request
  }

  private func spec() throws -> RestoreSpec {
    var spec = RestoreSpec()
    spec.includedNamespaces = arguments[Flags.includeNamespaces] ?? ["*"]
    spec.excludedNamespaces = arguments[Flags.excludeNamespaces] ?? []
    spec.includedResources = arguments[Flags.includeResources] ?? []
    spec.excludedResources = arguments[Flags.excludeResources] ?? []
    spec.includeClusterResources = arguments[Flags.includeClusterResources]
    spec.namespaceMapping = arguments.map(Flags.namespaceMappings)
    try arguments.setSelectors(&spec)
    spec.restorePVs = arguments[Flags.restoreVolumes]
    spec.preserveNodePorts = arguments[Flags.preserveNodePorts]
    if let included = arguments[Flags.statusIncludeResources], !included.isEmpty {
      spec.restoreStatus = RestoreStatusSpec(
        includedResources: included,
        excludedResources: arguments[Flags.statusExcludeResources] ?? []
      )
    }
    if let name = arguments[Flags.resourceModifierConfigMap] { spec.resourceModifierName = name }
    if let timeout = arguments[Flags.itemOperationTimeout] { spec.itemOperationTimeout = timeout }
    spec.writeSparseFiles = arguments[Flags.writeSparseFiles]
    spec.parallelFilesDownload = arguments[Flags.parallelFilesDownload] ?? 0
    return spec
  }

  private func options() -> RestoreOptions {
    var options = RestoreOptions(
      objects: arguments[Flags.objects] ?? [],
      takesDependencies: arguments[Flags.withDependencies] ?? false,
      keepsOwners: arguments[Flags.keepOwners] ?? false
    )
    options.maps = RestoreMaps(
      images: (arguments[Flags.images] ?? []).map { .init(old: $0.key, new: $0.value) },
      storageClasses: arguments.map(Flags.storageClasses),
      nodeLabels: arguments.map(Flags.nodeSelectors)
    )
    options.order = arguments[Flags.priorities].map { RestoreOrder(parsing: $0) }
    return options
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
      if arguments[Flags.existingResourcePolicy] == RestoreDraft.Policy.recreate.rawValue {
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

extension UsageError {
  /// What is wrong with a draft, in the words of the flags.
  fileprivate init(_ problem: RestoreDraftProblem) {
    let message: String
    var hint = problem.hint
    switch problem {
    case .name: message = problem.message
    case .mapping(let from, let to, _):
      message =
        "flag '--namespace-mappings' cannot hold '\(from):\(to)': \(problem.message)"
    case .object(let text): message = "flag '--object' cannot be '\(text)'"
    case .dependenciesWithoutObjects: message = "'--with-dependencies' needs '--object'"
    case .nodeLabel(let old, let new):
      message = "flag '--map-node-selector' cannot hold '\(old):\(new)'"
    case .filter:
      message = problem.message
      hint = "correct the filter; 'binnacle restore create --help' explains its flags"
    }
    self.init(message, hint: hint)
  }
}
