// SPDX-License-Identifier: Apache-2.0

public import Primitives

/// A small company's production cluster, as objects that an API server would answer with.
///
/// About 470 objects in fourteen namespaces: a web shop with its database, payments, monitoring, ingress,
/// certificates, a staging copy, and what real clusters have lying about: a claim that never got its volume, a pod
/// that cannot be placed, one that crashes, an order that waits for its finalizer, a namespace that does not end,
/// things that are labelled to be left out of backups. References hold: owners, claims and volumes, service
/// accounts, roles, classes exist.
public enum DemoCluster {
  /// The namespace that is labelled to be left out of backups.
  public static let excludedNamespace = "scratch"
  /// The namespace that is being deleted and does not end.
  public static let terminatingNamespace = "old-blog"

  /// All objects, those first that others refer to: namespaces, definitions, classes, then by theme.
  ///
  /// The same moment gives the same objects to the byte: names, uids and addresses do not depend on chance.
  /// `resourceVersion` is left to the server.
  ///
  /// - Parameters:
  ///   - now: The cluster's present; its fraction of a second is dropped. Objects are from minutes to 412 days old.
  ///   - version: Whose API versions the objects are in; everything else is of 1.32 in both.
  /// - Returns: About 470 objects.
  public static func objects(
    now: Timestamp,
    version: SandboxVersion = .v1_36
  ) -> [JSONValue] {
    var scene = DemoScene(now: now)
    scene.addNamespaces()
    scene.addDefinitions()
    scene.addClasses()
    scene.addNodes()
    scene.addClusterAccess()
    scene.addControlPlane()
    scene.addNodeAgents()
    scene.addClusterServices()
    scene.addIngressController()
    scene.addCertManager()
    scene.addMonitoring()
    scene.addDatabases()
    scene.addShop()
    scene.addShopPolicies()
    scene.addOrders()
    scene.addPayments()
    scene.addAnalytics()
    scene.addStaging()
    scene.addLeftovers()
    scene.addEvents()
    return version == .v1_20 ? scene.objects.map(DemoKind.inOldVersions) : scene.objects
  }
}
