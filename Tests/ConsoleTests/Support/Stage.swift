import AsyncHTTPClient
import Catalogue
import Console
import Logging
import NIOCore
import NIOHTTP1
import PandaPon
import Redaction
import Synchronization

/// A callback server on a free port with its sink, windows and metrics; stopped by `close`.
struct Stage {
  let sink = TestSink()
  let windows = VerifyWindows()
  let registry = MetricsRegistry()
  let logs = LogLines()
  let listener: RunningListener
  static let secret = "q7Wd0Zr3Xv9Lk2Tb8Nf5Hs1Jm6Pc4Gy+"
  static let accessKey = "58c0201dfdf148eca63cbf6bb5e7cf03"

  init(
    accessKey: String = Stage.accessKey, secret: String = Stage.secret,
    _ change: (inout CallbackLimits) -> Void = { _ in }
  ) async throws {
    var limits = CallbackLimits()
    change(&limits)
    let credentials = FixedCredentials(
      try Credentials(accessKey: accessKey, secret: SecretBytes(secret.utf8)))
    let metrics = CallbackMetrics(registry)
    let logs = logs
    let logger = Logger(label: "test") { _ in logs }
    let desk = CallbackDesk(
      verifiers: ["hk": CallbackVerifier(credentials: credentials), "sg": CallbackVerifier(credentials: credentials)],
      kinds: try EventKinds(Catalogue.embedded()), sink: sink, window: windows, limits: limits, metrics: metrics,
      now: { 1_779_263_270_000 }, logger: logger)
    listener = try await CallbackServer.start(desk, limits: limits, metrics: metrics, logger: logger)
  }

  func post(
    _ body: [UInt8], _ authorization: String?, to path: String = "/callbacks/hk", by method: String = "POST"
  ) async throws -> (status: Int, text: String) {
    var request = HTTPClientRequest(url: "http://127.0.0.1:\(listener.port)\(path)")
    request.method = .init(rawValue: method)
    if let authorization { request.headers.add(name: "Authorization", value: authorization) }
    if method != "GET" { request.body = .bytes(body, length: .known(Int64(body.count))) }
    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
    let text = String(buffer: try await response.body.collect(upTo: 1 << 16))
    return (Int(response.status.code), text)
  }

  func post(_ sample: SignedSample, to path: String = "/callbacks/hk") async throws -> Int {
    try await post(Array(sample.body.utf8), sample.signature, to: path).status
  }

  func close() async {
    sink.release()
    await listener.stop()
  }

  /// The value of a line of the metrics.
  func metric(_ line: String) -> String? {
    registry.text().split(separator: "\n").first { $0.hasPrefix(line + " ") }.map {
      String($0.dropFirst(line.count + 1))
    }
  }
}

/// Everything that was logged, as text.
final class LogLines: LogHandler {
  private let lines = Mutex<[String]>([])
  var text: String { lines.withLock { $0.joined(separator: "\n") } }
  var metadata: Logger.Metadata {
    get { [:] }
    set {}
  }
  var logLevel: Logger.Level {
    get { .trace }
    set {}
  }
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { nil }
    set {}
  }

  func log(event: LogEvent) {
    lines.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
  }
}
