// SPDX-License-Identifier: Apache-2.0

/// The files of the folder `themes`, so that the program needs none; a test holds them equal, and rewrites this file.
enum BuiltInThemes {
  static let texts: [(name: String, text: String)] = [
    (
      "dark",
      """
      roles:
        text: default
        bad: bright-red bold
      """
    )
  ]
}
