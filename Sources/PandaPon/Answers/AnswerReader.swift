import JSON
import Redaction

/// Reads what an exchange brought and classes it. Pure: no clock, no I/O.
struct AnswerReader {
  /// What a failure's message begins with: the operation's id.
  var operation: String
  /// Whether the path that was asked is documented; where not, a 404 may mean that the guess is wrong.
  var pathGrade: String
  /// The access key in its masked form, for hints.
  var accessKey: String
  /// The signing recipe that was used, for hints.
  var recipe: SigningRecipe

  /// The class of an exchange without an answer.
  func finding(on error: TransportError) -> Finding {
    let failure = Failure(
      .unavailable, "\(operation): \(error.description)", hint: error.hint, label: error.label)
    return Finding(
      kind: error.isNotSent ? .unsent(transient: error.isTransient) : .unclear(transient: error.isTransient),
      failure: failure)
  }

  /// The class of an answer.
  ///
  /// - Parameter now: the wall clock when it came, in milliseconds since 1970.
  func finding(on response: WireResponse, now: Int64) -> Finding {
    let body = Body(response)
    let envelope = body.envelope
    switch (response.status, envelope?.code) {
    case (401, _), (200..<300, 401), (400..<500, 401): return unauthorized(response, envelope, now)
    case (429, _), (200..<300, 429), (400..<500, 429): return limited(response, envelope, now)
    case (200..<300, .some(Envelope.success)): return Finding(kind: .success, envelope: envelope)
    case (200..<300, .some(let code)): return refused(code, envelope)
    case (200..<300, nil): return unreadable(body, response)
    case (300..<400, _): return redirected(response)
    case (408, _), (499, _), (500..., _): return serverFailure(response, envelope, now)
    case (400..<500, _): return refused(response, envelope)
    default:
      return unclear("the answer's HTTP status \(response.status) means nothing here", "http_other", transient: false)
    }
  }

  // MARK: Refusals

  /// Any code but success is a definite refusal, one of 500 and up too (assumptions.md 4); what a server that failed
  /// leaves open is told by the HTTP status.
  private func refused(_ code: Int, _ envelope: Envelope?) -> Finding {
    let failure = Failure(
      code == 404 ? .notFound : .rejected, message(envelope, or: "refused with code \(code)"),
      label: code == 404 ? "api_not_found" : "api_rejected", apiCode: code, requestID: envelope?.requestID)
    return Finding(kind: .refused, failure: failure)
  }

  /// A 4xx: the server says that the request is at fault. With an envelope it is the API that says so.
  private func refused(_ response: WireResponse, _ envelope: Envelope?) -> Finding {
    if let envelope, envelope.code != Envelope.success { return refused(envelope.code, envelope) }
    let hint =
      response.status == 404 || response.status == 405
      ? "the path of \(operation) is \(pathGrade); give the right one in the profile's paths, or check the base URL"
      : "the answer is not PandaPon's envelope: check the base URL and what stands between it and the API"
    let failure = Failure(
      .rejected, "\(operation): HTTP \(response.status) instead of an answer", hint: hint, label: "http_4xx",
      requestID: envelope?.requestID)
    return Finding(kind: .refused, failure: failure)
  }

  private func unauthorized(_ response: WireResponse, _ envelope: Envelope?, _ now: Int64) -> Finding {
    var ways = [
      "check the access key (\(accessKey)) and its secret: a reset in PandaPon's console ends the old ones at once",
      "compare the signing recipe (\(recipe.payload), \(recipe.digest.rawValue), \(recipe.encoding.rawValue),"
        + " \(recipe.timestamp.rawValue)) with the section 参数签名 of the vendor's development manual;"
        + " PandaPon's recipe is inferred, not documented",
      "sign one request that is known to work and configure the recipe until it fits"
        + " (EBB_SIGNING_PAYLOAD, EBB_SIGNING_DIGEST, EBB_SIGNING_ENCODING, EBB_SIGNING_TIMESTAMP)",
    ]
    if let skew = clockSkew(response, now) { ways.insert(skew, at: 0) }
    let failure = Failure(
      .unauthorized, message(envelope, or: "the key or the signature was refused"), hint: ways.joined(separator: "; "),
      label: "unauthorized", apiCode: envelope?.code, requestID: envelope?.requestID)
    return Finding(kind: .unauthorized, failure: failure)
  }

