import Glibc
import HTTPTypes
import Hummingbird
public import JSON
import Logging
import NIOCore

/// A simulated PandaPon over HTTP on 127.0.0.1.
public enum SimulatorServer {
  /// Starts one and answers when it listens.
  ///
  /// - Throws: `SimulatorError` where the port or the record file cannot be had.
  public static func start(_ options: SimulatorOptions) async throws -> RunningSimulator {
    let marketplace = try Marketplace(options)
    let patience = options.callback == nil ? nil : options.callbackPatience
    return try await start(marketplace, port: options.port, patience: patience)
  }

  /// Serves until the calling task is cancelled.
  ///
  /// - Parameters:
  ///   - options: What it is made of.
  ///   - ready: Called once it listens, e.g. to print `announcement`.
  public static func run(
    _ options: SimulatorOptions, ready: @Sendable (RunningSimulator) async throws -> Void = { _ in }
  ) async throws {
    let running = try await start(options)
    do {
      try await ready(running)
    } catch {
      await running.stop()
      throw error
    }
    await withTaskCancellationHandler {
      await running.wait()
    } onCancel: {
      running.cancel()
    }
    await running.stop()
  }

  static func start(_ marketplace: Marketplace, port: Int, patience: Duration?) async throws -> RunningSimulator {
    var logger = Logger(label: "ebb.simulator")
    logger.logLevel = .critical
    let (ports, found) = AsyncStream<Int>.makeStream(bufferingPolicy: .bufferingNewest(1))
    let application = Application(
      responder: CallbackResponder { request, context in
        try await respond(to: request, context: context, marketplace: marketplace)
      },
      configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)),
      onServerRunning: { channel in
        found.yield(channel.localAddress?.port ?? port)
        found.finish()
      },
      logger: logger)
    let task = Task { () -> SimulatorError? in
      defer { found.finish() }
      do {
        try await application.run()
        return nil
      } catch is CancellationError {
        return nil
      } catch {
        return SimulatorError(
          description: "cannot listen on 127.0.0.1:\(port): \(error)", hint: "choose another port, or 0 for a free one")
      }
    }
    for await port in ports {
      let sender = patience.map { patience in
        Task { await CallbackSender(marketplace: marketplace, patience: patience).run() }
      }
      return RunningSimulator(marketplace: marketplace, port: port, task: task, sender: sender)
    }
    throw await task.value ?? SimulatorError(description: "the simulator ended before it listened", hint: "")
  }

  private static func respond(
    to request: Request, context: SimulatorContext, marketplace: Marketplace
  ) async throws -> Response {
    let body = try await request.body.collect(upTo: 16 << 20)
    let response = await marketplace.respond(
      to: SimulatedRequest(
        method: request.method.rawValue, path: request.uri.string,
        headers: request.headers.map { ($0.name.canonicalName, $0.value) }, body: Array(body.readableBytesView)))
    if response.delay > .zero { try await Task.sleep(for: response.delay) }
    var headers = HTTPFields()
    for header in response.headers {
      if let name = HTTPField.Name(header.name) { headers.append(HTTPField(name: name, value: header.value)) }
    }
    let status = HTTPResponse.Status(code: response.status == 0 ? 500 : response.status)
    switch response.ending {
    case .complete:
      return Response(
        status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: response.body)))
    case .reset:
      await context.reset()
      return Response(status: status)
    case .truncated(let count):
      let part = ByteBuffer(bytes: response.body.prefix(count))
      return Response(
        status: status, headers: headers,
        body: ResponseBody(contentLength: response.body.count) { writer in
          try await writer.write(part)
          await context.reset()
          throw TruncatedBody()
        })
    }
  }
}

/// Ends an answer that was cut off on purpose.
private struct TruncatedBody: Error {}

/// What a request knows of its connection, so that a fault can reset it.
private struct SimulatorContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  private let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = .init(source: source)
    channel = source.channel
  }

  /// Closes the connection without a word; with lingering off, so that the peer sees a reset.
  func reset() async {
    if let socket = channel as? any SocketOptionProvider {
      try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
    }
    try? await channel.close(mode: .all).get()
  }
}

/// A simulator that listens.
public final class RunningSimulator: Sendable {
  /// What answers.
  public let marketplace: Marketplace
  /// The port on 127.0.0.1.
  public let port: Int
  private let task: Task<SimulatorError?, Never>
  private let sender: Task<Void, Never>?

  init(marketplace: Marketplace, port: Int, task: Task<SimulatorError?, Never>, sender: Task<Void, Never>?) {
    self.sender = sender
    self.marketplace = marketplace
    self.port = port
    self.task = task
  }

  /// Where it listens, e.g. `http://127.0.0.1:49152`.
  public var baseURL: String { "http://127.0.0.1:\(port)" }

  /// The account that it knows.
  public var account: SimulatedAccount { marketplace.account }

  /// The one line of `ebb simulate --json`.
  public var announcement: JSON {
    [
      "base_url": .string(baseURL), "access_key": .string(account.accessKey),
      "access_secret": .string(account.accessSecret), "user_id": .string(account.userID),
      "seed": .string(String(marketplace.seed)), "scenario": .string(marketplace.scenario),
      "clock": .string(marketplace.clockAtStart),
    ]
  }

  /// Stops listening and waits until all connections are closed.
  public func stop() async {
    cancel()
    await sender?.value
    _ = await task.value
  }

  func cancel() {
    sender?.cancel()
    task.cancel()
  }

  func wait() async { _ = await task.value }
}
