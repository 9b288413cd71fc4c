import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// A server that gives every request the same answer, on one thread: as little as HTTP can cost.
enum StaticServer {
  /// Serves on a free port of 127.0.0.1, prints that port, and ends with the standard input.
  static func serve(_ body: [UInt8]) async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: 256)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
          try channel.pipeline.syncOperations.addHandler(Handler(body: ByteBuffer(bytes: body)))
        }
      }
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .bind(host: "127.0.0.1", port: 0).get()
    print(channel.localAddress?.port ?? 0)
    fflush(nil)
    _ = FileHandle.standardInput.readDataToEndOfFile()
    try await channel.close()
    try await group.shutdownGracefully()
  }

  /// Answers at the end of each request.
  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let body: ByteBuffer
    private let head: HTTPResponseHead

    init(body: ByteBuffer) {
      self.body = body
      let headers: HTTPHeaders = [
        "content-type": "application/json", "content-length": String(body.readableBytes),
      ]
      head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .end = unwrapInboundIn(data) else { return }
      context.write(wrapOutboundOut(.head(head)), promise: nil)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
  }
}
