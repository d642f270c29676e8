// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import ObjectStorage
internal import Primitives
internal import Sandbox

/// A made-up cluster with a store and a kubeconfig of its own, all of which go when it is stopped.
struct DemoWorld: Sendable {
  /// The context of its kubeconfig.
  static let contextName = "sandbox"

  /// What works on it; nothing of the user's is touched.
  let wiring: Wiring
  private let server: SandboxServer
  private let directory: TemporaryFolder

  /// Starts the cluster.
  ///
  /// - Throws: What keeps it from being started; nothing is left then.
  static func start(_ context: CommandContext) async throws -> DemoWorld {
    let cluster = try populated(context.invocation.clock)
    let server = try SandboxServer.start(cluster: cluster)
    do {
      let directory = try TemporaryFolder(
        prefix: "binnacle-demo-",
        environment: context.invocation.environment
      )
      let kubeconfig = directory.path + "/kubeconfig.yaml"
      do {
        let file = try LocalFile(path: kubeconfig, replacement: .refuse)
        try await file.write(Array(server.kubeconfig.utf8))
        try await file.finish()
      } catch {
        directory.remove()
        throw error
      }
      let wiring = wiring(context, directory.path, kubeconfig)
      do {
        let archive = directory.path + "/archive"
        let configuration = configuration(
          store: try wiring.directories().store,
          archive: archive
        )
        // What makes the folders, too, where `Directories` looks for the file.
        try await DirectoryStore(root: directory.path + "/config", createsRoot: true)
          .put("binnacle/config.yaml", Array(configuration.utf8))
        try await DemoHistory(wiring, cluster, archive: archive).make()
      } catch {
        directory.remove()
        throw error
      }
      return DemoWorld(wiring: wiring, server: server, directory: directory)
    } catch {
      server.stop()
      throw error
    }
  }

  /// Two locations: that of new backups, and one that is only read.
  private static func configuration(store: String, archive: String) -> String {
    """
    locations:
    - name: \(StorageLocation.embeddedName)
      provider: directory
      config: {path: "\(store)"}
      default: true
    - name: archive
      provider: directory
      config: {path: "\(archive)"}
      accessMode: ReadOnly

    """
  }

  /// Stops the cluster and removes everything.
  func stop() {
    server.stop()
    directory.remove()
  }

  private static func populated(_ clock: WallClock) throws -> SandboxCluster {
    let version = SandboxOptions().version
    let cluster = SandboxCluster(
      options: SandboxOptions(
        version: version,
        port: 0,
        tls: try SandboxTLS.loopback(clock: clock),
        clock: clock
      )
    )
    try cluster.load(DemoCluster.objects(now: clock.now(), version: version))
    return cluster
  }

  /// The user's command line, but for what names the user's own clusters and files.
  private static func wiring(
    _ context: CommandContext,
    _ directory: String,
    _ kubeconfig: String
  ) -> Wiring {
    var invocation = context.invocation
    for name in ["DATA", "STATE", "CACHE", "CONFIG"] {
      invocation.environment["XDG_\(name)_HOME"] = "\(directory)/\(name.lowercased())"
    }
    invocation.environment["KUBECONFIG"] = kubeconfig
    var arguments = context.arguments
    for flag in [
      GlobalFlags.kubeconfig.spec, GlobalFlags.context.spec, GlobalFlags.store.spec,
      GlobalFlags.location.spec,
    ] {
      arguments.values[flag.name] = nil
    }
    return Wiring(invocation: invocation, arguments: arguments)
  }
}
