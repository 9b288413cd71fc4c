import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import Synchronization

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
    // Nobody collects traces of single exchanges.
    configuration.tracing.tracer = nil
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
    let end = NIODeadline.now() + .init(deadline)
    let cancellation = ExchangeCancellation()
    do {
      let outgoing = try HTTPClient.Request(
        url: request.url, method: HTTPMethod(rawValue: request.method),
        headers: HTTPHeaders(request.headers.map { ($0.name, $0.value) }),
        body: request.body.map { .byteBuffer(ByteBuffer(bytes: $0)) })
      let collector = AnswerCollector(limit: answerLimit)
      let client = client
      let loop = client.eventLoopGroup.next()
      return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { continuation in
          // From the event loop on which the answer is taken in: so the deadline's timer is set, met and taken back
          // there, and the exchange changes threads twice in all.
          loop.execute {
            let task = client.execute(
              request: outgoing, delegate: collector, eventLoop: .delegate(on: loop), deadline: end)
            task.futureResult.whenComplete { continuation.resume(with: $0) }
            cancellation.began(task)
          }
        }
      } onCancel: {
        cancellation.cancel()
      }
    } catch {
      throw TransportError(classifying: error, host: request.baseURL.host)
    }
  }
}

/// Takes one answer in as it comes.
private final class AnswerCollector: HTTPClientResponseDelegate, Sendable {
  private let answer = Mutex(WireResponse(status: 0))
  private let limit: Int

  init(limit: Int) {
    self.limit = limit
  }

  func didReceiveHead(task: HTTPClient.Task<WireResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
    let expected = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    guard expected <= limit else { return tooLarge(task) }
    answer.withLock {
      $0.status = Int(head.status.code)
      $0.headers = head.headers.map { ($0.name, $0.value) }
      $0.body.reserveCapacity(max(0, expected))
    }
    return task.eventLoop.makeSucceededVoidFuture()
  }

  func didReceiveBodyPart(task: HTTPClient.Task<WireResponse>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
    let fits = answer.withLock {
      guard $0.body.count + buffer.readableBytes <= limit else { return false }
      $0.body.append(contentsOf: buffer.readableBytesView)
      return true
    }
    return fits ? task.eventLoop.makeSucceededVoidFuture() : tooLarge(task)
  }

  func didFinishRequest(task: HTTPClient.Task<WireResponse>) -> WireResponse {
    answer.withLock { $0 }
  }

  private func tooLarge(_ task: HTTPClient.Task<WireResponse>) -> EventLoopFuture<Void> {
    task.eventLoop.makeFailedFuture(TransportError.answerTooLarge(limit: limit))
  }
}

/// Ends an exchange from anywhere, also one that has not begun.
private final class ExchangeCancellation: Sendable {
  private enum State {
    case waiting
    case running(HTTPClient.Task<WireResponse>)
    case cancelled
  }

  private let state = Mutex(State.waiting)

  /// The exchange begins; it is ended at once where it was cancelled before.
  func began(_ task: HTTPClient.Task<WireResponse>) {
    let isCancelled = state.withLock { state in
      if case .cancelled = state { return true }
      state = .running(task)
      return false
    }
    if isCancelled { task.cancel() }
  }

  func cancel() {
    let task = state.withLock { state -> HTTPClient.Task<WireResponse>? in
      defer { state = .cancelled }
      if case .running(let task) = state { return task }
      return nil
    }
    task?.cancel()
  }
}
