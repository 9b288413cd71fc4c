import Redaction

/// One HTTP request as it goes out: everything encoded, signed, ready to be sent.
public struct WireRequest: Hashable, Sendable {
  /// `GET` or `POST`.
  public var method: String
  /// Where it goes.
  public var baseURL: BaseURL
  /// The path after the host, percent-encoded, with the base URL's prefix; begins with `/`.
  public var path: String
  /// The query, percent-encoded, without `?`; empty where there is none.
  public var query: String
  /// The headers, names in lower case, in the order they are sent. `host` and `content-length` are the transport's.
  public var headers: [(name: String, value: String)]
  /// The body's bytes; nil where there is none.
  public var body: [UInt8]?

  /// A request of these parts.
  public init(
    method: String, baseURL: BaseURL, path: String, query: String = "",
    headers: [(name: String, value: String)] = [], body: [UInt8]? = nil
  ) {
    (self.method, self.baseURL, self.path, self.query) = (method, baseURL, path, query)
    (self.headers, self.body) = (headers, body)
  }

  /// The request's target as HTTP has it: path and query.
  public var target: String { query.isEmpty ? path : "\(path)?\(query)" }

  /// The whole address.
  public var url: String {
    let origin = baseURL.description.dropLast(baseURL.prefix.count)
    return origin + target
  }

  /// The first header of that name; names compare without case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  public static func == (left: WireRequest, right: WireRequest) -> Bool {
    left.method == right.method && left.url == right.url && left.body == right.body
      && left.headers.elementsEqual(right.headers, by: ==)
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(method)
    hasher.combine(url)
    hasher.combine(body)
  }
}

extension WireRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method and path. No query, header or body: they hold signatures, ids and addresses.
  public var description: String { redact("\(method) \(baseURL.host)\(path)") }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: []) }
}

/// One HTTP answer, read to its end.
public struct WireResponse: Sendable {
  /// The HTTP status, e.g. 200.
  public var status: Int
  /// The headers, as received.
  public var headers: [(name: String, value: String)]
  /// The body, whole.
  public var body: [UInt8]

  /// An answer of these parts.
  public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }

  /// The first header of that name; names compare without case.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }
}

/// Carries one request to an API and its answer back.
///
/// In production this is ``HTTPTransport``; tests and the simulator in process bring their own.
public protocol Transport: Sendable {
  /// Sends the request once and reads the whole answer, both within `deadline`. Never repeats it, never follows a
  /// redirect.
  func exchange(_ request: WireRequest, deadline: Duration) async throws(TransportError) -> WireResponse
}
