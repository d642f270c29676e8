// SPDX-License-Identifier: Apache-2.0

internal import Primitives

extension SandboxVersion {
  /// What `GET /version` answers.
  var document: JSONValue {
    var value: JSONValue = ["major": "1", "minor": .string(minor)]
    if self == .v1_36 {
      value["emulationMajor"] = "1"
      value["emulationMinor"] = "36"
      value["minCompatibilityMajor"] = "1"
      value["minCompatibilityMinor"] = "35"
    }
    value["gitVersion"] = .string(gitVersion)
    value["gitCommit"] = "0000000000000000000000000000000000000000"
    value["gitTreeState"] = "clean"
    value["buildDate"] = "1970-01-01T00:00:00Z"
    value["goVersion"] = "go1.0"
    value["compiler"] = "gc"
    value["platform"] = "linux/amd64"
    return value
  }

  /// The version as servers write it, marked as the sandbox's.
  public var gitVersion: String {
    switch self {
    case .v1_20: "v1.20.2+sandbox"
    case .v1_36: "v1.36.2+sandbox"
    }
  }

  private var minor: String {
    switch self {
    case .v1_20: "20"
    case .v1_36: "36"
    }
  }
}
