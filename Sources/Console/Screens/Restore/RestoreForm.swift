// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal
internal import Velero

/// What a restore is asked for, as a form.
struct RestoreForm: Sendable {
  /// The fields, by what the form knows them by.
  enum Field: String, CaseIterable, Sendable {
    case name, objects, dependencies
    case includedNamespaces, excludedNamespaces, mapping
    case includedResources, excludedResources, clusterScoped, labels, orLabels
    case existing, keepOwners, nodePorts, status
    case storageClasses, images, nodeLabels, modifiers
  }

  /// The words for what is done about cluster-scoped objects, and what each is to the spec.
  private static let scopes: [(word: String, value: Bool?)] = [
    ("as needed", nil), ("all", true), ("none", false),
  ]

  /// The fields.
  private(set) var form: Form
  /// What the fields say.
  private(set) var draft: RestoreDraft
  /// Names of restores that are there already.
  var taken: Set<String> = [] {
    didSet { if taken != oldValue { check() } }
  }
  /// What the archive holds; nil while it is not known.
  var contents: ArchiveContents?

  /// Makes the form of a restore of all that a seed names.
  init(_ seed: RestoreSeed, name: String, namespace: String) {
    draft = RestoreDraft(name: name, namespace: namespace, backup: seed.place.name)
    form = Form(Self.fields(seed, name: name))
    check()
  }

  /// Whether it can be planned.
  var isValid: Bool { form.isValid }

  /// The first thing that is wrong.
  var problem: String? { form.fields.lazy.compactMap(\.error).first }

  /// What would be planned and run; nil while something is wrong.
  var request: RestoreRequest? { isValid ? try? draft.request() : nil }

  /// Gives a key or a paste to the field with the focus.
  mutating func handle(_ event: InputEvent) -> FormResult {
    let before = form.focus
    let result = form.handle(event)
    if case .changed = result {
      check()
      form.offer(completions)
    } else if form.focus != before {
      // What was being typed in a list has become one of its items.
      check()
    }
    return result
  }

  /// Puts the focus on a field.
  mutating func focus(_ id: String) { form.setFocus(id) }

  /// Takes a completion that was pressed.
  mutating func accept(_ text: String) {
    _ = form.accept(text)
    check()
  }

  /// Reads the fields into the draft, and says in each what is wrong with it.
  private mutating func check() {
    for field in Field.allCases { form[field.rawValue]?.error = nil }
    draft.name = text(.name)
    var spec = draft.spec
    let included = items(.includedNamespaces)
    spec.includedNamespaces = included.isEmpty ? ["*"] : included
    spec.excludedNamespaces = items(.excludedNamespaces)
    spec.includedResources = items(.includedResources)
    spec.excludedResources = items(.excludedResources)
    spec.includeClusterResources = Self.scopes.first { $0.word == text(.clusterScoped) }?.value
    spec.namespaceMapping = map(.mapping, ":")
    spec.preserveNodePorts = isOn(.nodePorts) ? true : nil
    let status = items(.status)
    spec.restoreStatus = status.isEmpty ? nil : RestoreStatusSpec(includedResources: status)
    spec.labelSelector = selector()
    spec.orLabelSelectors = alternatives()
    spec.resourceModifierName = text(.modifiers)
    draft.spec = spec
    draft.policy = RestoreDraft.Policy(rawValue: text(.existing))
    draft.options.objects = items(.objects)
    draft.options.takesDependencies = isOn(.dependencies)
    draft.options.keepsOwners = isOn(.keepOwners)
    draft.options.maps.storageClasses = map(.storageClasses, "=")
    draft.options.maps.images = map(.images, "=").sorted { $0.key < $1.key }
      .map { RestoreMaps.ImageRule(old: $0.key, new: $0.value) }
    draft.options.maps.nodeLabels = map(.nodeLabels, ":")
    for problem in draft.problems { tell(problem) }
    if taken.contains(draft.name) {
      form[Field.name.rawValue]?.error = "there is a restore of this name"
    }
  }

