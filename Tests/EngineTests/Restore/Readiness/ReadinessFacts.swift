// SPDX-License-Identifier: Apache-2.0

import Primitives
import Testing

@testable import Engine

/// Facts of objects that are written as JSON, as the API server gives them.
enum ReadinessFacts {
  private static func read<Facts>(_ text: String, _ body: (JSONView) throws -> Facts) throws
    -> Facts
  {
    try JSONReader(skipping: ReadinessType.unread).read(Array(text.utf8), body)
  }

  static func controller(_ text: String) throws -> ControllerFacts {
    try read(text) { ControllerFacts($0) }
  }

  static func pod(_ text: String, isTarget: Bool = false) throws -> PodFacts {
    try read(text) { PodFacts($0, isTarget: isTarget) }
  }

  static func claim(_ text: String) throws -> ClaimFacts { try read(text) { ClaimFacts($0) } }

  static func service(_ text: String) throws -> ServiceFacts {
    try read(text) { ServiceFacts($0) }
  }

  static func storageClass(_ text: String) throws -> StorageClassFacts {
    try read(text) { StorageClassFacts($0) }
  }

  static func event(_ text: String) throws -> EventFacts? { try read(text) { EventFacts($0) } }

  static func slice(_ text: String) throws -> EndpointFacts? {
    try read(text) { EndpointFacts(slice: $0) }
  }

  static func endpoints(_ text: String) throws -> EndpointFacts {
    try read(text) { EndpointFacts(endpoints: $0) }
  }

  /// A pod's status, in a pod.
  static func podStatus(_ status: String) throws -> PodFacts {
    try pod("{\"metadata\":{\"name\":\"a\",\"uid\":\"u\"},\"spec\":{},\"status\":\(status)}")
  }

  /// An event about nothing in particular.
  static func warning(_ reason: String, _ message: String, count: Int = 1) throws -> EventFacts {
    let event: JSONValue = [
      "involvedObject": ["kind": "Pod", "name": "a", "namespace": "n", "uid": "u"],
      "reason": .string(reason), "message": .string(message), "type": "Warning",
      "count": .number(JSONNumber(count)),
    ]
    return try #require(try Self.event(String(decoding: event.encoded(), as: UTF8.self)))
  }
}
