// SPDX-License-Identifier: Apache-2.0

import ObjectStorage
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Console

/// What is read of the configuration, and when.
@Suite(.timeLimit(.minutes(1)))
struct PreferencesReadingTests {
  private final class Source: Sendable {
    struct State {
      var fingerprint: String? = "1"
      var theme = "dark"
      var contexts: [ContextChoice]? = [ContextChoice(name: "prod")]
      var reads = 0
      var messages: [Preferences] = []
    }
    let state = Mutex(State())
  }

  private func runner(_ source: Source, _ directory: TemporaryDirectory) -> EffectRunner {
    var backend = LiveConsole.backend([], MemoryStore(), directory, nil)
    backend.fingerprint = { source.state.withLock { $0.fingerprint } }
    backend.preferences = {
      source.state.withLock { state in
        state.reads += 1
        var preferences = Preferences()
        preferences.theme = state.theme
        preferences.contextSettings = { name in
          var context = Preferences.Context()
          context.isProduction = name == "prod"
          return context
        }
        return (preferences, [])
      }
    }
    backend.contexts = {
      guard let contexts = source.state.withLock({ $0.contexts }) else {
        throw Failure(.other, "the kubeconfig is broken")
      }
      return contexts
    }
    return EffectRunner(backend: backend) { message in
      guard case .preferences(let preferences, _) = message else { return }
      source.state.withLock { $0.messages.append(preferences) }
    }
  }

  @Test func `files that look as before are not read again`() async throws {
    let source = Source()
    let runner = runner(source, try TemporaryDirectory())
    for _ in 0..<3 { await runner.readPreferences() }
    #expect(source.state.withLock { $0.reads } == 1)
    source.state.withLock { $0.fingerprint = "2" }
    await runner.readPreferences()
    #expect(source.state.withLock { $0.reads } == 2)
    #expect(source.state.withLock { $0.messages.isEmpty }, "another time is no news")
    source.state.withLock { state in
      state.fingerprint = "3"
      state.theme = "light"
    }
    await runner.readPreferences()
    #expect(source.state.withLock { $0.messages.map(\.theme) } == ["light"])
  }

  @Test func `a kubeconfig that cannot be read for a while is no news`() async throws {
    let source = Source()
    let runner = runner(source, try TemporaryDirectory())
    source.state.withLock { $0.fingerprint = nil }
    await runner.readPreferences()
    source.state.withLock { $0.contexts = nil }
    await runner.readPreferences()
    source.state.withLock { $0.contexts = [ContextChoice(name: "prod")] }
    await runner.readPreferences()
    #expect(source.state.withLock { $0.messages.isEmpty })
  }
}
