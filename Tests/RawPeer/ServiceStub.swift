public import JSON
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A chat service on this machine: keeps what comes, and answers what it is told to.
public final class ServiceStub: Sendable {
  /// A request that came.
  public struct Received: Sendable {
    /// The path with its query.
    public var target = ""
    /// Header fields by their names in lower case.
    public var headers: [String: String] = [:]
    /// What came with it.
    public var body: [UInt8] = []

    /// The body, where it is JSON.
    public var json: JSON? { try? JSON(parsing: body) }
  }

  /// What it does with a request.
  public enum Behaviour: Sendable {
    /// Answers with a status, a body and header fields.
    case answer(Int, String, headers: [String: String] = [:])
    /// Closes the connection without a word.
    case hangUp
  }

  private let state: Mutex<(received: [Received], behaviours: [Behaviour])>
  private let channel: any Channel
  /// Where it listens on 127.0.0.1.
  public let port: Int

  /// A service on a free port.
  ///
  /// - Parameter behaviours: one for each request; the last for all that follow.
  public static func start(_ behaviours: Behaviour...) async throws -> ServiceStub {
    let box = Mutex<ServiceStub?>(nil)
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          try child.pipeline.syncOperations.configureHTTPServerPipeline()
          if let stub = box.withLock({ $0 }) { try child.pipeline.syncOperations.addHandler(Handler(stub: stub)) }
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let stub = ServiceStub(channel, behaviours)
    box.withLock { $0 = stub }
    return stub
  }

  private init(_ channel: any Channel, _ behaviours: [Behaviour]) {
    self.channel = channel
    port = channel.localAddress?.port ?? 0
    state = Mutex(([], behaviours))
  }

  /// All that came so far.
  public var received: [Received] { state.withLock(\.received) }

  /// Its address, with a token that must not be seen anywhere.
  public func address(_ target: String) -> String { "http://127.0.0.1:\(port)\(target)" }

  /// Ends it.
  public func stop() async throws { try await channel.close() }

  fileprivate func take(_ received: Received) -> Behaviour {
    state.withLock { state in
      state.received.append(received)
      return state.behaviours.count > 1 ? state.behaviours.removeFirst() : state.behaviours[0]
    }
  }
}

private final class Handler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let stub: ServiceStub
  private var current = ServiceStub.Received()

  init(stub: ServiceStub) { self.stub = stub }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      current = ServiceStub.Received(target: head.uri)
      for (name, value) in head.headers { current.headers[name.lowercased()] = value }
    case .body(let part): current.body += Array(part.readableBytesView)
    case .end: answer(stub.take(current), context)
    }
  }

  private func answer(_ behaviour: ServiceStub.Behaviour, _ context: ChannelHandlerContext) {
    switch behaviour {
    case .hangUp: context.close(promise: nil)
    case .answer(let status, let body, let headers):
      var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
      fields.add(name: "content-length", value: String(body.utf8.count))
      let head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: status), headers: fields)
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
