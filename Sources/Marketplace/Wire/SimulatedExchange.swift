/// A request as a simulated marketplace receives it.
public struct SimulatedRequest: Sendable {
  /// The method, upper case.
  public var method: String
  /// The path with its query, as on the wire.
  public var path: String
  /// The headers; names in any case.
  public var headers: [(name: String, value: String)]
  /// The body.
  public var body: [UInt8]

  /// A request.
  public init(method: String, path: String, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
    self.method = method
    self.path = path
    self.headers = headers
    self.body = body
  }

  func header(_ name: String) -> String? {
    headers.first { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name }?.value
  }
}

/// What a simulated marketplace sends back, and how the exchange ends.
public struct SimulatedResponse: Sendable {
  /// The status; of no meaning where the connection is reset.
  public var status: Int
  /// The headers, without `content-length`.
  public var headers: [(name: String, value: String)]
  /// The whole body, also where only a part of it is sent.
  public var body: [UInt8]
  /// How long the answer is held back.
  public var delay: Duration = .zero
  /// How the exchange ends.
  public var ending: Ending = .complete

  /// How an exchange ends.
  public enum Ending: Sendable, Hashable {
    /// With the whole answer.
    case complete
    /// With a reset of the connection and no answer.
    case reset
    /// With a reset of the connection after so many bytes of the body.
    case truncated(after: Int)
  }

  init(status: Int = 200, contentType: String = "application/json;charset=UTF-8", body: [UInt8]) {
    self.status = status
    self.headers = [("content-type", contentType)]
    self.body = body
  }
}
