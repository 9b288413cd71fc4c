import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

#if canImport(Glibc)
  import Glibc
#else
  import Musl
#endif

/// The transport of production: HTTP/1.1 with verified TLS. Ten seconds for all of an exchange, 64 KB of an answer,
/// redirects not followed.
public final class HTTPChannelTransport: ChannelTransport {
  private static let deadline = TimeAmount.seconds(10)
  private static let answerLimit = 64_000

  private let client: HTTPClient

  /// A transport of its own connections, closed by ``shutdown()`` or when the last reference goes.
  public init() {
    var configuration = HTTPClient.Configuration(
      redirectConfiguration: .disallow, timeout: .init(connect: .seconds(5)))
    configuration.httpVersion = .http1Only
    configuration.connectionPool.idleTimeout = .seconds(10)
    // What could not connect is said at once; whether to try again is decided where it is known what that means.
    configuration.connectionPool.retryConnectionEstablishment = false
    // The address has a token in it: nobody else is told of it.
    configuration.tracing.tracer = nil
    client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
  }

  deinit { client.shutdown { _ in } }

  /// Closes all connections, and waits until that is done.
  public func shutdown() async { try? await client.shutdown() }

  public func exchange(_ request: ChannelRequest) async throws(ChannelTransportError) -> ChannelAnswer {
    var outgoing = HTTPClientRequest(url: request.url.text)
    outgoing.method = .POST
    for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) {
      outgoing.headers.add(name: name, value: value)
    }
    outgoing.body = .bytes(ByteBuffer(bytes: request.body))
    do {
      let answer = try await client.execute(outgoing, deadline: .now() + Self.deadline)
      let body = try await answer.body.collect(upTo: Self.answerLimit)
      let headers = Dictionary(
        answer.headers.map { ($0.name.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
      return ChannelAnswer(status: Int(answer.status.code), headers: headers, body: Array(body.readableBytesView))
    } catch {
      throw Self.classified(error)
    }
  }

  /// What an error means for the message. What is not known to have come before the first byte counts as sent.
  private static func classified(_ error: any Error) -> ChannelTransportError {
    switch error {
    case let error as HTTPClientError where beforeSending.contains(error):
      .notConnected("no connection: \(error.shortDescription)")
    case let error as HTTPClientError: .unanswered("no answer: \(error.shortDescription)")
    case let error as NIOConnectionError where error.connectionErrors.isEmpty:
      .notConnected("the name \(error.host) has no address")
    case is NIOConnectionError, NIOCore.ChannelError.connectTimeout: .notConnected("no connection")
    case NIOSSLError.handshakeFailed, NIOSSLError.unableToValidateCertificate, NIOSSLError.noCertificateToValidate,
      is NIOSSLExtraError:
      .notConnected("no trusted encrypted connection")
    case let error as IOError where refusals.contains(error.errnoCode): .notConnected("connection refused")
    case is NIOTooManyBytesError: .unanswered("the answer is larger than \(answerLimit / 1000) KB")
    case is CancellationError: .unanswered("cancelled")
    default: .unanswered("the connection broke before an answer came")
    }
  }

  private static let refusals = [ECONNREFUSED, EADDRNOTAVAIL, EAFNOSUPPORT, ENETUNREACH, EHOSTUNREACH, EMFILE, ENFILE]

  private static let beforeSending: [HTTPClientError] = [
    .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .invalidURL, .emptyHost, .emptyScheme,
    .alreadyShutdown, .httpProxyHandshakeTimeout, .socksHandshakeTimeout,
  ]
}
