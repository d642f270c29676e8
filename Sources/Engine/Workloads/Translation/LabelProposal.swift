// SPDX-License-Identifier: Apache-2.0

internal import Velero

/// A label for some objects, by which a plain filter can tell them from all others.
///
/// What controllers make by themselves gets none: it would be gone with the next pod, and pods that mount a claim come along with it.
public struct LabelProposal: Sendable, Hashable {
  /// The label's key.
  public static let key = "binnacle.io/backup"

  /// The label's value: the backup's name, shortened where it is too long for one.
  public let value: String
  /// The objects that need the label, sorted.
  public let objects: [ObjectAddress]
  /// The filter that takes them once they have it.
  public let filter: BackupFilter

  /// What comes along with pods, which have no label.
  private static let broughtByPods: Set<String> = [
    "persistentvolumeclaims", "priorityclasses.scheduling.k8s.io",
  ]

  init(_ search: TranslationSearch, name: String) {
    value = VeleroLabel.validValue(name)
    let owners = Set(search.taken.map(\.uid))
    objects = search.taken.filter { object in
      (object.isMember || Self.broughtByPods.contains(object.address.type))
        && !(object.controller.map(owners.contains) ?? false)
    }.map(\.address).sorted {
      ($0.namespace ?? "", $0.type, $0.name) < ($1.namespace ?? "", $1.type, $1.name)
    }
    filter = search.filter(byLabel: Self.key, value)
  }

  /// Commands are not longer than this, unless a name is.
  static let commandColumns = 70

  /// The commands that label them, each short enough for a line of a terminal; objects of a type and namespace share them.
  public var commands: [String] {
    struct Place: Hashable {
      let namespace: String
      let type: String
    }
    let byPlace = Dictionary(grouping: objects) {
      Place(namespace: $0.namespace ?? "", type: $0.type)
    }
    return byPlace.sorted { ($0.key.namespace, $0.key.type) < ($1.key.namespace, $1.key.type) }
      .flatMap { place, objects in
        let namespace = place.namespace.isEmpty ? "" : " -n \(place.namespace)"
        return Self.commands("kubectl label\(namespace) \(place.type)", objects.map(\.name), value)
      }
  }

  private static func commands(_ start: String, _ names: [String], _ value: String) -> [String] {
    let end = " \(key)=\(value)"
    var commands: [String] = []
    var line = ""
    for name in names {
      if !line.isEmpty, start.count + line.count + 1 + name.count + end.count > commandColumns {
        commands.append(start + line + end)
        line = ""
      }
      line += " \(name)"
    }
    return commands + [start + line + end]
  }
}
