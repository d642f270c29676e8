// SPDX-License-Identifier: Apache-2.0

public import Kubernetes
internal import Primitives

/// Which cluster something is of: the uid of its namespace `kube-system`, which lives as long as the cluster.
///
/// Records of Velero say nothing of their cluster but its version, so that several clusters that share a store cannot
/// be told apart by them. Records of this engine carry the identity as an annotation wherever the user may read it.
public struct ClusterIdentity: Sendable, Hashable {
  /// The annotation of a backup's record that holds the identity.
  public static let annotation = "binnacle.io/source-cluster-uid"
  /// The namespace whose uid it is.
  public static let namespace = "kube-system"

  /// The uid.
  public let uid: String

  /// Takes a uid; nil when there is none.
  public init?(uid: String?) {
    guard let uid, !uid.isEmpty else { return nil }
    self.uid = uid
  }

  /// Takes the identity from the annotations of a record; nil when they do not say.
  public init?(annotations: [String: String]) { self.init(uid: annotations[Self.annotation]) }

  /// Asks a cluster for its identity; nil when the user may not know, and where it could not be asked.
  ///
  /// - Throws: `KubernetesError` `.cancelled` only.
  public static func read(
    with client: KubernetesClient
  ) async throws(KubernetesError) -> ClusterIdentity? {
    do throws(KubernetesError) {
      return try await ask(client)
    } catch {
      if error.code == .cancelled { throw error }
      return nil
    }
  }

  /// Asks a cluster for its identity; nil when the user may not know, or there is none to be known.
  ///
  /// - Throws: `KubernetesError` when it could not be asked: another time it may say so.
  public static func ask(_ client: KubernetesClient) async throws(KubernetesError)
    -> ClusterIdentity?
  {
    let namespaces = GroupVersionResource(group: "", version: "v1", resource: "namespaces")
    do throws(KubernetesError) {
      let object = try await client.get(ObjectReference(namespaces, name: namespace))
      return ClusterIdentity(uid: object[path: "metadata", "uid"]?.string)
    } catch {
      guard [.forbidden, .notFound].contains(error.code) else { throw error }
      return nil
    }
  }
}
