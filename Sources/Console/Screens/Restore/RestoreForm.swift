// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal
internal import Velero

/// What a restore is asked for, as a form.
struct RestoreForm: Sendable {
  /// The fields, by what the form knows them by.
  enum Field: String, CaseIterable, Sendable {
    case name, objects, dependencies
    // These are the filter's own, and bear the names of `BackupField`.
    case includedNamespaces, excludedNamespaces
    case includedResources, excludedResources, clusterResources, selector, orSelectors
    case mapping
    case existing, keepOwners, nodePorts, status
    case storageClasses, images, nodeLabels, modifiers
  }

  /// The fields.
  var form: Form
  /// What the fields say.
  private(set) var draft: RestoreDraft
  /// Names of restores that are there already.
  var taken: Set<String> = [] {
    didSet { if taken != oldValue { check() } }
  }
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

  /// What decides which objects are taken; nil while something is wrong with that.
  var selection: ArchiveSelection? {
    let fields: [Field] = [
      .objects, .dependencies, .includedNamespaces, .excludedNamespaces, .mapping,
      .includedResources, .excludedResources, .clusterResources, .selector, .orSelectors,
    ]
    guard fields.allSatisfy({ form[$0.rawValue]?.error == nil }) else { return nil }
    return try? ArchiveSelection(draft.spec, draft.options)
  }

  /// Puts items into a list in place of those that are there.
  mutating func set(_ items: [String], _ field: Field) {
    form[field.rawValue]?.value = .list(items, TextField())
    check()
  }

  /// Gives a key or a paste to the field with the focus.
  mutating func handle(_ event: InputEvent) -> FormResult {
    let before = form.focus
    let result = form.handle(event)
    if case .changed = result {
      check()
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
    spec.includeClusterResources = BackupField.clusterResources(text(.clusterResources))
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
          reasons.contains { $0.contains("or-selectors") } ? .orSelectors : .includedResources
        }
      }
    let text = problem.message.split(separator: "\n").first.map(String.init) ?? problem.message
    if form[field.rawValue]?.error == nil { form[field.rawValue]?.error = text }
  }

  private mutating func selector() -> LabelSelector? {
    let text = text(.selector)
    guard !text.isEmpty else { return nil }
    do throws(VeleroError) {
      return try LabelSelector(parsing: text)
    } catch {
      form[Field.selector.rawValue]?.error = error.message
      return nil
    }
  }

  private mutating func alternatives() -> [LabelSelector] {
    let text = text(.orSelectors)
    guard !text.isEmpty else { return [] }
    do throws(VeleroError) {
      return try LabelSelector.alternatives(parsing: text)
    } catch {
      form[Field.orSelectors.rawValue]?.error = error.message
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
  func items(_ field: Field) -> [String] {
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
      like(.includedNamespaces, "as the backup calls them; all when empty"),
      like(.excludedNamespaces),
      list(.mapping, "  into", "FROM:TO, such as shop:shop-copy"),
      like(.includedResources),
      like(.excludedResources),
      like(.clusterResources, "as needed: what restored objects need"),
      like(.selector),
      like(.orSelectors),
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

  /// A field of the filter, as the form for a new backup has it.
  private static func like(_ field: BackupField, _ help: String? = nil) -> FormField {
    var form = field.empty(locations: [])
    if let help { form.help = help }
    return form
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
    if spec.labelSelector != nil { parts.append(text(.selector)) }
    if !spec.orLabelSelectors.isEmpty { parts.append(text(.orSelectors)) }
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
