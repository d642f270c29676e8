// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives
public import Terminal

/// Names a question, so that its answer finds whoever asked and late answers are seen to be so.
public struct Token: Sendable, Hashable {
  let number: Int
}

/// All that can happen to the console.
public enum Message: Sendable {
  /// The user has done something; what is done with the mouse comes with what it means.
  case input(InputEvent)
  /// The user has done something with the mouse, on what lay under it in the picture that was seen.
  case pointed(Mouse, at: HitTarget)
  /// Time has passed.
  case tick(Timestamp)
  /// The clusters that the kubeconfig knows.
  case contexts(Result<[ContextChoice], Failure>)
  /// News of the connection; of another generation they are late.
  case cluster(ClusterNews, generation: Int)
  /// Where backups are.
  case locations(Result<[ConsoleLocation], Failure>)
  /// The backups of a location.
  case backups(Result<BackupListing, Failure>, location: String)
  /// The restores of a location.
  case restores(Result<[RestoreListing], Failure>, location: String)
  /// What the probes of a location have found.
  case health(Result<LocationHealth, Failure>, location: String)
  /// A probe of a location that nobody has asked for is over, with what it has found.
  case probed(Result<LocationHealth, Failure>, location: String)
  /// What is protected; of another generation or an earlier attempt it is late.
  case coverage(Result<Coverage, Failure>, generation: Int, attempt: Int)
  /// News of an operation.
  case operation(OperationNews, id: OperationID)
  /// An answer to whoever holds the token.
  case answer(Answer, Token)
  /// The configuration has changed.
  case preferences(Preferences, problems: [String])
  /// The user is to be told something.
  case notice(Notice.Severity, String, details: [String])
  /// The terminal or the system asks the program to end.
  case hangUp
}

/// What is new about the connection to the cluster.
public enum ClusterNews: Sendable {
  /// The context is known, and the first request is under way.
  case connecting(ContextChoice?)
  /// The server has answered.
  case answered(version: String, latency: Duration)
  /// The server does not answer.
  case unanswered(Failure)
  /// The cluster cannot be used at all.
  case failed(Failure)
  /// Who the cluster is.
  case identity(ClusterIdentity)
  /// The objects have changed.
  case inventory(InventorySnapshot)
}