  private mutating func tell(_ problem: RestoreDraftProblem) {
    let field: Field =
      switch problem {
      case .name: .name
      case .mapping: .mapping
      case .object: .objects
      case .dependenciesWithoutObjects: .dependencies
      case .nodeLabel: .nodeLabels
      case .filter(let reasons):
        if reasons.contains(where: { $0.contains("namespace") }) {
          .includedNamespaces
        } else {
          reasons.contains { $0.contains("or-selectors") } ? .orLabels : .includedResources
        }
      }
    let text = problem.message.split(separator: "\n").first.map(String.init) ?? problem.message
    if form[field.rawValue]?.error == nil { form[field.rawValue]?.error = text }
  }

  private mutating func selector() -> LabelSelector? {
    let text = text(.labels)
    guard !text.isEmpty else { return nil }
    do throws(VeleroError) {
      return try LabelSelector(parsing: text)
    } catch {
      form[Field.labels.rawValue]?.error = error.message
      return nil
    }
  }

  private mutating func alternatives() -> [LabelSelector] {
    let text = text(.orLabels)
    guard !text.isEmpty else { return [] }
    do throws(VeleroError) {
      return try LabelSelector.alternatives(parsing: text)
    } catch {
      form[Field.orLabels.rawValue]?.error = error.message
      return []
    }
  }

  /// The parts of each item before and behind the first separator.
  private mutating func map(_ field: Field, _ separator: Character) -> [String: String] {
    var map: [String: String] = [:]
    for item in items(field) {
      guard let place = item.firstIndex(of: separator), place != item.startIndex else {
        form[field.rawValue]?.error = "write OLD\(separator)NEW in place of '\(item)'"
        continue
      }
      map[String(item[..<place])] = String(item[item.index(after: place)...])
    }
    return map
  }

  private func text(_ field: Field) -> String {
    (form[field.rawValue]?.text ?? "").trimmingBlanks
  }
  private func items(_ field: Field) -> [String] {
    (form[field.rawValue]?.items ?? []).map(\.trimmingBlanks).filter { !$0.isEmpty }
  }
  private func isOn(_ field: Field) -> Bool { form[field.rawValue]?.isOn ?? false }

  private static func fields(_ seed: RestoreSeed, name: String) -> [FormField] {
    var fields = [
      FormField(
        "name",
        label: "Name",
        value: .text(TextField(name)),
        help: "what the restore is called"
      )
    ]
    if let objects = seed.objects {
      fields += [
        list(.objects, "Objects", "type/namespace/name, or type/name", objects.map(\.text)),
        toggle(.dependencies, "And what they need", "as far as the backup has it"),
      ]
    }
    return fields + [
      list(.includedNamespaces, "Namespaces", "as the backup calls them, * matches; all if empty"),
      list(.excludedNamespaces, "Not namespaces", "left out"),
      list(.mapping, "Into namespaces", "FROM:TO, such as shop:shop-copy"),
      list(.includedResources, "Resources", "such as deployments.apps; all if empty"),
      list(.excludedResources, "Not resources", "left out"),
      choice(
        .clusterScoped,
        "Cluster-scoped",
        "as needed: what the restored objects refer to",
        scopes.map(\.word)
      ),
      FormField(
        Field.labels.rawValue,
        label: "Labels",
        value: .text(TextField()),
        help: "such as app=web,tier in (front,back)"
      ),
      FormField(
        Field.orLabels.rawValue,
        label: "Or labels",
        value: .text(TextField()),
        help: "any of several, such as app=web or tier=db; not together with Labels"
      ),
      choice(
        .existing,
        "If it differs",
        "none leaves it, update changes it, recreate deletes it first",
        RestoreDraft.Policy.allCases.map(\.rawValue)
      ),
      toggle(.keepOwners, "Keep owners", "owner references with the uids of the cluster"),
      toggle(.nodePorts, "Keep node ports", "else the cluster chooses them anew"),
      list(.status, "Status of", "resources whose status is restored too"),
      list(.storageClasses, "Storage classes", "OLD=NEW; the new one has to exist"),
      list(.images, "Images", "OLD=NEW, such as docker.io=registry.local"),
      list(.nodeLabels, "Node labels", "KEY=VALUE:KEY=VALUE, such as disk=hdd:disk=ssd"),
      FormField(
        Field.modifiers.rawValue,
        label: "Modifiers",
        value: .text(TextField()),
        help: "a ConfigMap with resource modifiers, in the server's namespace"
      ),
    ]
  }

