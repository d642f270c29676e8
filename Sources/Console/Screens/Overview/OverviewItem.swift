// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Terminal

/// Something of the overview that can be opened.
enum OverviewItem: Hashable, Sendable {
  /// Namespaces that stand so; nil for all.
  case namespaces(CoverageVerdict?)
  /// Workloads that stand so; nil for all.
  case workloads(CoverageVerdict?)
  case operation(OperationID)
  case trend(OverviewTrend)
  case backup(BackupPlace)
  case location(String)
  case expiring(BackupPlace)
  case attention(OverviewAttention)
  /// Why protection is not known; the same as in what needs attention, at another place.
  case unknownProtection
  /// The parts of the cluster that were not looked at, likewise.
  case unseenParts

  /// As it stands in clicks.
  var key: String { "\(self)" }
}

/// What is followed over the last backups.
enum OverviewTrend: String, Sendable, Hashable, CaseIterable {
  case duration
  case size
  case objects
}

/// What needs attention, by what it leads to.
enum OverviewAttention: Hashable, Sendable {
  case cluster
  case coverage
  case gaps
  case backup(BackupPlace)
  case moreBackups
  case location(String)
  case unprotected
  case outdated
  case unknown
  case overdue
  case unfinished(location: String)
  case damaged(location: String)
}

/// A line of a panel.
struct OverviewRow: Sendable {
  /// What is drawn between the words.
  enum Graph: Sendable {
    case none
    case bar(Double)
    case sparkline([Double])
  }

  /// What it opens; nil for a mere line.
  var item: OverviewItem?
  var label: TextLine
  var trailing = TextLine("")
  var graph = Graph.none
}

/// A panel: a title and lines.
struct OverviewPanel: Sendable {
  /// The panels, in the order of the cursor.
  enum Kind: Int, Sendable, Hashable, CaseIterable {
    case attention
    case protection
    case operations
    case backups
    case locations
    case expiring

    var title: String {
      switch self {
      case .attention: "Attention"
      case .protection: "Protection"
      case .operations: "Operations"
      case .backups: "Last backups"
      case .locations: "Locations"
      case .expiring: "Expiring this week"
      }
    }
  }

  var kind: Kind
  var note = ""
  var rows: [OverviewRow] = []
}
