import Catalogue
import Console
import Foundation
import Journal
import Logging
import PandaPon
import Playbooks
import Workers

/// The way in for callbacks, and for whoever watches over the process.
struct CallbackDoor: Sendable {
  let callbacks: RunningListener
  let health: RunningListener

  /// Where it listens.
  struct Address: Sendable {
    var host = "127.0.0.1"
    var port = 0
    /// The port on loopback for health and metrics; 0 takes a free one.
    var healthPort = 0
  }

  /// Opens both.
  ///
  /// - Parameter readiness: what is amiss; nil when all is well.
  static func open(
    _ address: Address, store: SQLiteStore, configuration: Configuration, catalogue: Catalogue,
    registry: MetricsRegistry, log: ServeLog, readiness: @escaping @Sendable () async -> String?
  ) async throws -> CallbackDoor {
    let logger = Logger(label: "ebb.console") { _ in ServeLogHandler(log: log) }
    let metrics = CallbackMetrics(registry)
    var verifiers: [String: CallbackVerifier] = [:]
    for name in configuration.profiles.keys {
      // A profile that is not whole cannot be called back; it is said where it is used.
      guard let (profile, credentials) = try? configuration.profile(named: name) else { continue }
      verifiers[name] = CallbackVerifier(recipe: profile.callbacks, credentials: credentials)
    }
    let desk = CallbackDesk(
      verifiers: verifiers, kinds: try EventKinds(catalogue), sink: StoredEvents(store: store),
      window: StoredWindow(store: store), metrics: metrics, now: { WallClock().now() }, logger: logger)
    do {
      let callbacks = try await CallbackServer.start(
        desk, host: address.host, port: address.port, metrics: metrics, logger: logger)
      let health = try await HealthServer.start(
        port: address.healthPort, registry: registry, readiness: readiness, logger: logger)
      return CallbackDoor(callbacks: callbacks, health: health)
    } catch let error as ListenError {
      throw CommandFailure(.configuration, error.description, hint: error.hint, label: error.label)
    }
  }

  /// Takes no more, and waits for what is under way.
  func close() async {
    await callbacks.stop()
    await health.stop()
  }
}

/// Events rest in the store before they are acknowledged (G16).
private struct StoredEvents: EventSink {
  let store: SQLiteStore

  func receive(_ event: IncomingEvent) async throws -> Reception {
    var record = EventRecord(
      key: event.key, profile: event.profile, kind: event.kind, messageType: event.messageType,
      platform: event.platform, digest: event.bodyDigest, received: event.received, envelope: event.envelope)
    (record.subject, record.says, record.sent) = (event.subject, event.says, event.sent)
    switch try await store.receive(record) {
    case .stored: return .stored
    case .duplicate: return .duplicate
    }
  }
}

/// The window that `ebb callbacks verify` opens, in whatever process.
private struct StoredWindow: VerifyWindow {
  let store: SQLiteStore

  func isOpen(for profile: String) async -> Bool {
    guard let until = try? await store.verificationExpected(of: profile) else { return false }
    return WallClock().now() < until
  }
}