  private static func list(
    _ field: Field,
    _ label: String,
    _ help: String,
    _ items: [String] = []
  ) -> FormField {
    FormField(field.rawValue, label: label, value: .list(items, TextField()), help: help)
  }

  private static func toggle(_ field: Field, _ label: String, _ help: String) -> FormField {
    FormField(field.rawValue, label: label, value: .toggle(false), help: help)
  }

  private static func choice(
    _ field: Field,
    _ label: String,
    _ help: String,
    _ words: [String]
  ) -> FormField {
    FormField(field.rawValue, label: label, value: .choice(words, selected: 0), help: help)
  }
}

extension RestoreForm {
  /// What the field with the focus could hold, as the archive has it.
  private var completions: [String] {
    guard let contents, let field = form.focused, let id = Field(rawValue: field.id),
      !field.typed.isEmpty
    else { return [] }
    let typed = field.typed
    switch id {
    case .includedNamespaces, .excludedNamespaces:
      return Self.found(typed, in: contents.namespaces.keys)
    case .mapping:
      guard !typed.contains(":") else { return [] }
      return Self.found(typed, in: contents.namespaces.keys).map { "\($0):\($0)-restored" }
    case .includedResources, .excludedResources, .status:
      return Self.found(typed, in: contents.types.keys)
    case .labels: return labelCompletions(typed, contents)
    case .name, .objects, .dependencies, .clusterScoped, .existing, .keepOwners, .nodePorts,
      .storageClasses, .images, .nodeLabels, .orLabels, .modifiers:
      return []
    }
  }

  /// Keys, and behind `=` values, of the last requirement.
  private func labelCompletions(_ typed: String, _ contents: ArchiveContents) -> [String] {
    let last = typed.lastIndex(of: ",").map { typed.index(after: $0) } ?? typed.startIndex
    let (before, part) = (typed[..<last], typed[last...])
    guard let equals = part.firstIndex(of: "=") else {
      return Self.found(String(part), in: contents.labels.keys).map { "\(before)\($0)=" }
    }
    let key = String(part[..<equals])
    let value = String(part[part.index(after: equals)...])
    return Self.found(value, in: contents.labels[key] ?? []).map { "\(before)\(key)=\($0)" }
  }

  /// Those that hold the text, those that begin with it first; nothing when it is one of them.
  private static func found(_ text: String, in names: some Sequence<String>) -> [String] {
    let found = names.filter { $0.contains(text) }.sorted {
      ($0.hasPrefix(text) ? 0 : 1, $0) < ($1.hasPrefix(text) ? 0 : 1, $1)
    }
    return found == [text] ? [] : found
  }

  /// What it asks for, in one line, where the form itself has no place.
  var summary: String {
    let spec = draft.spec
    var parts: [String] = []
    if !draft.options.objects.isEmpty {
      parts.append("\(draft.options.objects.count) named")
    }
    parts.append(
      spec.includedNamespaces == ["*"]
        ? "all namespaces" : "ns " + spec.includedNamespaces.joined(separator: ",")
    )
    if !spec.includedResources.isEmpty {
      parts.append(spec.includedResources.joined(separator: ","))
    }
    if spec.labelSelector != nil { parts.append(text(.labels)) }
    if !spec.orLabelSelectors.isEmpty { parts.append(text(.orLabels)) }
    if !spec.resourceModifierName.isEmpty { parts.append("modified by \(text(.modifiers))") }
    let mapping = spec.namespaceMapping.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
    if !mapping.isEmpty { parts.append("into " + mapping.joined(separator: ",")) }
    parts.append("existing: \(text(.existing))")
    return parts.joined(separator: "; ")
  }
}

extension String {
  /// Without blanks at its ends.
  fileprivate var trimmingBlanks: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
