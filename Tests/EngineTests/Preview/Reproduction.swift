// SPDX-License-Identifier: Apache-2.0

import Primitives

/// Makes a failing filter as small as it can be while it still fails, so that a failure of a random one can be read.
enum Reproduction {
  /// - Parameters:
  ///   - spec: A filter that fails.
  ///   - fails: Whether another one fails.
  /// - Returns: One that fails and of which no part can be left out.
  static func smallest(
    _ spec: JSONValue,
    fails: (JSONValue) async -> Bool
  ) async -> JSONValue {
    var spec = spec
    var candidates = parts(of: spec)
    while let candidate = candidates.popLast() {
      guard await fails(candidate) else { continue }
      spec = candidate
      candidates = parts(of: spec)
    }
    return spec
  }

  /// The same filter with one part less, in every way.
  private static func parts(of value: JSONValue) -> [JSONValue] {
    if let members = value.object?.members {
      return members.flatMap { member in
        var without = value
        without[member.key] = nil
        return [without]
          + parts(of: member.value).map { smaller in
            var changed = value
            changed[member.key] = smaller
            return changed
          }
      }
    }
    guard let elements = value.array else { return [] }
    return elements.indices.flatMap { place -> [JSONValue] in
      var without = elements
      without.remove(at: place)
      return [JSONValue.array(without)]
        + parts(of: elements[place]).map { smaller -> JSONValue in
          var changed = elements
          changed[place] = smaller
          return JSONValue.array(changed)
        }
    }
  }
}
