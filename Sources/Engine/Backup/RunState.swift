// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Synchronization
internal import Velero

/// What the tasks of one backup run share: what was taken, what is still needed, how far it is, what went wrong.
///
/// One lock around all of it, held for one object at most and never across a wait.
final class RunState: Sendable {
  private struct State {
    var index = ObjectIndex()
    var planner: AdditionPlanner
    var progress = RunProgress()
    var issues: [Issue] = []
    var departures: [String: ConsistencyWindow.Departure] = [:]
    /// Namespaces in which at least one object was listed.
    var namespacesWithObjects: Set<String> = []
    /// What is known of the volumes that were taken.
    var volumes: [VolumeInfo] = []
    /// The pods that were taken and ask for hooks by annotations.
    var hookedPods = HookedPods()
    /// Objects that were listed and left out, by reason.
    var leftOut: [Exclusion: Int] = [:]
    /// Whether anything was taken but Namespace objects that the filter names.
    var hasMatch = false
  }

  /// Issues beyond this many are counted and not kept, so that a broken cluster cannot fill the memory.
  static let issueLimit = 100_000

  private let state: Mutex<State>
  private let onEvent: @Sendable (BackupEvent) -> Void
  /// What has been said so far.
  let log: RunLog

  init(
    selection: Selection,
    log: RunLog,
    onEvent: @escaping @Sendable (BackupEvent) -> Void
  ) {
    state = Mutex(State(planner: AdditionPlanner(selection: selection)))
    self.log = log
    self.onEvent = onEvent
  }

  /// Tells watchers and the log that a stage begins.
  func enter(_ stage: BackupStage, _ message: String) {
    log.info(message)
    onEvent(.phase(stage))
  }

  /// Keeps an issue and tells watchers and the log.
  func report(_ issue: Issue) {
    let isKept = state.withLock { state in
      guard state.issues.count < Self.issueLimit else { return false }
      state.issues.append(issue)
      return true
    }
    log.issue(issue)
    if isKept { onEvent(.issue(issue)) }
  }

  /// Takes note that a type was not read at the common revision; the first reason stays.
  func depart(_ departure: ConsistencyWindow.Departure) {
    let isNew = state.withLock { state in
      guard state.departures[departure.resource] == nil else { return false }
      state.departures[departure.resource] = departure
      return true
    }
    guard isNew else { return }
    log.info(
      "\(departure.resource): not read at the common revision: \(departure.reason)"
    )
  }

  /// Changes the progress and tells watchers.
  func progress(_ change: (inout RunProgress) -> Void) {
    let progress = state.withLock { state in
      change(&state.progress)
      return state.progress
    }
    onEvent(.progress(progress))
  }

  /// Takes an object in, unless it is in already.
  ///
  /// - Parameters:
  ///   - type: The place of its type in the selection.
  ///   - typeName: The type, `plural.group`.
  ///   - namespace: Its namespace; nil for cluster-scoped objects.
  ///   - name: Its name.
  ///   - relations: What it says of others.
  /// - Returns: Whether it is new, and so is to be archived.
  func take(
    type: Int,
    typeName: String,
    namespace: String?,
    name: String,
    relations: Relations?
  ) -> Bool {
    state.withLock { state in
      guard state.index.insert(type: type, namespace: namespace, name: name) else { return false }
      state.progress.objectsTaken += 1
      state.planner.observe(type: typeName)
      if let relations {
        state.planner.observe(
          type: typeName,
          namespace: namespace,
          name: name,
          relations: relations
        )
      }
      return true
    }
  }

  /// Whether an object has been taken.
  func hasTaken(type: Int, namespace: String?, name: String) -> Bool {
    state.withLock { $0.index.contains(type: type, namespace: namespace, name: name) }
  }

  /// Takes note of a binding's role.
  func observe(binding: String, role: String?) {
    state.withLock { $0.planner.observe(binding: binding, role: role) }
  }

  /// Takes note of an object that was listed in a namespace.
  func noteListed(in namespace: String) {
    state.withLock { _ = $0.namespacesWithObjects.insert(namespace) }
  }

  /// Whether an object was listed in a namespace.
  func holdsObjects(_ namespace: String) -> Bool {
    state.withLock { $0.namespacesWithObjects.contains(namespace) }
  }

  /// Takes note of a volume whose object was taken; its data was not.
  func observe(volume: VolumeInfo) { state.withLock { $0.volumes.append(volume) } }

  /// The volumes whose objects were taken, sorted by name.
  var volumes: [VolumeInfo] {
    state.withLock { $0.volumes.sorted { $0.volumeName < $1.volumeName } }
  }

  /// Takes note of a pod that was taken and asks for hooks; none was run.
  func observe(hooksOf pod: ItemFacts) {
    state.withLock { $0.hookedPods.add("\(pod.namespace ?? "")/\(pod.name)") }
  }

  /// The pods so far that were taken and ask for hooks.
  var hookedPods: HookedPods { state.withLock { $0.hookedPods } }

  /// Counts an object that was listed and left out.
  func leave(_ exclusion: Exclusion) {
    state.withLock { $0.leftOut[exclusion, default: 0] += 1 }
  }

  /// Whether objects of a type can call for others.
  func hasInterest(in type: String) -> Bool { state.withLock { $0.planner.hasInterest(in: type) } }

  /// What is needed next; empty at the end.
  func nextWave() -> [AdditionRequest] { state.withLock { $0.planner.nextWave() } }

  /// The numbers so far.
  var currentProgress: RunProgress { state.withLock { $0.progress } }

  /// The issues so far, in the order they came up.
  var issues: [Issue] { state.withLock { $0.issues } }

  /// What was taken.
  var index: ObjectIndex { state.withLock { $0.index } }

  /// The departures so far, sorted by type.
  var departures: [ConsistencyWindow.Departure] {
    state.withLock { $0.departures.values.sorted { $0.resource < $1.resource } }
  }

  /// How many listed objects were left out, by reason.
  var leftOut: [Exclusion: Int] { state.withLock { $0.leftOut } }

  /// Takes note that the filter matches something.
  func noteMatch() { state.withLock { $0.hasMatch = true } }

  /// Whether the filter matches something, as far as was read.
  var hasMatch: Bool { state.withLock { $0.hasMatch } }

  /// How many errors there are so far.
  var errorCount: Int { state.withLock { $0.issues.count { $0.severity == .error } } }
}
