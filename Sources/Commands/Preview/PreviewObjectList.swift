// SPDX-License-Identifier: Apache-2.0

internal import Engine
internal import Primitives

/// Prints the objects of a preview, a type at a time, so that no more than one type's names are held.
struct PreviewObjectList {
  /// The preview.
  let preview: Preview
  /// Which objects are listed.
  let choice: PreviewForm.ObjectChoice
  /// Where they go.
  let output: Output

  /// Calls `body` with the objects of each type that has some, sorted by type, namespace and name.
  private func forEachType(_ body: ([PreviewObject]) async throws -> Void) async throws {
    for type in preview.types(taken: choice.hasTaken, left: choice.hasLeft) {
      try Task.checkCancellation()
      let objects = preview.objects(
        ofType: type,
        taken: choice.hasTaken,
        left: choice.hasLeft
      )
      if !objects.isEmpty { try await body(objects) }
    }
  }

  /// A line `resource/namespace/name`, or `resource/name`, for each object.
  func printNames() async throws {
    try await forEachType { objects in
      try await write(objects) { "\($0.address.type)/\($0.address.path)\n" }
    }
  }

  /// For people: the type, below it the reasons, below each the objects it is the reason of.
  ///
  /// - Parameter columns: Where reasons break.
  /// - Throws: What writing throws; `CancellationError`.
  func printText(columns: Int) async throws {
    try await forEachType { objects in
      var groups: [String] = []
      var members: [String: [PreviewObject]] = [:]
      for object in objects {
        let reason = (object.isTaken ? "in: " : "out: ") + object.reason
        if members[reason] == nil { groups.append(reason) }
        members[reason, default: []].append(object)
      }
      try await output.line(objects[0].address.type)
      for reason in groups {
        let lines = TextWrapping.lines(reason, columns: columns - 6)
        try await output.line("  " + lines.joined(separator: "\n      "))
        try await write(members[reason] ?? []) { "    \($0.address.path)\n" }
      }
    }
  }

  /// As the last member of an object that has been printed but for its end.
  ///
  /// - Parameters:
  ///   - value: The members before.
  ///   - format: JSON or YAML.
  /// - Throws: What writing throws; `CancellationError`.
  func print(after value: JSONValue, as format: OutputFormat) async throws {
    var isFirst = true
    switch format {
    case .text, .json:
      // Without the line break and the brace that end it.
      var head = value.text(.pretty)
      while head.last?.isWhitespace == true { head.removeLast() }
      try await output.write(head.dropLast(2) + ",\n  \"objects\": [")
      try await forEachType { objects in
        try await write(objects) { object in
          defer { isFirst = false }
          return (isFirst ? "\n    " : ",\n    ") + object.json.text()
        }
      }
      try await output.write(isFirst ? "]\n}\n" : "\n  ]\n}\n")
    case .yaml:
      try await output.write(value.yaml() + "objects:")
      try await forEachType { objects in
        try await write(objects) { object in
          defer { isFirst = false }
          return (isFirst ? "\n" : "") + JSONValue.array([object.json]).yaml()
        }
      }
      if isFirst { try await output.write(" []\n") }
    }
  }

  /// How many bytes are gathered before they are written.
  private static let blockSize = 64 * 1024

  private func write(
    _ objects: [PreviewObject],
    _ text: (PreviewObject) -> String
  ) async throws {
    var block: [UInt8] = []
    for object in objects {
      block += text(object).utf8
      guard block.count >= Self.blockSize else { continue }
      try await output.write(block)
      block = []
    }
    try await output.write(block)
  }
}
