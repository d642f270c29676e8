// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// What is wrong with an object; as much as tests and clients run into.
struct Validation {
  var type: ResourceType
  var version: SandboxVersion

  /// Problems of an object that is made.
  func problems(creating object: JSONValue) -> [FieldProblem] {
    var problems: [FieldProblem] = []
    let name = object[path: "metadata", "name"]?.string ?? ""
    if name.isEmpty {
      problems.append(.required("metadata.name", "name or generateName is required"))
    } else if let problem = NameSyntax.problem(name, type: type, version: version) {
      problems.append(problem)
    }
    return problems + metadataProblems(object) + contentProblems(object)
  }

  /// Problems of an object that takes the place of another.
  func problems(replacing old: JSONValue, with new: JSONValue) -> [FieldProblem] {
    metadataProblems(new) + contentProblems(new) + immutabilityProblems(old, new)
  }

  private func metadataProblems(_ object: JSONValue) -> [FieldProblem] {
    (object[path: "metadata", "labels"]?.object?.members ?? []).compactMap { label in
      guard !LabelSyntax.isValue(label.value.string ?? "") else { return nil }
      return .invalid(
        "metadata.labels",
        label.value.text(),
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and"
          + " must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or"
          + " '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
      )
    }
  }

  private func contentProblems(_ object: JSONValue) -> [FieldProblem] {
    if let custom = type.custom {
      return SchemaValidation(schema: custom.schema).problems(object)
    }
    switch type.table {
    case "services.": return serviceProblems(object)
    case "pods.": return podProblems(object["spec"], "spec")
    case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps":
      return selectorProblems(object) + templateProblems(object)
    case "jobs.batch": return templateProblems(object)
    case "customresourcedefinitions.apiextensions.k8s.io": return definitionProblems(object)
    default: return []
    }
  }

  private func serviceProblems(_ object: JSONValue) -> [FieldProblem] {
    let spec = object["spec"]
    let needsPorts =
      spec?["type"]?.string != "ExternalName" && spec?["clusterIP"]?.string != "None"
    let ports = spec?["ports"]?.array ?? []
    var problems: [FieldProblem] = []
    if ports.isEmpty, needsPorts { problems.append(.required("spec.ports")) }
    for (index, port) in ports.enumerated() {
      let number = port["port"]?.int64 ?? 0
      if ports.count > 1, port["name"]?.string ?? "" == "" {
        problems.append(.required("spec.ports[\(index)].name"))
      }
      if !(1...65_535).contains(number) {
        problems.append(
          .invalid(
            "spec.ports[\(index)].port",
            "\(number)",
            "must be between 1 and 65535, inclusive"
          )
        )
      }
    }
    return problems
  }

  private func selectorProblems(_ object: JSONValue) -> [FieldProblem] {
    guard let selector = object[path: "spec", "selector"],
      let labels = selector["matchLabels"]?.object
    else {
      return object[path: "spec", "selector"] == nil ? [.required("spec.selector")] : []
    }
    let template = object[path: "spec", "template", "metadata", "labels"]
    guard labels.members.contains(where: { template?[$0.key] != $0.value }) else { return [] }
    let shown = (template ?? .null).text(.go)
    return [
      .invalid(
        "spec.template.metadata.labels",
        version == .v1_20 ? "map[string]string" + shown : shown,
        "`selector` does not match template `labels`"
      )
    ]
  }

  private func templateProblems(_ object: JSONValue) -> [FieldProblem] {
    podProblems(object[path: "spec", "template", "spec"], "spec.template.spec")
  }

  private func podProblems(_ spec: JSONValue?, _ path: String) -> [FieldProblem] {
    guard let containers = spec?["containers"]?.array, !containers.isEmpty else {
      return [.required(path + ".containers")]
    }
    return containers.enumerated().flatMap { index, container in
      ["name", "image"].filter { container[$0]?.string ?? "" == "" }.map {
        FieldProblem.required("\(path).containers[\(index)].\($0)")
      }
    }
  }

  private func definitionProblems(_ object: JSONValue) -> [FieldProblem] {
    let group = object[path: "spec", "group"]?.string ?? ""
    let plural = object[path: "spec", "names", "plural"]?.string ?? ""
    var problems: [FieldProblem] = []
    let name = object[path: "metadata", "name"]?.string ?? ""
    if name != plural + "." + group {
      problems.append(
        .invalid("metadata.name", "\"\(name)\"", "must be spec.names.plural+\".\"+spec.group")
      )
    }
    if group.isEmpty { problems.append(.required("spec.group")) }
    if object[path: "spec", "scope"] == nil { problems.append(.required("spec.scope")) }
    let hasList = object[path: "spec", "version"] == nil
    if hasList,
      (object[path: "spec", "versions"]?.array ?? []).filter({ $0["storage"]?.bool == true }).count
        != 1
    {
      problems.append(
        .invalid(
          "spec.versions",
          (object[path: "spec", "versions"] ?? .null).text(),
          "must have exactly one version marked as storage version"
        )
      )
    }
    return problems
  }

  private func immutabilityProblems(_ old: JSONValue, _ new: JSONValue) -> [FieldProblem] {
    switch type.table {
    case "deployments.apps", "replicasets.apps", "statefulsets.apps", "daemonsets.apps",
      "jobs.batch":
      guard let before = old[path: "spec", "selector"], let after = new[path: "spec", "selector"],
        before != after
      else { return [] }
      return [.invalid("spec.selector", selectorText(after), "field is immutable")]
    case "configmaps.", "secrets.":
      guard old["immutable"]?.bool == true,
        old["data"] != new["data"] || old["binaryData"] != new["binaryData"]
          || new["immutable"]?.bool != true
      else { return [] }
      return [.forbidden("data", "field is immutable when `immutable` is set")]
    case "services.":
      let before = old[path: "spec", "clusterIP"]?.string ?? ""
      guard !before.isEmpty, let after = new[path: "spec", "clusterIP"]?.string, after != before,
        new[path: "spec", "type"]?.string != "ExternalName"
      else { return [] }
      return [
        .invalid("spec.clusterIPs[0]", "[\"\(after)\"]", "may not change once set")
      ]
    case "rolebindings.rbac.authorization.k8s.io", "clusterrolebindings.rbac.authorization.k8s.io":
      guard old["roleRef"] != new["roleRef"] else { return [] }
      return [
        .invalid("roleRef", (new["roleRef"] ?? .null).text(), "cannot change roleRef")
      ]
    default: return []
    }
  }

  private func selectorText(_ selector: JSONValue) -> String {
    guard version == .v1_20 else { return selector.text(.go) }
    let labels = selector["matchLabels"] ?? [:]
    return "v1.LabelSelector{MatchLabels:map[string]string\(labels.text(.go)),"
      + " MatchExpressions:[]v1.LabelSelectorRequirement(nil)}"
  }
}
