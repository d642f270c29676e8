// SPDX-License-Identifier: Apache-2.0

internal import Terminal

/// A field of the form for a new backup; the raw value is its name in clicks.
enum BackupField: String, Sendable, Hashable, CaseIterable {
  case name, location, timeToLive
  case includedNamespaces, excludedNamespaces
  case includedResources, excludedResources, clusterResources
  case includedCluster, excludedCluster, includedNamespaced, excludedNamespaced
  case selector, orSelectors
  case workloads, releases
  case orderedResources, resourcePolicy
  case labels, templateLabels, annotations
  case snapshotVolumes, snapshotMoveData, fileSystemBackup
  case snapshotLocations, groupLabel, dataMover, parallelFiles, snapshotTimeout, pluginTimeout
  /// The names of the hooks, whose fields follow it.
  case hooks
  /// What a filter from elsewhere asks for that has no field; there only while there is some.
  case carried

  /// The first words are what a field does when nothing is chosen.
  static let unsaid = "not said"
  static let no = "no"
  static let yes = "yes"
  static let asNeeded = "as needed"
  static let all = "all"
  static let none = "none"
  static let leftOut = "left out"

  /// What a word says about cluster-scoped objects; nil where only needed ones are taken.
  static func clusterResources(_ word: String) -> Bool? {
    switch word {
    case all: true
    case none: false
    default: nil
    }
  }

  /// What stands before it; what narrows the field above is indented.
  var label: String {
    switch self {
    case .name: "Name"
    case .location: "Location"
    case .timeToLive: "Keep for"
    case .includedNamespaces: "Namespaces"
    case .excludedNamespaces: "  except"
    case .includedResources: "Resources"
    case .excludedResources: "  except"
    case .clusterResources: "  of the cluster"
    case .includedCluster: "Of the cluster"
    case .excludedCluster: "  except"
    case .includedNamespaced: "In namespaces"
    case .excludedNamespaced: "  except"
    case .selector: "Labels"
    case .orSelectors: "  or any of"
    case .workloads: "Workloads"
    case .releases: "Helm releases"
    case .orderedResources: "Take first"
    case .resourcePolicy: "Policy"
    case .labels: "Mark with"
    case .templateLabels: "  by a schedule"
    case .annotations: "Annotate with"
    case .snapshotVolumes: "Snapshots"
    case .snapshotMoveData: "  move data"
    case .fileSystemBackup: "Volume files"
    case .snapshotLocations: "  locations"
    case .groupLabel: "  group label"
    case .dataMover: "  data mover"
    case .parallelFiles: "  at once"
    case .snapshotTimeout: "  timeout"
    case .pluginTimeout: "Plugin timeout"
    case .hooks: "Hooks"
    case .carried: "Also"
    }
  }

  /// What it is for, a line below it while it has the focus.
  var help: String {
    switch self {
    case .name: "the backup's name"
    case .location: "where it is written; space changes it"
    case .timeToLive: "720h, 30d; when it may be removed"
    case .includedNamespaces: "* ? [a-z] match; all when empty"
    case .excludedNamespaces: "left out, whatever else matches"
    case .includedResources: "deployments.apps; all when empty"
    case .excludedResources: "left out, such as events"
    case .clusterResources: "as needed: what taken objects need"
    case .includedCluster: "cluster-scoped; not with Resources"
    case .excludedCluster: "cluster-scoped types left out"
    case .includedNamespaced: "namespaced; not with Resources"
    case .excludedNamespaced: "namespaced types left out"
    case .selector: "app=web,tier in (front,back),!old"
    case .orSelectors: "app=web or app=api; not with Labels"
    case .workloads: "kind/namespace/name, with its needs"
    case .releases: "namespace/name of a release"
    case .orderedResources: "pods=shop/db-0,shop/db-1;…"
    case .resourcePolicy: "a ConfigMap with rules"
    case .labels: "labels of the backup: team=web,…"
    case .templateLabels: "labels of what a schedule makes of it"
    case .annotations: "annotations of the backup: a=b,…"
    case .snapshotVolumes, .snapshotMoveData, .fileSystemBackup:
      "yes needs a Velero server"
    case .snapshotLocations, .dataMover: "needs a Velero server"
    case .groupLabel: "volumes of one value snap at once"
    case .parallelFiles: "files of a volume at once; for a server"
    case .snapshotTimeout: "of a CSI snapshot; for a server"
    case .pluginTimeout: "of plugins on an object; for a server"
    case .hooks: "names; each has fields below"
    case .carried: "came with the filter; space leaves it out"
    }
  }

  /// What stands in it while it is empty.
  private var placeholder: String {
    switch self {
    case .includedNamespaces, .includedResources: "all"
    case .excludedNamespaces, .excludedResources, .excludedCluster, .excludedNamespaced: "none"
    case .includedCluster, .includedNamespaced: "not named"
    case .timeToLive: "720h"
    case .selector, .orSelectors: "any"
    default: ""
    }
  }

  /// The field without a value.
  func empty(locations: [String]) -> FormField {
    let text = TextField(placeholder: placeholder)
    let value: FormValue =
      switch self {
      case .location: .choice(locations, selected: 0)
      case .clusterResources: .choice([Self.asNeeded, Self.all, Self.none], selected: 0)
      case .snapshotVolumes, .snapshotMoveData, .fileSystemBackup:
        .choice([Self.unsaid, Self.no, Self.yes], selected: 0)
      case .includedNamespaces, .excludedNamespaces, .includedResources, .excludedResources,
        .includedCluster, .excludedCluster, .includedNamespaced, .excludedNamespaced, .workloads,
        .releases, .snapshotLocations, .hooks:
        .list([], text)
      case .name, .timeToLive, .selector, .orSelectors, .orderedResources, .resourcePolicy,
        .labels, .templateLabels, .annotations, .groupLabel, .dataMover, .parallelFiles,
        .snapshotTimeout, .pluginTimeout, .carried:
        .text(text)
      }
    var field = FormField(rawValue, label: label, value: value, help: help)
    field.takesRepeats = self == .hooks
    return field
  }
}
