/// One shop's account as a configuration states it, without its credentials.
public struct Profile: Sendable, Hashable {
  /// What playbooks and people call it.
  public let name: String
  /// Where its API is.
  public let baseURL: BaseURL
  /// The `user-id` header, for the permissions of a sub-account; not sent where nil (pandapon.md 1).
  public internal(set) var userID: String?
  /// How requests are signed in the headers.
  public var signing: SigningRecipe
  /// How the warehouse group is signed in the query.
  public var warehouseSigning: SigningRecipe
  /// How the callbacks it sends are verified.
  public var callbacks = CallbackRecipe.standard
  /// Which operations with an undocumented path may be sent.
  public var allow: Allowance
  /// Paths that the user knows better than the catalogue, by operation id; `{parameters}` as in the catalogue.
  public let paths: [String: String]
  /// Requests a second; nil for no limit.
  public let quota: Double?
  /// How long one exchange may take, from the connection to the last byte of the answer.
  public let deadline: Duration
  /// How often and how long requests are repeated, where they may be.
  public var retry: RetryPolicy

  /// Requests a second where nothing else is said; none on loopback (decisions.md, "Runs").
  public static let defaultQuota = 10.0

  /// A profile of these parts.
  ///
  /// - Parameter quota: requests a second; nil for the default: 10, or no limit on loopback.
  /// - Throws: `ProfileError` for a value that cannot be used.
  public init(
    name: String, baseURL: BaseURL, userID: String? = nil, signing: SigningRecipe = .standard,
    warehouseSigning: SigningRecipe = .warehouse, allow: Allowance = .documented, paths: [String: String] = [:],
    quota: Double? = nil, deadline: Duration = .seconds(30), retry: RetryPolicy = RetryPolicy()
  ) throws(ProfileError) {
    guard userID?.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) ?? true else { throw .unusableUserID }
    if let quota { guard quota.isFinite, quota > 0 else { throw .unusableQuota(quota) } }
    guard deadline > .zero else { throw .unusableDeadline }
    for (operation, path) in paths.sorted(by: { $0.key < $1.key }) {
      guard PathTemplate.isUsable(path) else { throw .unusablePath(path, for: operation) }
    }
    self.name = name
    self.baseURL = baseURL
    self.userID = userID.flatMap { $0.isEmpty ? nil : $0 }
    self.signing = signing
    self.warehouseSigning = warehouseSigning
    self.allow = allow
    self.paths = paths
    self.quota = quota ?? (baseURL.isLoopback ? nil : Self.defaultQuota)
    self.deadline = deadline
    self.retry = retry
  }

  /// A quota of this process for the profile's own limit.
  public func localQuota(_ surroundings: Surroundings = .live) -> any Quota {
    quota.map { LocalQuota(perSecond: $0, surroundings: surroundings) } ?? UnlimitedQuota()
  }
}
