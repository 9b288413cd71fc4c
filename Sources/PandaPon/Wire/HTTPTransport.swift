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

  /// A transport of its own connections; ``shutdown()`` must be called when it is no longer needed.
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

  /// Closes all connections.
  public func shutdown() async throws {
    try await client.shutdown()
  }

  public func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse {
    guard !Task.isCancelled else { throw .cancelledBeforeSending }
    var outgoing = HTTPClientRequest(url: request.url)
    outgoing.method = HTTPMethod(rawValue: request.method)
    outgoing.headers = HTTPHeaders(request.headers.map { ($0.name, $0.value) })
    if let body = request.body { outgoing.body = .bytes(ByteBuffer(bytes: body)) }
    do {
      let answer = try await client.execute(outgoing, deadline: .now() + .init(deadline))
      let body = try await read(answer.body, expecting: answer.headers.first(name: "content-length"))
      return WireResponse(
        status: Int(answer.status.code), headers: answer.headers.map { ($0.name, $0.value) }, body: body)
    } catch {
      throw TransportError(classifying: error, host: request.baseURL.host)
    }
  }

  private func read(_ body: HTTPClientResponse.Body, expecting length: String?) async throws -> [UInt8] {
    let expected = length.flatMap { Int($0) } ?? 0
    guard expected <= answerLimit else { throw TransportError.answerTooLarge(limit: answerLimit) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(max(0, expected))
    for try await chunk in body {
      guard bytes.count + chunk.readableBytes <= answerLimit else {
        throw TransportError.answerTooLarge(limit: answerLimit)
      }
      bytes.append(contentsOf: chunk.readableBytesView)
    }
    return bytes
  }
}
