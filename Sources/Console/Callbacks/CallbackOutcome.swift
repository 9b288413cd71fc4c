/// What became of a request to a callback's URL, and how it is answered.
///
/// Only what is stored, or was before, is acknowledged (guarantees.md G16); the vendor sends all else again after half
/// an hour, up to five times (pandapon.md 3).
public enum CallbackOutcome: String, Hashable, Sendable, CaseIterable {
  /// A new event, durable now.
  case stored
  /// An event that was stored before.
  case duplicate
  /// No callback, but the profile's verify window is open.
  case verified
  /// The signature fits no accepted base, or there is none.
  case badSignature = "bad_signature"
  /// Signed, but no JSON object that can be read.
  case unreadable
  /// There is no such profile.
  case unknownProfile = "unknown_profile"
  /// Neither a POST nor within a verify window.
  case badMethod = "bad_method"
  /// The store or the credentials failed.
  case failed
  /// The store took longer than the deadline; the event may be stored yet.
  case late
  /// As many events as are allowed wait for the store.
  case overloaded

  /// The HTTP status.
  public var status: Int {
    switch self {
    case .stored, .duplicate, .verified: 200
    case .unreadable: 400
    case .badSignature: 401
    case .unknownProfile: 404
    case .badMethod: 405
    case .failed, .late, .overloaded: 503
    }
  }

  /// The answer's words; nothing of the request is repeated.
  public var message: String {
    switch self {
    case .stored, .duplicate, .verified: "success"
    case .badSignature: "the signature does not match"
    case .unreadable: "the body is no JSON object"
    case .unknownProfile: "there is no such callback"
    case .badMethod: "callbacks are sent by POST"
    case .failed, .late, .overloaded: "not stored, send it again"
    }
  }

  /// Whether the sender was told that the event is kept.
  public var isAcknowledged: Bool { status == 200 }
}
