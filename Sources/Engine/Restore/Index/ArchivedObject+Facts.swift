// SPDX-License-Identifier: Apache-2.0

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
      if key.isEqual("ownerReferences"), value.count > 0 {
        flags.insert(.owned)
        value.forEachElement { if $0["controller"]?.bool == true { flags.insert(.controlled) } }
      } else if key.isEqual("generateName"), value.utf8?.isEmpty == false {
        flags.insert(.generatedName)
      } else if key.isEqual("deletionTimestamp"), !value.isNull {
        flags.insert(.deleting)
      } else if key.isEqual("finalizers"), value.count > 0 {
        flags.insert(.finalizers)
      } else if key.isEqual("annotations"), resource == "pods",
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
      return phase?.isEqual("Succeeded") == true || phase?.isEqual("Failed") == true
    case "jobs.batch": return status["completionTime"]?.utf8?.isEmpty == false
    default: return false
    }
  }
}
