import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// The transport of production: HTTP/1.1 over async-http-client, with verified TLS and connections that are kept.
///
/// HTTP/2 is not offered: with one request at a time on a connection it is always clear what a broken connection means
/// for the request that was on it. Redirects are not followed, since they would carry a signature elsewhere.
public final class HTTPTransport: Transport {
  /// The most of one answer that is read: 32 MB. What is longer is not held in memory.
  public static let defaultAnswerLimit = 32_000_000

  private let client: HTTPClient
  private let answerLimit: Int

  /// A transport of its own connections, which are closed by ``shutdown()`` or when the last reference goes.
  ///
  /// - Parameters:
  ///   - connections: how many connections to one host are kept at most.
  ///   - connectTimeout: how long a connection, its TLS handshake included, may take to come about.
  ///   - answerLimit: how many bytes of one answer are read at most.
  public init(
    connections: Int = 64, connectTimeout: Duration = .seconds(5), answerLimit: Int = HTTPTransport.defaultAnswerLimit
  ) {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .init(connectTimeout)))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
    // A connection that idled long may be closed by the other side just as a request goes out on it.
    configuration.connectionPool.idleTimeout = .seconds(15)
    // Retries are the client's, which knows what may be retried; here, a refused connection is said at once.
    configuration.connectionPool.retryConnectionEstablishment = false
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    self.answerLimit = answerLimit
  }

  deinit {
    // The client lives until this is done; one that was shut down before only says so.
    client.shutdown { _ in }
  }

  /// Closes all connections, and waits until that is done. What is under way ends with an error.
  public func shutdown() async throws {
    try await client.shutdown()
  }

  public func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    guard !Task.isCancelled else { throw .cancelledBeforeSending }
    var outgoing = HTTPClientRequest(url: request.url)
    outgoing.method = HTTPMethod(rawValue: request.method)
    outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
    if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
    let end = NIODeadline.now() + .init(deadline)
    do {
      let answer = try await client.execute(outgoing, deadline: end)
      let body = try await read(answer, until: end)
      return WireResponse(
        status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) }, body: body)
    } catch {
      throw TransportError(classifying: error, host: request.baseURL.host)
    }
  }

  /// The whole body, in time. async-http-client's own deadline ends with the head, so a body that stalls needs one of
  /// its own: a timer that cancels the reading, and with it the exchange.
  private func read(_ answer: HTTPClientResponse, until end: NIODeadline) async throws -> [UInt8] {
    let expected = answer.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard expected <= answerLimit else { throw TransportError.answerTooLarge(limit: answerLimit) }
    let limit = answerLimit
    let reading = Task { try await Self.collect(answer.body, expecting: expected, limit: limit) }
    let timer = client.eventLoopGroup.next().scheduleTask(deadline: end) { reading.cancel() }
    defer { timer.cancel() }
    do {
      return try await withTaskCancellationHandler {
        try await reading.value
      } onCancel: {
        reading.cancel()
      }
    } catch {
      if !Task.isCancelled, NIODeadline.now() >= end { throw TransportError.timeout }
      throw error
    }
  }

  private static func collect(
    _ body: HTTPClientResponse.Body, expecting expected: Int, limit: Int
  ) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, expected))
    for try await chunk in body {
      guard bytes.count + chunk.readableBytes <= limit else { throw TransportError.answerTooLarge(limit: limit) }
      bytes.append(contentsOf: chunk.readableBytesView)
    }
    // Cancelled, the sequence may simply end; what came until then is not the answer.
    try Task.checkCancellation()
    return bytes
  }
}