  /// A timestamp may be 600 s off at most (pandapon.md 1); over a minute is worth saying.
  private func clockSkew(_ response: WireResponse, _ now: Int64) -> String? {
    guard let server = response.serverTime, abs(server - now) > 60_000 else { return nil }
    let seconds = abs(server - now) / 1000
    return "set this machine's clock: it is \(seconds) s \(server > now ? "behind" : "ahead of") the server's,"
      + " and a timestamp may be 600 s off at most"
  }

  private func limited(_ response: WireResponse, _ envelope: Envelope?, _ now: Int64) -> Finding {
    let wait = response.retryAfter(now: now)
    let failure = Failure(
      .rateLimited, message(envelope, or: "too many requests"),
      hint: "lower the profile's quota or the playbook's concurrency", label: "rate_limited",
      apiCode: envelope?.code, requestID: envelope?.requestID, retryAfter: wait)
    return Finding(kind: .limited, retryAfter: wait, failure: failure)
  }

  // MARK: No answer to rely on

  private func serverFailure(_ response: WireResponse, _ envelope: Envelope?, _ now: Int64) -> Finding {
    let wait = response.retryAfter(now: now)
    let failure = Failure(
      .unavailable, message(envelope, or: "the server failed with HTTP \(response.status)"),
      label: response.status >= 500 ? "http_5xx" : "http_timeout", apiCode: envelope?.code,
      requestID: envelope?.requestID, retryAfter: wait)
    return Finding(kind: .unclear(transient: true), retryAfter: wait, failure: failure)
  }

  private func redirected(_ response: WireResponse) -> Finding {
    // Only as far as the path: a query may hold anything.
    let target = response.header("location")?.prefix { $0 != "?" && $0 != "#" }
    let place = target.map { " to \(redact(String($0)).prefix(200))" } ?? ""
    let failure = Failure(
      .unavailable, "\(operation): the server redirects\(place) (HTTP \(response.status))",
      hint:
        "redirects are not followed, since they would carry the signature elsewhere; set the base URL to where the API is",
      label: "redirected")
    return Finding(kind: .unclear(transient: false), failure: failure)
  }

  private func unreadable(_ body: Body, _ response: WireResponse) -> Finding {
    switch body {
    case .empty:
      return unclear("the answer is empty", "empty_answer", transient: true)
    case .html:
      return unclear(
        "HTTP \(response.status) with a web page instead of JSON", "html_answer", transient: false,
        hint: "the base URL (EBB_BASE_URL) points at a web site, or a login page or proxy stands before the API")
    case .malformed(let error):
      return unclear("the answer is not JSON: \(error)", "malformed_answer", transient: true)
    case .json(let document):
      return unclear(
        "the answer is JSON, but not PandaPon's envelope: "
          + (document.object == nil ? "not an object" : "no readable code at /code"),
        "no_envelope", transient: false, hint: "check that the base URL (EBB_BASE_URL) is the API's")
    }
  }

  private func unclear(_ message: String, _ label: String, transient: Bool, hint: String? = nil) -> Finding {
    Finding(
      kind: .unclear(transient: transient),
      failure: Failure(.unavailable, "\(operation): \(message)", hint: hint, label: label))
  }

  private func message(_ envelope: Envelope?, or standard: String) -> String {
    let text = envelope?.message.flatMap { $0.isEmpty ? nil : $0 } ?? standard
    // Cleaned before it is cut, since a piece of a secret that is cut short would not be recognised.
    return "\(operation): \(redact(text).prefix(500))"
  }
}

/// What an answer's body is.
private enum Body {
  case empty
  case html
  case malformed(JSONError)
  case json(JSON)

  init(_ response: WireResponse) {
    let visible = response.body.first { !" \t\r\n".utf8.contains($0) }
    switch visible {
    case nil: self = .empty
    case UInt8(ascii: "<"): self = .html
    default:
      do {
        self = .json(try JSON(parsing: response.body))
      } catch {
        self = .malformed(error)
      }
    }
  }

  var envelope: Envelope? {
    guard case .json(let document) = self else { return nil }
    return Envelope(document)
  }
}
