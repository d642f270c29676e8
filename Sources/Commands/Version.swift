// SPDX-License-Identifier: Apache-2.0

/// The program's own version.
public enum ProgramVersion {
  /// The version, after semver.org.
  public static let text = "0.1.0"
}
