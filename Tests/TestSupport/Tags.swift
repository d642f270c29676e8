// SPDX-License-Identifier: Apache-2.0

public import Testing

extension Tag {
  /// Takes seconds.
  @Tag public static var slow: Tag
  /// Makes requests, writes or processes go wrong on purpose.
  @Tag public static var fault: Tag
  /// Compares with files in `Golden`.
  @Tag public static var golden: Tag
  /// Runs the program from the outside.
  @Tag public static var e2e: Tag
}
