// SPDX-License-Identifier: Apache-2.0

public import Engine
public import Primitives
public import Velero

/// Something the console wants done; the runtime does it and answers with messages.
public enum Effect: Sendable {
  /// Connect to a context, nil for the current one, and let go of the cluster before it.
  case connect(context: String?, generation: Int)
  /// See whether the configuration has changed, and read it again if so.
  case readPreferences
  /// Read which contexts there are.
  case readContexts
  /// Read which locations there are.
  case readLocations
  /// Read the backups of a location.
  case readBackups(location: String)
  /// Read the restores of a location.
  case readRestores(location: String)
  /// Read what the probes of a location have found; nothing is probed.
  case readHealth(location: String)
  /// Probe a location and keep what comes of it, without an operation.
  case probe(location: String, readsOnly: Bool)
  /// List the objects of the cluster anew.
  case relist(generation: Int)
  /// Find out what is protected; the answer bears the number of the attempt.
  case readCoverage(generation: Int, attempt: Int)
  /// Ask something; the answers bear the token.
  case ask(Question, Token)
  /// Nobody waits for the answer any more.
  case forget(Token)
  /// Begin an operation.
  case launch(Launch, id: OperationID)
  /// Stop an operation.
  case cancel(OperationID)
  /// Put a text on the clipboard.
  case copy(String)
  /// Whether the terminal reports the mouse.
  case listenToMouse(Bool)
  /// Draw everything anew.
  case redraw
  /// Stop like a job of a shell.
  case suspend
  /// End the program.
  case quit
}

/// What a screen may ask.
public enum Question: Sendable {
  /// An object of the cluster, as it is now.
  case liveObject(ObjectAddress)
  /// What a backup would take; answered again whenever the cluster changes, until it is forgotten.
  case preview(Backup)
  /// Just that the time is up.
  case timer(Duration)
  /// About the objects of the cluster.
  case explorer(ExplorerQuestion)
  /// About filters and previews.
  case filter(FilterQuestion)
  /// About what is in stores.
  case backup(BackupQuestion)
  /// About restores.
  case restore(RestoreQuestion)
  /// About locations and expiry.
  case lifecycle(LifecycleQuestion)
}

/// What comes back.
public enum Answer: Sendable {
  /// An object.
  case object(JSONValue)
  /// What a backup would take.
  case preview(Preview)
  /// The time is up.
  case timeUp
  /// About the objects of the cluster.
  case explorer(ExplorerAnswer)
  /// About filters and previews.
  case filter(FilterAnswer)
  /// About what is in stores.
  case backup(BackupAnswer)
  /// About restores.
  case restore(RestoreAnswer)
  /// About locations and expiry.
  case lifecycle(LifecycleAnswer)
  /// It could not be answered.
  case failed(Failure)
}

/// An operation to begin.
public enum Launch: Sendable {
  /// Make a backup.
  case backup(BackupLaunch)
  /// Restore.
  case restore(RestoreLaunch)
  /// Change what is stored.
  case lifecycle(LifecycleLaunch)
}

/// A backup that is to be made: what, of which cluster, and where it goes.
public struct BackupLaunch: Sendable, Hashable {
  /// The record with its name and spec.
  public var backup: Backup
  /// The cluster's context, which may be another one than is looked at by then; nil for the current one.
  public var context: String?
  /// The name of the location.
  public var location: String
  /// Whether it is made even if it holds nothing that was asked for.
  public var allowsEmpty: Bool

  /// Describes a backup.
  public init(_ backup: Backup, of context: String?, to location: String, allowsEmpty: Bool = false)
  {
    self.backup = backup
    self.context = context
    self.location = location
    self.allowsEmpty = allowsEmpty
  }
}
