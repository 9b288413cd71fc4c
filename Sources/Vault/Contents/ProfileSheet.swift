public import JSON

/// What a vault keeps of a profile beside its secret: settings as they were given, for whoever understands them to check.
public struct ProfileSheet: Hashable, Sendable {
  /// Where its API is.
  public var baseURL: String
  /// Names the account to the API.
  public var accessKey: String
  /// The `user-id` header; nil for none.
  public var userID: String?
  /// How requests are signed, as far as it differs from the standard.
  public var signing = Signing()
  /// Over what callbacks may be signed; empty for the standard.
  public var callbacks: [String] = []
  /// Grades and operations that may be sent although no page documents their path.
  public var allow: [String] = []
  /// Requests a second; nil for the default.
  public var quota: Double?
  /// What all playbooks of the shop are held to.
  public var guards = JSONObject()
  /// When the API accepted a request that was signed by this recipe, in milliseconds since 1970 UTC; nil while the recipe
  /// is assumed.
  public var signingVerified: Int64?
  /// Operations that the API has answered properly.
  public var proven: Set<String> = []

  /// A recipe's parts, by the names that a configuration gives them; nil for the standard.
  public struct Signing: Hashable, Sendable {
    public var payload: String?
    public var digest: String?
    public var encoding: String?
    public var timestamp: String?

    /// The standard recipe, or the parts that differ from it.
    public init(payload: String? = nil, digest: String? = nil, encoding: String? = nil, timestamp: String? = nil) {
      (self.payload, self.digest, self.encoding, self.timestamp) = (payload, digest, encoding, timestamp)
    }
  }

  /// A sheet with what every profile has.
  public init(baseURL: String, accessKey: String) {
    (self.baseURL, self.accessKey) = (baseURL, accessKey)
  }
}
