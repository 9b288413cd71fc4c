import Hummingbird
public import Logging

/// The listener that PandaPon's callbacks reach: `POST /callbacks/{profile}`, and nothing else.
///
/// It speaks plain HTTP; TLS is ended in front of it (docs/deployment.md).
public enum CallbackServer {
  /// Starts one and answers when it listens.
  ///
  /// - Parameters:
  ///   - desk: Where callbacks are verified and stored.
  ///   - host: The address.
  ///   - port: The port; 0 takes a free one.
  ///   - limits: How long and how much; the same as the desk's.
  ///   - metrics: Where connections that were ended early are counted.
  ///   - logger: Told what the server has to say.
  /// - Throws: `ListenError` where the address cannot be had.
  public static func start(
    _ desk: CallbackDesk, host: String = "127.0.0.1", port: Int = 0, limits: CallbackLimits = CallbackLimits(),
    metrics: CallbackMetrics, logger: Logger
  ) async throws -> RunningListener {
    try await Listener.start(
      host: host, port: port, limits: limits, refused: { metrics.count($0) }, logger: logger
    ) { request in
      try await respond(to: request, desk: desk, limits: limits)
    }
  }

  private static func respond(to request: Request, desk: CallbackDesk, limits: CallbackLimits) async throws -> Response
  {
    guard let profile = profile(in: request.uri.path) else { return answer(.unknownProfile) }
    // The body of a request nobody asked for is not worth keeping.
    let body = desk.knows(profile) ? Array(try await request.body.collect(upTo: limits.body).readableBytesView) : []
    let callback = CallbackRequest(
      profile: profile, isPost: request.method == .post, authorization: request.headers[.authorization], body: body)
    return answer(await desk.receive(callback))
  }

  /// The profile that a path names: what follows `/callbacks/`; nil for any other path.
  static func profile(in path: String) -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].isEmpty, parts[1] == "callbacks", !parts[2].isEmpty else { return nil }
    return decoded(parts[2])
  }

  /// A part of a path without its percent-encoding; nil where that is broken or gives no UTF-8.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard rest.count >= 2, let value = UInt8(Substring(rest.prefix(2)), radix: 16) else { return nil }
      bytes.append(value)
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func answer(_ outcome: CallbackOutcome) -> Response {
    var response = AnswerText.response(status: outcome.status, message: outcome.message)
    if outcome == .badMethod { response.headers[.allow] = "POST" }
    return response
  }
}
