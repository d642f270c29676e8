// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

extension RestoreForm {
  /// Offers what the field with the focus could hold.
  ///
  /// - Parameters:
  ///   - contents: What the archive holds; nil while it is not known.
  ///   - inventory: The target's objects; nil while they are not known.
  ///   - isAsked: Whether it is offered although nothing is typed.
  mutating func offer(
    _ contents: ArchiveContents?,
    _ inventory: InventorySnapshot?,
    isAsked: Bool = false
  ) {
    guard let focused = form.focused, let field = Field(rawValue: focused.id),
      isAsked || !focused.typed.isEmpty
    else { return form.offer([]) }
    let typed = focused.typed
    let taken = typed.isEmpty ? items(field) : items(field).dropLast()
    form.offer(
      WordCompletion.ranked(
        words(field, typed, contents, inventory),
        typed,
        without: Set(taken)
      )
    )
  }

  private func words(
    _ field: Field,
    _ typed: String,
    _ contents: ArchiveContents?,
    _ inventory: InventorySnapshot?
  ) -> [String] {
    switch field {
    case .includedNamespaces, .excludedNamespaces:
      (contents?.namespaces.keys.sorted() ?? [])
    case .mapping:
      typed.contains(":")
        ? [] : (contents?.namespaces.keys.sorted() ?? []).map { "\($0):\($0)-restored" }
    case .includedResources, .excludedResources, .status: contents?.types.keys.sorted() ?? []
    case .selector: WordCompletion.selector(typed, contents?.labels ?? LabelWords())
    case .orSelectors: WordCompletion.alternatives(typed, contents?.labels ?? LabelWords())
    case .storageClasses:
      typed.firstIndex(of: "=").map { equals in
        WordCompletion.names(of: "storageclasses.storage.k8s.io", inventory)
          .map { "\(typed[...equals])\($0)" }
      } ?? []
    case .modifiers:
      WordCompletion.names(of: "configmaps", in: draft.namespace, inventory)
    case .name, .objects, .dependencies, .clusterResources, .existing, .keepOwners, .nodePorts,
      .images, .nodeLabels:
      []
    }
  }
}
