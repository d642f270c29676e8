// SPDX-License-Identifier: Apache-2.0

/// Where in which kubeconfig something is written.
public struct KubeconfigPlace: Sendable, Hashable, CustomStringConvertible {
  /// The file's path.
  public var file: String
  /// The line, counted from 1.
  public var line: Int
  /// The field's path such as `users[0].user.token`; empty for the whole file.
  public var field: String

  /// Makes a place.
  public init(file: String, line: Int, field: String) {
    self.file = file
    self.line = line
    self.field = field
  }

  /// The place in words: `'/home/me/.kube/config' line 12, field 'users[0].user.token'`.
  public var description: String {
    "'\(file)' line \(line)" + (field.isEmpty ? "" : ", field '\(field)'")
  }

  func error(
    _ problem: String,
    hint: String?,
    code: KubernetesError.Code = .configuration
  ) -> KubernetesError {
    KubernetesError(code: code, message: "\(self): \(problem)", hint: hint)
  }
}

/// A value with the place it is written at.
struct Located<Value: Sendable>: Sendable {
  var value: Value
  var place: KubeconfigPlace
}
