// SPDX-License-Identifier: Apache-2.0

public import Engine

/// What may be asked about locations and expiry.
public enum LifecycleQuestion: Sendable {
  /// What is in a location, and what a collection would do there.
  case survey(location: String)
}

/// What is answered about locations and expiry.
public enum LifecycleAnswer: Sendable {
  /// What is in a location, and what a collection would do there.
  case survey(LocationSurvey)
}

/// What is in a location, and what a collection would do there.
public struct LocationSurvey: Sendable, Hashable {
  /// The backups with the room they take.
  public var contents: LocationContents
  /// What goes when, and what stays although its time is over.
  public var plan: CollectionPlan

  /// Describes a location.
  public init(contents: LocationContents, plan: CollectionPlan) {
    self.contents = contents
    self.plan = plan
  }
}
