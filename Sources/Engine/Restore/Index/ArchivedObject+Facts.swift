// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import Primitives
internal import Velero

extension ArchivedObject {
  /// Passes on the labels that have text for a value.
  func forEachLabel(_ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void) {
    metadata["labels"]?.forEachMember { key, value in
      if let value = value.utf8 { body(key, value) }
    }
  }

  /// What decides whether and how the object is restored.
  func flags(resource: String) -> ArchivedItemFlags {
    var flags: ArchivedItemFlags = []
    metadata.forEachMember { key, value in
      if key.isText("ownerReferences"), value.count > 0 {
        flags.insert(.owned)
        value.forEachElement { if $0["controller"]?.bool == true { flags.insert(.controlled) } }
      } else if key.isText("generateName"), value.utf8?.isEmpty == false {
        flags.insert(.generatedName)
      } else if key.isText("deletionTimestamp"), !value.isNull {
        flags.insert(.deleting)
      } else if key.isText("finalizers"), value.count > 0 {
        flags.insert(.finalizers)
      } else if key.isText("annotations"), resource == "pods",
        value["kubernetes.io/config.mirror"] != nil
      {
        flags.insert(.mirrorPod)
      }
    }
    if let status, status.count > 0 {
      flags.insert(.status)
      if isCompleted(status, resource) { flags.insert(.completed) }
    }
    return flags
  }

  private func isCompleted(_ status: JSONView, _ resource: String) -> Bool {
    switch resource {
    case "pods":
      let phase = status["phase"]?.utf8
      return phase?.isText("Succeeded") == true || phase?.isText("Failed") == true
    case "jobs.batch": return status["completionTime"]?.utf8?.isEmpty == false
    default: return false
    }
  }
}

extension UnsafeRawBufferPointer {
  /// Whether the bytes are those of a literal.
  fileprivate func isText(_ text: StaticString) -> Bool {
    isSame(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// Whether both hold the same bytes.
  func isSame(_ other: UnsafeRawBufferPointer) -> Bool {
    guard count == other.count else { return false }
    guard count > 0, let own = baseAddress, let others = other.baseAddress else { return true }
    return memcmp(own, others, count) == 0
  }
}
