/// How far this machine's clock is from a server's, by the `Date` of an answer: exact to a second and to the time the
/// exchange took.
public struct ClockSkew: Hashable, Sendable {
  /// The server's clock less this machine's, in milliseconds.
  public let milliseconds: Int64

  /// How much a timestamp may be off: 600 s (pandapon.md 1).
  public static let most: Int64 = 600_000

  /// That far.
  public init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  /// What an answer tells; nil where it does not say when it was made.
  ///
  /// - Parameter now: this machine's clock halfway between the request and the answer, in milliseconds since 1970.
  init?(_ response: WireResponse, now: Int64) {
    guard let server = response.serverTime else { return nil }
    // A date has whole seconds: what is within the second is no difference.
    let difference = server - now
    milliseconds = -1000 < difference && difference <= 0 ? 0 : difference
  }

  /// How far, whichever way, in milliseconds.
  public var magnitude: Int64 { abs(milliseconds) }
  /// Whether this machine's clock is behind.
  public var isBehind: Bool { milliseconds > 0 }
  /// Whether the API refuses every timestamp of this machine.
  public var isTooLarge: Bool { magnitude > Self.most }

  /// Asks a server for its time, with one request that is not signed and changes nothing.
  ///
  /// - Returns: nil where the answer has no `Date`.
  /// - Throws: `TransportError` where there is no answer.
  public static func measured(
    at address: BaseURL, over transport: any Transport, now: @Sendable () -> Int64
  ) async throws(TransportError) -> ClockSkew? {
    let request = WireRequest(
      method: "GET", baseURL: address, path: address.prefix.isEmpty ? "/" : address.prefix,
      headers: [("accept", "application/json"), ("user-agent", "ebb")])
    let before = now()
    let response = try await transport.exchange(request, deadline: .seconds(10))
    return ClockSkew(response, now: before + (now() - before) / 2)
  }
}
