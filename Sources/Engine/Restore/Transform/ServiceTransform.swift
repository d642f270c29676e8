// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Services: addresses and ports that the old cluster gave them are given up, those that their owner chose are kept.
///
/// A port was chosen when the last applied configuration has it; without such an annotation, when some manager of the
/// object's fields has written it. Source: velero/05, section 6: `service`.
enum ServiceTransform {
  private static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

  /// - Returns: The changed service, and a warning when its last applied configuration is no JSON.
  static func apply(
    _ object: JSONValue,
    keepsNodePorts: Bool
  ) -> (object: JSONValue, warning: String?) {
    var object = object
    object.change(["spec"]) { spec in
      guard spec["clusterIP"]?.string != "None" else { return }
      spec["clusterIP"] = nil
      spec["clusterIPs"] = nil
    }
    if keepsNodePorts { return (object, nil) }
    let text = object[path: "metadata", "annotations"]?[lastApplied]?.string
    let configuration = text.flatMap { try? JSONValue(parsing: $0) }
    if text != nil, configuration == nil {
      return (object, "its annotation \(lastApplied) is no JSON, so its node ports are kept")
    }
    let chosen = ChosenPorts(configuration, managedFields: managedFields(object))
    if object[path: "spec", "type"]?.string != "ExternalName" {
      object.changeElements(["spec", "ports"]) { port in
        if !chosen.contains(port) { port["nodePort"] = nil }
      }
    }
    if isLocalLoadBalancer(object), !keepsHealthCheck(object, configuration) {
      object["spec"]?["healthCheckNodePort"] = nil
    }
    return (object, nil)
  }

  private static func managedFields(_ object: JSONValue) -> [JSONValue] {
    (object[path: "metadata", "managedFields"]?.array ?? []).compactMap { $0["fieldsV1"] }
  }

  private static func isLocalLoadBalancer(_ object: JSONValue) -> Bool {
    object[path: "spec", "externalTrafficPolicy"]?.string == "Local"
      && object[path: "spec", "type"]?.string == "LoadBalancer"
  }

  private static func keepsHealthCheck(
    _ object: JSONValue,
    _ configuration: JSONValue?
  ) -> Bool {
    if let port = configuration?[path: "spec", "healthCheckNodePort"]?.int64, port != 0 {
      return true
    }
    return managedFields(object).contains { $0[path: "f:spec", "f:healthCheckNodePort"] != nil }
  }
}

/// The node ports of a service that its owner chose.
private struct ChosenPorts {
  private var names: Set<String> = []
  private var numbers: Set<Int64> = []
  private var keys: Set<String> = []

  init(_ configuration: JSONValue?, managedFields: [JSONValue]) {
    guard let configuration else {
      for fields in managedFields {
        for member in fields[path: "f:spec", "f:ports"]?.object?.members ?? []
        where member.value["f:nodePort"] != nil {
          keys.insert(member.key)
        }
      }
      return
    }
    for port in configuration[path: "spec", "ports"]?.array ?? [] {
      let number = port["nodePort"]?.int64 ?? port["nodePort"]?.string.flatMap { Int64($0) } ?? 0
      guard number > 0 else { continue }
      if let name = port["name"]?.string {
        names.insert(name)
      } else {
        numbers.insert(number)
      }
    }
  }

  func contains(_ port: JSONValue) -> Bool {
    let key =
      #"k:{"port":\#(port["port"]?.int64 ?? 0),"protocol":"\#(port["protocol"]?.string ?? "")"}"#
    if keys.contains(key) { return true }
    if let name = port["name"]?.string, !name.isEmpty { return names.contains(name) }
    return port["nodePort"]?.int64.map(numbers.contains) ?? false
  }
}
