// SPDX-License-Identifier: Apache-2.0

internal import CMicroHTTPD
internal import Glibc

/// The listening end of a server: libmicrohttpd with its threads.
///
/// The context that the library hands to its callbacks is the cluster, kept alive until the library has
/// stopped. `stop` is called with the server's lock held, and once only has an effect.
struct Daemon: ~Copyable, @unchecked Sendable {
  // The pointers are only used in `stop`, under the lock of `SandboxServer`.
  private var handle: OpaquePointer?
  private let context: Unmanaged<SandboxCluster>
  let port: UInt16

  init(_ cluster: SandboxCluster) throws(SandboxError) {
    let context = Unmanaged.passRetained(cluster)
    let wanted = cluster.options.port
    let tls = cluster.options.tls
    // The library copies neither text nor reads past its end.
    let certificate = tls.map { $0.certificate + [0] }
    let key = tls.map { $0.key + [0] }
    let handle = Self.start(wanted, certificate, key, context)
    guard let handle else {
      context.release()
      throw SandboxError(
        .cannotListen,
        "cannot listen on 127.0.0.1:\(wanted): \(String(cString: strerror(errno)))",
        hint: tls == nil
          ? "choose another port, or 0 for any free one"
          : "choose another port, or check that certificate and key are PEM and belong together"
      )
    }
    self.handle = handle
    self.context = context
    port = binnacle_mhd_port(handle)
  }

  mutating func stop() {
    guard let handle else { return }
    self.handle = nil
    MHD_stop_daemon(handle)
    context.release()
  }

  private static func start(
    _ port: UInt16,
    _ certificate: [UInt8]?,
    _ key: [UInt8]?,
    _ context: Unmanaged<SandboxCluster>
  ) -> OpaquePointer? {
    func start(_ certificate: UnsafePointer<CChar>?, _ key: UnsafePointer<CChar>?) -> OpaquePointer?
    {
      binnacle_mhd_start(
        port,
        certificate,
        key,
        Exchange.begin,
        Exchange.access,
        Exchange.end,
        context.toOpaque()
      )
    }
    guard let certificate, let key else { return start(nil, nil) }
    return certificate.withUnsafeBytes { certificate in
      key.withUnsafeBytes { key in
        start(
          certificate.baseAddress?.assumingMemoryBound(to: CChar.self),
          key.baseAddress?.assumingMemoryBound(to: CChar.self)
        )
      }
    }
  }
}
