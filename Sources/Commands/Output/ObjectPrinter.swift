// SPDX-License-Identifier: Apache-2.0

internal import Primitives

/// Prints values for programs.
enum ObjectPrinter {
  /// One value as JSON or YAML with a newline at the end.
  static func text(_ value: JSONValue, as format: OutputFormat) -> String {
    switch format {
    case .text, .json: value.text(.pretty) + "\n"
    case .yaml: value.yaml()
    }
  }

  /// Several values as one Kubernetes list.
  ///
  /// - Parameters:
  ///   - items: The items in order.
  ///   - kind: The list's kind, such as `BackupList`.
  ///   - apiVersion: The list's API version.
  /// - Returns: The list.
  static func list(
    _ items: [JSONValue],
    kind: String = "List",
    apiVersion: String = "v1"
  ) -> JSONValue {
    [
      "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": [:],
      "items": .array(items),
    ]
  }
}

/// Prints a Kubernetes list item by item, for lists too long to be held.
struct ListStream {
  private let output: Output
  private let format: OutputFormat
  private var pending: [UInt8] = []
  private var count = 0

  /// How many bytes are gathered before they are written.
  private static let blockSize = 64 * 1024

  /// Starts a list of kind `List`.
  init(output: Output, format: OutputFormat) {
    self.output = output
    self.format = format
    let head =
      format == .yaml
      ? "apiVersion: v1\nitems:" : "{\n  \"apiVersion\": \"v1\",\n  \"items\": ["
    pending = Array(head.utf8)
  }

  /// Adds one item; in JSON each is one line.
  mutating func append(_ item: JSONValue) async throws {
    switch format {
    case .yaml:
      add(count == 0 ? "\n" : "")
      add(JSONValue.array([item]).yaml())
    case .json, .text:
      add(count == 0 ? "\n    " : ",\n    ")
      pending += item.encoded()
    }
    count += 1
    if pending.count >= Self.blockSize { try await flush() }
  }

  /// Ends the list.
  mutating func finish() async throws {
    switch format {
    case .yaml: add(count == 0 ? " []\nkind: List\n" : "kind: List\n")
    case .json, .text: add((count == 0 ? "]" : "\n  ]") + ",\n  \"kind\": \"List\"\n}\n")
    }
    try await flush()
  }

  private mutating func add(_ text: String) { pending += text.utf8 }

  private mutating func flush() async throws {
    let block = pending
    pending = []
    try await output.write(block)
  }
}
