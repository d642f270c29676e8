// SPDX-License-Identifier: Apache-2.0

/// Something in the target that stands in the way of a restore, or may.
public struct PreflightFinding: Sendable, Hashable {
  /// How much it matters.
  public enum Severity: String, Sendable, Hashable, CaseIterable, Comparable {
    /// Objects would fail.
    case error
    /// Objects may fail, or not work.
    case warning
    /// Worth knowing.
    case note

    /// What matters more comes first.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
      switch self {
      case .error: 0
      case .warning: 1
      case .note: 2
      }
    }
  }

  /// What it is about.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The user lacks a permission.
    case permission
    /// A namespace is being deleted.
    case namespaceTerminating = "namespace-terminating"
    /// An admission webhook would be asked that cannot answer.
    case webhookDown = "webhook-down"
    /// A quota of a namespace is too small.
    case quota
    /// A limit range of a namespace has a say in pods or claims.
    case limitRange = "limit-range"
    /// A port of the nodes is another service's.
    case nodePort = "node-port"
    /// There is no storage class of the name, or no default one.
    case storageClassMissing = "storage-class-missing"
    /// There is no priority, runtime or ingress class of the name.
    case classMissing = "class-missing"
    /// There is no service account of the name.
    case accountMissing = "account-missing"
    /// Something could not be looked at.
    case unknown
  }

  /// How much it matters.
  public var severity: Severity
  /// What it is about.
  public var kind: Kind
  /// What is so, in words for the user.
  public var message: String
  /// The first few objects of the restore that it is about, as they would be in the target.
  public var subjects: [ObjectAddress]
  /// How many there are.
  public var count: Int
  /// What the user can do about it.
  public var hint: String?

  /// Makes a finding.
  public init(
    _ severity: Severity,
    _ kind: Kind,
    _ message: String,
    subjects: [ObjectAddress] = [],
    count: Int = 0,
    hint: String? = nil
  ) {
    self.severity = severity
    self.kind = kind
    self.message = message
    self.subjects = subjects
    self.count = count
    self.hint = hint
  }

  init(
    _ severity: Severity,
    _ kind: Kind,
    _ message: String,
    _ objects: FirstFew<ObjectAddress>,
    hint: String? = nil
  ) {
    self.init(
      severity,
      kind,
      message,
      subjects: objects.elements,
      count: objects.count,
      hint: hint
    )
  }

  /// An order that does not depend on chance: by severity, then by kind, then by words.
  static func precedes(_ left: PreflightFinding, _ right: PreflightFinding) -> Bool {
    if left.severity != right.severity { return left.severity < right.severity }
    return (left.kind.rawValue, left.message) < (right.kind.rawValue, right.message)
  }
}

/// The least few of many, and how many there are; the same in whatever order they come.
struct FirstFew<Element: Sendable & Hashable & Comparable>: Sendable, Hashable {
  /// How many are kept.
  static var limit: Int { 5 }

  private(set) var elements: [Element] = []
  private(set) var count = 0

  init() {}

  init(_ elements: some Sequence<Element>) {
    for element in elements { add(element) }
  }

  mutating func add(_ element: Element) {
    count += 1
    if elements.count == Self.limit {
      guard let last = elements.last, element < last else { return }
      elements.removeLast()
    }
    elements.insert(element, at: elements.firstIndex { element < $0 } ?? elements.endIndex)
  }

  /// Adds others, the elements of which come behind.
  mutating func append(_ other: FirstFew) {
    elements += other.elements.prefix(max(0, Self.limit - elements.count))
    count += other.count
  }

  /// The same of something else.
  func map<Other>(_ body: (Element) -> Other) -> FirstFew<Other> {
    FirstFew<Other>(elements.map(body)).counting(count)
  }

  /// The same with another count.
  func counting(_ count: Int) -> FirstFew {
    var other = self
    other.count = count
    return other
  }
}

/// Lists in sentences.
enum ShortList {
  /// `'a', 'b' and 3 more`: the first five names.
  static func names(_ names: [String]) -> String {
    let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
    return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
  }

  /// `namespace 'a'`, `2 namespaces ('a', 'b')`.
  static func namespaces(_ names: [String]) -> String {
    names.count == 1
      ? "namespace \(self.names(names))"
      : "\(names.count) namespaces (\(self.names(names)))"
  }

  /// `1 object`, `12 objects`.
  static func objects(_ count: Int) -> String { count == 1 ? "1 object" : "\(count) objects" }
}
