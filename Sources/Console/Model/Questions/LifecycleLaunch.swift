// SPDX-License-Identifier: Apache-2.0

public import Engine

/// Operations on what is stored: deletion, expiry, verification.
public enum LifecycleLaunch: Sendable {
  /// Delete backups; those that have changed since they were shown stay.
  case delete([DeletionOrder])
  /// Change when backups end, or whether; those that have changed since they were shown stay as they are.
  case setExpiry([ExpiryOrder])
  /// Read backups to their ends, and compare them with the cluster if they are of it.
  case verify([BackupPlace])
  /// Probe a location, and keep what comes of it.
  case validate(location: String)
  /// Delete backups whose time is over; those that have changed since they were shown stay.
  case collect([CollectionOrder])
}

/// A backup that is to be deleted, as it was when the user saw it.
public struct DeletionOrder: Sendable, Hashable {
  /// Where it is.
  public var location: String
  /// What goes.
  public var target: DeletionTarget

  /// Orders a deletion.
  public init(location: String, target: DeletionTarget) {
    self.location = location
    self.target = target
  }
}

/// A change of the end of a backup, as the user saw it.
public struct ExpiryOrder: Sendable, Hashable {
  /// Where the backup is.
  public var location: String
  /// What is changed.
  public var forecast: ExpiryForecast

  /// Orders a change.
  public init(location: String, forecast: ExpiryForecast) {
    self.location = location
    self.forecast = forecast
  }
}

/// Backups of a location that are to be collected, as the user saw them.
public struct CollectionOrder: Sendable, Hashable {
  /// Where they are.
  public var location: String
  /// What goes; only these backups are in it.
  public var plan: ExpiryPlan

  /// Orders a collection.
  public init(location: String, plan: ExpiryPlan) {
    self.location = location
    self.plan = plan
  }
}
