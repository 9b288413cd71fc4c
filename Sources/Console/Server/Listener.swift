import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Starts an HTTP server and tells its port.
enum Listener {
  /// Starts one and answers when it listens.
  ///
  /// - Parameters:
  ///   - host: The address.
  ///   - port: The port; 0 takes a free one.
  ///   - limits: How long and how much.
  ///   - refused: Told of connections that were ended early.
  ///   - logger: Told what the server has to say, from warnings on.
  ///   - respond: Answers one request.
  /// - Throws: `ListenError` where the address cannot be had.
  static func start(
    host: String, port: Int, limits: CallbackLimits, refused: @escaping @Sendable (GateRefusal) -> Void,
    logger: Logger, respond: @escaping @Sendable (Request) async throws -> Response
  ) async throws -> RunningListener {
    let (ports, found) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let budget = BodyBudget(limits.bodies)
    var configuration = HTTP1Channel.Configuration(
      additionalChannelHandlers: [RequestGate(limits: limits, budget: budget, refused: refused)])
    configuration.httpDecoder = .init(
      maxHeaderFieldSize: 8 << 10, maxHeaderListSize: 16 << 10, maxHeaderFieldCount: 100)
    var logger = logger
    logger.logLevel = max(logger.logLevel, .warning)
    let application = Application(
      responder: CallbackResponder<BasicRequestContext> { request, _ in try await respond(request) },
      server: .http1(configuration: configuration),
      configuration: ApplicationConfiguration(
        address: .hostname(host, port: port),
        availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: logger)),
      onServerRunning: { channel in
        found.yield(channel.localAddress?.port ?? port)
        found.finish()
      },
      logger: logger)
    var group = ServiceGroupConfiguration(services: [application], logger: logger)
    group.maximumGracefulShutdownDuration = limits.drainTime
    let services = ServiceGroup(configuration: group)
    let task = Task { () -> ListenError? in
      defer { found.finish() }
      do {
        try await services.run()
        return nil
      } catch is CancellationError {
        return nil
      } catch {
        return ListenError(host: host, port: port, cause: "\(error)")
      }
    }
    for await port in ports { return RunningListener(host: host, port: port, services: services, task: task) }
    throw await task.value ?? ListenError(host: host, port: port, cause: "it ended before it listened")
  }
}

/// A server that listens.
public struct RunningListener: Sendable {
  /// The address it was started on.
  public let host: String
  /// The port it listens on.
  public let port: Int
  private let services: ServiceGroup
  private let task: Task<ListenError?, Never>

  init(host: String, port: Int, services: ServiceGroup, task: Task<ListenError?, Never>) {
    self.host = host
    self.port = port
    self.services = services
    self.task = task
  }

  /// Takes no more connections, waits until those with a request in progress are done, at most for the limits' drain
  /// time, and closes the rest.
  public func stop() async {
    await services.triggerGracefulShutdown()
    _ = await task.value
  }

  /// Returns when it has ended; throws where it ended by itself.
  public func wait() async throws {
    if let error = await task.value { throw error }
  }
}

/// Why a server cannot listen.
public struct ListenError: Error, Hashable, Sendable, CustomStringConvertible {
  private let host: String
  private let port: Int
  private let cause: String

  init(host: String, port: Int, cause: String) {
    self.host = host
    self.port = port
    self.cause = cause
  }

  /// What is wrong, for a person.
  public var description: String { "cannot listen on \(host):\(port): \(cause)" }

  /// What to do about it.
  public var hint: String { "choose another address or port, or port 0 for a free one" }

  /// A short name from a fixed set, for metrics.
  public var label: String { "listen" }
}
