import Hummingbird
public import Logging
import NIOCore

/// The listener for whoever watches over the process: `/healthz`, `/readyz`, `/metrics`, on loopback only.
public enum HealthServer {
  /// Starts one and answers when it listens.
  ///
  /// - Parameters:
  ///   - port: The port on 127.0.0.1; 0 takes a free one.
  ///   - registry: What `/metrics` shows.
  ///   - readiness: What `/readyz` answers: nil when all is well, else one sentence without secrets or personal data.
  ///   - logger: Told what the server has to say.
  /// - Throws: `ListenError` where the port cannot be had.
  public static func start(
    port: Int = 0, registry: MetricsRegistry, readiness: @escaping @Sendable () async -> String?, logger: Logger
  ) async throws -> RunningListener {
    var limits = CallbackLimits()
    limits.connections = 64
    limits.body = 0
    return try await Listener.start(host: "127.0.0.1", port: port, limits: limits, refused: { _ in }, logger: logger) {
      request in
      await respond(to: request, registry, readiness)
    }
  }

  private static func respond(
    to request: Request, _ registry: MetricsRegistry, _ readiness: @Sendable () async -> String?
  ) async -> Response {
    guard request.method == .get || request.method == .head else {
      var response = AnswerText.response(status: 405, message: "only GET")
      response.headers[.allow] = "GET"
      return response
    }
    switch request.uri.path {
    case "/healthz": return AnswerText.response(status: 200, message: "alive")
    case "/readyz":
      let problem = await readiness()
      return AnswerText.response(status: problem == nil ? 200 : 503, message: problem ?? "ready")
    case "/metrics":
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: registry.text())))
    default: return AnswerText.response(status: 404, message: "known are /healthz, /readyz and /metrics")
    }
  }
}
