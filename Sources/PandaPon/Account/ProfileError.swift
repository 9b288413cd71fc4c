import Redaction

/// Why a profile cannot be used: what a user wrote wrong in its configuration.
public struct ProfileError: Error, Hashable, Sendable, CustomStringConvertible {
  private enum Code: Hashable, Sendable {
    case unusableUserID
    case unusableQuota(Double)
    case unusableDeadline
    case unusablePath(String, operation: String)
  }
  private let code: Code

  static let unusableUserID = Self(code: .unusableUserID)
  static func unusableQuota(_ value: Double) -> Self { Self(code: .unusableQuota(value)) }
  static let unusableDeadline = Self(code: .unusableDeadline)
  static func unusablePath(_ path: String, for operation: String) -> Self {
    Self(code: .unusablePath(redact(path), operation: operation))
  }

  /// What is wrong, for a person.
  public var description: String {
    switch code {
    case .unusableUserID: "the user id has a character that cannot stand in a header"
    case .unusableQuota(let value): "the quota \(value) is not a number of requests a second"
    case .unusableDeadline: "the deadline is not a time"
    case .unusablePath(let path, let operation): "the path \"\(path)\" given for \(operation) is not a path"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch code {
    case .unusableUserID: "a user id looks like 2100007341207; set EBB_USER_ID without what stands around it"
    case .unusableQuota: "e.g. quota: 10; leave it out for the default"
    case .unusableDeadline: "e.g. deadline: 30s"
    case .unusablePath: "a path looks like /open/order/refund/cancel/{refundId}, without host or query"
    }
  }

  /// A short name from a fixed set, for metrics.
  public var label: String {
    switch code {
    case .unusableUserID: "profile_user_id"
    case .unusableQuota: "profile_quota"
    case .unusableDeadline: "profile_deadline"
    case .unusablePath: "profile_path"
    }
  }
}
