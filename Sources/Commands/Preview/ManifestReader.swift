// SPDX-License-Identifier: Apache-2.0

internal import Primitives
internal import Velero

/// Reads a Backup or a Schedule out of a manifest, and tells what is wrong with it by line.
struct ManifestReader {
  /// What is said about a place in the file.
  struct Finding: Sendable, Hashable {
    /// `backup.yaml:7:3: unknown field 'spec.includeNamespaces'`.
    var message: String
    /// What to write instead.
    var hint: String?
  }

  /// What errors call the file.
  let file: String
  /// Fields that are not known: a server would drop them.
  private(set) var unknown: [Finding] = []
  /// Values that are not what their fields take.
  private(set) var malformed: [Finding] = []

  /// Takes the name that errors give to the file.
  init(file: String) { self.file = file }

  /// Reads the manifest.
  ///
  /// - Parameter bytes: YAML or JSON; other objects beside the one are passed over.
  /// - Returns: What the manifest asks for, without its unknown fields, which are in `unknown`, also when this throws.
  /// - Throws: `UsageError` for broken syntax, malformed fields, and when there is not just one Backup or Schedule.
  mutating func read(_ bytes: [UInt8]) throws(UsageError) -> BackupSource {
    let root = try object(bytes)
    let isSchedule = root["kind"]?.string == "Schedule"
    let known = checked(root, isSchedule ? .schedule : .backup, path: "")
    guard malformed.isEmpty else {
      let messages = malformed.map(\.message)
      throw UsageError(messages.joined(separator: "\n"), hint: malformed[0].hint)
    }
    do throws(YAMLError) {
      let value = try known.jsonValue()
      return isSchedule ? BackupSource(scheduleObject: value) : BackupSource(manifest: value)
    } catch {
      throw UsageError(place(error.mark) + error.message)
    }
  }

  /// The one Backup or Schedule of the file.
  private func object(_ bytes: [UInt8]) throws(UsageError) -> YAMLNode {
    let documents: [YAMLNode]
    do throws(YAMLError) {
      documents = try YAMLDocument.all(in: bytes).map(\.root).filter { !$0.isNull }
    } catch {
      throw UsageError(
        place(error.mark) + error.message,
        hint: "the file has to be YAML or JSON, such as 'backup create NAME -o yaml' prints"
      )
    }
    let wanted = documents.filter(Self.isWanted)
    if wanted.count == 1 { return wanted[0] }
    guard wanted.isEmpty else {
      throw UsageError(
        place(wanted[1].mark) + "a second Backup or Schedule begins here",
        hint: "keep one of the \(wanted.count) in the file"
      )
    }
    guard let first = documents.first else {
      throw UsageError("'\(file)' is empty", hint: Self.expectation)
    }
    let kind = first["kind"]?.scalarText ?? "", version = first["apiVersion"]?.scalarText ?? ""
    let what =
      kind.isEmpty || version.isEmpty
      ? "the object has no kind or no apiVersion" : "it is a \(kind) of \(version)"
    throw UsageError(place(first.mark) + what, hint: Self.expectation)
  }

  private static let expectation = "a Backup or a Schedule of velero.io/v1 is expected"

  private static func isWanted(_ node: YAMLNode) -> Bool {
    node["apiVersion"]?.string == Backup.apiVersion
      && ["Backup", "Schedule"].contains(node["kind"]?.string ?? "")
  }

  private func place(_ mark: YAMLMark) -> String { "\(file):\(mark.line):\(mark.column): " }

  // The values.

  /// The value without what its shape does not know.
  private mutating func checked(
    _ node: YAMLNode,
    _ shape: ManifestShape,
    path: String
  ) -> YAMLNode {
    // Null is Go's zero value, whatever the field.
    if node.isNull { return node }
    var node = node
    switch shape {
    case .anything: break
    case .text, .word, .truth, .integer, .duration:
      if !node.fits(shape) { complain(node, shape, path) }
    case .list(let element):
      guard let elements = node.elements else { break }
      node.content = .sequence(
        elements.enumerated().map { checked($1, element, path: "\(path)[\($0)]") }
      )
    case .texts:
      for pair in node.pairs ?? [] {
        _ = checked(pair.value, .text, path: "\(path).\(pair.key.scalarText ?? "?")")
      }
    case .fields(let fields): checkFields(&node, fields, path)
    case .selector:
      checkFields(&node, ManifestShape.selectorFields, path)
      checkSelector(node)
    }
    if !node.isOfKind(of: shape) { complain(node, shape, path) }
    return node
  }

  private mutating func checkFields(
    _ node: inout YAMLNode,
    _ fields: [String: ManifestShape],
    _ path: String
  ) {
    guard let pairs = node.pairs else { return }
    var known: [YAMLNode.Pair] = []
    for var pair in pairs {
      let key = pair.key.scalarText ?? "?"
      let own = path.isEmpty ? key : "\(path).\(key)"
      if let field = fields[key] {
        pair.value = checked(pair.value, field, path: own)
      } else if key != "<<" {
        let nearest = Suggestion.nearest(to: key, among: fields.keys.sorted())
        unknown.append(
          Finding(
            message: place(pair.key.mark) + "unknown field '\(own)' is left out, as by a server",
            hint: nearest.map { "did you mean '\($0)'?" }
          )
        )
        continue
      }
      known.append(pair)
    }
    node.content = .mapping(known)
  }

  /// What the shape of a selector does not tell: keys and values that no label has, lists of values that do not fit.
  private mutating func checkSelector(_ node: YAMLNode) {
    guard malformed.isEmpty, node.pairs != nil, let value = try? node.jsonValue() else { return }
    do throws(VeleroError) {
      _ = try LabelSelector(json: value)
    } catch {
      malformed.append(Finding(message: place(node.mark) + error.message, hint: error.hint))
    }
  }

  private mutating func complain(_ node: YAMLNode, _ shape: ManifestShape, _ path: String) {
    let what = path.isEmpty ? "the object" : "'\(path)'"
    let hint: String? =
      switch shape {
      case .text where node.elements == nil && node.pairs == nil: "put the value in quotes"
      case .list where node.scalarText != nil: "write a list, such as [a, b]"
      default: nil
      }
    malformed.append(
      Finding(
        message: place(node.mark) + "\(what) is \(node.words), and takes \(shape.words)",
        hint: hint
      )
    )
  }
}

extension YAMLNode {
  /// Whether a single value is what the shape takes.
  fileprivate func fits(_ shape: ManifestShape) -> Bool {
    switch shape {
    case .text: string != nil
    case .word(let words): string.map(words.contains) ?? false
    case .truth: bool != nil
    case .integer: string == nil && scalarText.flatMap { Int($0) } != nil
    case .duration: string.flatMap { GoDuration($0) } != nil
    case .list, .texts, .fields, .selector, .anything: true
    }
  }

  /// Whether the value is a list or has fields, where the shape wants that.
  fileprivate func isOfKind(of shape: ManifestShape) -> Bool {
    switch shape {
    case .list: elements != nil
    case .texts, .fields, .selector: pairs != nil
    case .text, .word, .truth, .integer, .duration, .anything: true
    }
  }

  /// What the value is, in words.
  fileprivate var words: String {
    switch content {
    case .scalar(let text, _): string == nil ? text : "'\(text)'"
    case .sequence: "a list"
    case .mapping: "a map of fields"
    }
  }
}
