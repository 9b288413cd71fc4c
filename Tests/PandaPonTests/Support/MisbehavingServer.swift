import Glibc
import NIOCore
import NIOPosix
import NIOSSL
import PandaPon
import Synchronization

/// A server on this machine that does to a request whatever its path names.
final class MisbehavingServer: Sendable {
  enum Behaviour: String {
    case ok, html, redirect, empty
    case keepAlive = "keep-alive"
    case echo
    /// Closes with a reset as soon as the request's first byte is there, or after its last.
    case resetAfterReading = "reset-after"
    /// Says 100 bytes and sends ten.
    case truncated
    case truncatedChunks = "truncated-chunks"
    /// Never answers.
    case silent
    /// Answers its head and never its body.
    case stalled
    /// 200 MB in chunks, as fast as they are taken.
    case huge
    /// Says that 200 MB will come.
    case hugeLength = "huge-length"
    case garbage
  }

  struct Counts {
    var connections = 0
    var requests: [String] = []
    var sent = 0
  }

  let counts = Mutex(Counts())
  private let channel: any Channel

  let port: Int

  /// - Parameters:
  ///   - encrypted: whether it speaks TLS, with a certificate that nobody vouches for.
  ///   - resetting: whether it resets every connection before reading anything.
  static func start(encrypted: Bool = false, resetting: Bool = false) async throws -> MisbehavingServer {
    let context = try encrypted ? tls() : nil
    let box = Mutex<MisbehavingServer?>(nil)
    let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { child in
        child.eventLoop.makeCompletedFuture {
          let server = box.withLock { $0 }
          server?.counts.withLock { $0.connections += 1 }
          if let context { try child.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: context)) }
          try child.pipeline.syncOperations.addHandler(Handler(server: server, resetting: resetting))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let server = MisbehavingServer(channel: channel)
    box.withLock { $0 = server }
    return server
  }

  private init(channel: any Channel) {
    self.channel = channel
    port = channel.localAddress?.port ?? 0
  }

  func stop() async throws {
    try await channel.close()
  }

  private static func tls() throws -> NIOSSLContext {
    let certificate = try NIOSSLCertificate(bytes: Array(SelfSigned.certificate.utf8), format: .pem)
    let key = try NIOSSLPrivateKey(bytes: Array(SelfSigned.key.utf8), format: .pem)
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: [.certificate(certificate)], privateKey: .privateKey(key)))
  }

  func request(_ behaviour: Behaviour, scheme: String = "http", host: String = "127.0.0.1", body: String? = nil) throws
    -> WireRequest
  {
    WireRequest(
      method: body == nil ? "GET" : "POST", baseURL: try BaseURL(parsing: "\(scheme)://\(host):\(port)"),
      path: "/\(behaviour.rawValue)", query: "a=%2F", headers: [("x-test", "1")], body: body.map { Array($0.utf8) })
  }
}

/// One connection: reads a request up to the blank line (and its body), then behaves.
private final class Handler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let server: MisbehavingServer?
  let resetting: Bool
  var received = ""
  var streaming = false

  init(server: MisbehavingServer?, resetting: Bool) {
    self.server = server
    self.resetting = resetting
  }

  func channelActive(context: ChannelHandlerContext) {
    if resetting { reset(context) }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += String(buffer: unwrapInboundIn(data))
    if received.utf8.first == 0x16 { return send(context, "HTTP/1.1 400 Bad Request\r\n\r\n", close: true) }
    guard let end = received.firstRange(of: "\r\n\r\n") else { return }
    let head = received[..<end.lowerBound]
    let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
    let expected = length.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    guard received[end.upperBound...].utf8.count >= expected else { return }
    let request = received
    received = ""
    server?.counts.withLock { $0.requests.append(request) }
    let path = head.split(separator: " ")[1].dropFirst().prefix { $0 != "?" }
    behave(MisbehavingServer.Behaviour(rawValue: String(path)) ?? .garbage, context, request)
  }

  private func behave(_ behaviour: MisbehavingServer.Behaviour, _ context: ChannelHandlerContext, _ request: String) {
    switch behaviour {
    case .ok: answer(context, "200 OK", #"{"code":200,"data":{}}"#)
    case .keepAlive: answer(context, "200 OK", #"{"code":200,"data":{}}"#, close: false)
    case .echo: answer(context, "200 OK", request)
    case .html: answer(context, "200 OK", "<html>login</html>")
    case .empty: answer(context, "200 OK", "")
    case .redirect:
      send(
        context,
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:\(server?.port ?? 0)/ok\r\nContent-Length: 0\r\n\r\n",
        close: true)
    case .resetAfterReading: reset(context)
    case .truncated: send(context, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789", close: true)
    case .truncatedChunks:
      send(context, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n0123456789", close: true)
    case .silent: break
    case .stalled: send(context, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n0123456789", close: false)
    case .huge:
      send(context, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", close: false)
      streaming = true
      stream(context)
    case .hugeLength: send(context, "HTTP/1.1 200 OK\r\nContent-Length: 200000000\r\n\r\n0123456789", close: false)
    case .garbage: send(context, "this is not HTTP\r\n\r\n", close: true)
    }
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if streaming { stream(context) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func stream(_ context: ChannelHandlerContext) {
    let chunk = "10000\r\n" + String(repeating: "x", count: 65536) + "\r\n"
    while streaming, context.channel.isActive, context.channel.isWritable {
      let sent = server?.counts.withLock { counts in
        counts.sent += 65536
        return counts.sent
      }
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: chunk)), promise: nil)
      if (sent ?? .max) >= 200_000_000 { streaming = false }
    }
  }

  private func answer(_ context: ChannelHandlerContext, _ status: String, _ body: String, close: Bool = true) {
    send(
      context, "HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\nX-Served-By: test\r\n\r\n\(body)",
      close: close)
  }

  private func send(_ context: ChannelHandlerContext, _ text: String, close: Bool) {
    let done = context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)))
    if close {
      let channel = context.channel
      done.whenComplete { _ in channel.close(promise: nil) }
    }
  }

  /// Closes so that the other side is told of a reset instead of an end.
  private func reset(_ context: ChannelHandlerContext) {
    let channel = context.channel
    guard let socket = channel as? any SocketOptionProvider else { return channel.close(promise: nil) }
    socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
  }
}
