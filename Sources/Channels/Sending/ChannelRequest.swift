/// One message as it goes out: a POST of a JSON document.
public struct ChannelRequest: Hashable, Sendable {
  /// The address with its token, and with a signature where the service wants it there.
  public let url: ChannelSecret
  /// Names in lower case.
  public let headers: [String: String]
  /// The JSON document.
  public let body: [UInt8]
  /// Whether the message was too long for the service, and is cut.
  public let isCut: Bool

  init(url: ChannelSecret, headers: [String: String] = [:], body: [UInt8], isCut: Bool) {
    self.url = url
    self.headers = ["content-type": "application/json; charset=utf-8"].merging(headers) { _, new in new }
    self.body = body
    self.isCut = isCut
  }
}

/// One HTTP answer.
public struct ChannelAnswer: Hashable, Sendable {
  public let status: Int
  /// Names in lower case.
  public let headers: [String: String]
  public let body: [UInt8]

  /// An answer of these parts.
  public init(status: Int, headers: [String: String] = [:], body: [UInt8] = []) {
    (self.status, self.headers, self.body) = (status, headers, body)
  }
}
