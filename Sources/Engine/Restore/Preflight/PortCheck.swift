// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Ports of the nodes that services of a restore want and others have.
///
/// Whether a port is in the range that the target hands out is not known to its clients. Requests: one list of all services, when
/// any port is wanted.
struct PortCheck: Sendable {
  /// A port with the service that has it.
  struct Taken: Sendable, Hashable {
    var port: Int
    var service: ObjectAddress
  }

  let reader: TargetReader

  /// - Throws: `KubernetesError` `.cancelled`.
  func findings(_ facts: PreflightFacts) async throws -> [PreflightFinding] {
    guard !facts.nodePorts.isEmpty else { return [] }
    let wanted = Set(facts.nodePorts.keys)
    let listing = try await reader.list("services", in: nil) { Self.taken($0, wanted) }
    var findings = Self.findings(facts, taken: listing.values.flatMap(\.self))
    let unknown = PreflightFinding.unknown(
      .warning,
      "which ports of the nodes are taken",
      listing.gaps,
      Self.services(facts)
    )
    if let unknown { findings.append(unknown) }
    return findings
  }

  private static func taken(_ view: JSONView, _ wanted: Set<Int>) -> [Taken]? {
    guard let spec = view["spec"], let name = view["metadata"]?["name"]?.string else { return nil }
    var ports: Set<Int> = []
    func add(_ port: JSONView?) {
      if let port = port?.value.int64, wanted.contains(Int(port)) { ports.insert(Int(port)) }
    }
    spec["ports"]?.forEachElement { add($0["nodePort"]) }
    add(spec["healthCheckNodePort"])
    guard !ports.isEmpty else { return nil }
    let service = ObjectAddress(
      type: "services",
      namespace: view["metadata"]?["namespace"]?.string,
      name: name
    )
    return ports.map { Taken(port: $0, service: service) }
  }

  private static func services(_ facts: PreflightFacts) -> FirstFew<ObjectAddress> {
    var services = FirstFew<ObjectAddress>()
    for port in facts.nodePorts.keys.sorted() {
      services.append(facts.nodePorts[port] ?? FirstFew())
    }
    return services
  }

  // What is found.

  static func findings(_ facts: PreflightFacts, taken: [Taken]) -> [PreflightFinding] {
    let owners = Dictionary(taken.map { ($0.port, $0.service) }, uniquingKeysWith: { $1 })
    return facts.nodePorts.compactMap { port, services in
      // A service that is there already keeps its port.
      if let owner = owners[port], !(services.count == 1 && services.elements == [owner]) {
        let others = FirstFew(services.elements.filter { $0 != owner })
        let isOwner = others.count < services.elements.count
        return finding(
          "the port \(port) of the nodes is that of \(owner)",
          others.counting(services.count - (isOwner ? 1 : 0))
        )
      }
      guard owners[port] == nil, services.count > 1 else { return nil }
      return finding(
        "the port \(port) of the nodes is wanted by \(services.count) services of the restore",
        services
      )
    }
  }

  private static func finding(_ message: String, _ services: FirstFew<ObjectAddress>)
    -> PreflightFinding
  {
    PreflightFinding(
      .error,
      .nodePort,
      message,
      services,
      hint: "restore without the ports of the nodes, so that others are given"
    )
  }
}
