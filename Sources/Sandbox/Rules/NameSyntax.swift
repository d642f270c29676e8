// SPDX-License-Identifier: Apache-2.0

/// The rules for the names of objects.
///
/// Source: "Object Names and IDs" in the Kubernetes documentation.
enum NameSyntax {
  /// At most 253 characters of `a-z0-9.-`, every part starting and ending alphanumeric.
  static func isSubdomain(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 253
      && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy {
        isLabelText($0)
      }
  }

  /// At most 63 characters of `a-z0-9-`.
  static func isLabel(_ name: String) -> Bool { name.utf8.count <= 63 && isLabelText(name[...]) }

  /// As a label, but starting with a letter.
  static func isServiceLabel(_ name: String) -> Bool {
    isLabel(name) && name.first?.isLetter == true
  }

  private static func isLabelText(_ text: Substring) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && text.allSatisfy { isAlphanumeric($0) || $0 == "-" }
  }

  private static func isAlphanumeric(_ character: Character) -> Bool {
    ("a"..."z").contains(character) || ("0"..."9").contains(character)
  }

  static let subdomainMessage =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must"
    + " start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is"
    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"

  static let labelMessage =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and"
    + " end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is"
    + " '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"

  static let serviceLabelMessage =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic"
    + " character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for"
    + " validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"

  /// Why an object cannot have this name; nil when it can.
  static func problem(_ name: String, type: ResourceType, version: SandboxVersion) -> FieldProblem?
  {
    let quoted = "\"\(name)\""
    switch type.groupResource {
    case "services" where version == .v1_20:
      return isServiceLabel(name) ? nil : .invalid("metadata.name", quoted, serviceLabelMessage)
    case "services", "namespaces":
      return isLabel(name) ? nil : .invalid("metadata.name", quoted, labelMessage)
    case let resource where resource.hasSuffix(".rbac.authorization.k8s.io"):
      guard name.contains("/") || name.contains("%") || name == "." || name == ".." else {
        return nil
      }
      return .invalid("metadata.name", quoted, "may not contain '/'")
    default:
      return isSubdomain(name) ? nil : .invalid("metadata.name", quoted, subdomainMessage)
    }
  }
}
