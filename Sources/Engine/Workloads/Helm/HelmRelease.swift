// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Why a release cannot be read; never with any of its contents, which are secret.
struct HelmReleaseError: Error, Equatable {
  /// In words, after "the record …": `is no gzip`.
  let reason: String
}

/// What a Helm release has put into a cluster, by its record.
///
/// A record is JSON, gzipped, in base 64. Source: Helm 3, `pkg/storage/driver/util.go`.
struct HelmRelease: Sendable, Equatable {
  /// What may come out of a record; etcd takes one and a half megabytes, and text shrinks to a tenth.
  static let sizeLimitBytes = 64 << 20

  /// The objects of the manifest and of the hooks.
  private(set) var objects: [HelmObject] = []
  /// How many parts of the manifest could not be read.
  private(set) var unreadableParts = 0
  private var known: Set<HelmObject> = []

  /// Unpacks a record.
  ///
  /// - Parameters:
  ///   - payload: As Helm writes it: base 64 of gzip, or of plain JSON as Helm did before 3.0.
  ///   - limit: The most bytes that may come out.
  /// - Throws: `HelmReleaseError`.
  init(payload: [UInt8], limit: Int = HelmRelease.sizeLimitBytes) throws {
    guard let packed = Base64.decode(String(decoding: payload, as: UTF8.self)) else {
      throw HelmReleaseError(reason: "is not in base 64")
    }
    let json = packed.starts(with: [0x1F, 0x8B]) ? try Self.unzip(packed, limit) : packed
    do {
      try JSONReader().read(json) { view in
        guard let manifest = view["manifest"]?.string else {
          throw HelmReleaseError(reason: "has no manifest")
        }
        add(HelmManifest(manifest), isHook: false)
        view["hooks"]?.forEachElement { hook in
          if let manifest = hook["manifest"]?.string { add(HelmManifest(manifest), isHook: true) }
        }
      }
    } catch is JSONError {
      throw HelmReleaseError(reason: "is no JSON")
    }
  }

  private static func unzip(_ packed: [UInt8], _ limit: Int) throws -> [UInt8] {
    var json: [UInt8] = []
    let inflater = GzipInflater(limit: limit)
    do {
      try packed.withUnsafeBytes { bytes in
        try inflater.consume(bytes) { (block) throws(GzipError) in json += block }
      }
      try inflater.finish()
    } catch let error as GzipError {
      throw HelmReleaseError(
        reason: error.code == .tooLarge
          ? "is larger than \(limit >> 20) MiB when it is unpacked" : "is damaged"
      )
    }
    return json
  }

  private mutating func add(_ manifest: HelmManifest, isHook: Bool) {
    unreadableParts += manifest.unreadableParts
    for object in manifest.objects {
      var object = object
      object.isHook = isHook
      if known.insert(object).inserted { objects.append(object) }
    }
  }
}
