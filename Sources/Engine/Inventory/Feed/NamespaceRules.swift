// SPDX-License-Identifier: Apache-2.0

internal import Kubernetes

/// What the user may list in a namespace, as far as the server tells.
enum ListPermission: Sendable, Equatable {
  case allowed
  case denied
  /// The server cannot tell, or did not.
  case unknown(String)
}

/// Asks once a namespace what the user may do in it, for all types together.
///
/// Without it, every type would be refused in every namespace, one request each.
actor NamespaceRules {
  private let client: KubernetesClient
  /// Answers, and questions under way.
  private var answers: [String: Task<Result<AccessRules, KubernetesError>, Never>] = [:]

  init(_ client: KubernetesClient) { self.client = client }

  /// Whether the user may list a type in a namespace.
  func mayList(_ type: APIResource, in namespace: String) async -> ListPermission {
    switch await answer(namespace).value {
    case .failure(let error): return .unknown(error.message)
    case .success(let rules):
      if rules.allows(verb: "list", group: type.group, resource: type.name) { return .allowed }
      guard rules.isIncomplete else { return .denied }
      let words = rules.evaluationError
      return .unknown(words.isEmpty ? "the server cannot tell all that is allowed" : words)
    }
  }

  /// Forgets all answers.
  func forget() { answers = [:] }

  private func answer(_ namespace: String) -> Task<Result<AccessRules, KubernetesError>, Never> {
    if let answer = answers[namespace] { return answer }
    let answer = Task.detached { [client] () -> Result<AccessRules, KubernetesError> in
      do throws(KubernetesError) {
        return .success(try await client.rulesReview(namespace: namespace))
      } catch {
        return .failure(error)
      }
    }
    answers[namespace] = answer
    return answer
  }
}
