// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// One hook of a backup's spec: an action, with the filter of the entry that it stands in.
///
/// An entry may hold several actions; each is a hook here, and Velero runs them in the same order either way. What an
/// entry holds that nobody knows here stays with its hooks.
struct BackupHook: Sendable, Hashable {
  /// The place in the spec of the entry that it comes from; nil for a new hook.
  let place: Int?
  /// The entry: name, filter, and the lists of actions with which it came.
  var entry: JSONValue
  /// Whether it is run when the pod has been backed up, and not before.
  var isAfter = false
  /// The action; nil for an entry that came without any.
  var action: JSONValue?

  /// The members of an entry that hold actions.
  private static let (before, after) = ("pre", "post")

  /// Makes a hook that does nothing yet.
  init() {
    (place, entry, action) = (nil, [:], ["exec": [:]])
  }

  private init(_ place: Int, _ entry: JSONValue, isAfter: Bool, _ action: JSONValue?) {
    (self.place, self.entry, self.isAfter, self.action) = (place, entry, isAfter, action)
  }

  /// The hooks of a spec's entries.
  static func hooks(of entries: [JSONValue]) -> [BackupHook] {
    entries.enumerated().flatMap { place, entry in
      let hooks = [before, after].flatMap { key in
        (entry[key]?.array ?? []).map { BackupHook(place, entry, isAfter: key == after, $0) }
      }
      return hooks.isEmpty ? [BackupHook(place, entry, isAfter: false, nil)] : hooks
    }
  }

  /// The entries of a spec that hold some hooks; those that were not changed are as they came.
  ///
  /// Hooks next to each other that share name and filter stand in one entry, if they came from one or the later ones
  /// are new: Velero counts hooks by the name and their place in the list.
  static func entries(_ hooks: [BackupHook]) -> [JSONValue] {
    var groups: [[BackupHook]] = []
    for hook in hooks {
      if let first = groups.last?.first, hook.place == nil || hook.place == first.place,
        hook.filter == first.filter
      {
        groups[groups.count - 1].append(hook)
      } else {
        groups.append([hook])
      }
    }
    return groups.map { hooks in
      var entry = hooks[0].entry
      for key in [before, after] {
        let actions = hooks.filter { $0.isAfter == (key == after) }.compactMap(\.action)
        if !actions.isEmpty {
          entry[key] = .array(actions)
        } else if entry[key]?.array?.isEmpty == false {
          entry[key] = nil
        }
      }
      return entry
    }
  }

  /// The entry without its actions.
  private var filter: JSONValue {
    var filter = entry
    if filter[Self.before] != nil { filter[Self.before] = nil }
    if filter[Self.after] != nil { filter[Self.after] = nil }
    return filter
  }

  /// What its entry is called.
  var name: String {
    get { entry["name"]?.string ?? "" }
    set { entry["name"] = .string(newValue) }
  }

  /// A member of what is executed.
  subscript(exec key: String) -> JSONValue? {
    get { action?[path: "exec", key] }
    set {
      var action = action ?? [:]
      var exec = action["exec"] ?? [:]
      exec[key] = newValue
      action["exec"] = exec
      self.action = action
    }
  }
}
