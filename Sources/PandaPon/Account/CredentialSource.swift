/// Where the client gets an account's credentials, asked anew for every request so that a rotation is seen at once.
///
/// A secret has stages: *current* signs; *pending* is one that was noted before the vendor's console reset the current
/// one, and takes its place when the API refuses that; *previous* is kept for callbacks that were signed before. A source
/// with one stage only needs ``credentials()``.
public protocol CredentialSource: Sendable {
  /// The current credentials: what to sign the next request with.
  func credentials() async throws -> Credentials

  /// What to sign with after the API refused those: the current ones where they have changed since, else the pending ones;
  /// nil where there are no others.
  ///
  /// - Parameter refused: all that were refused for one request, in the order in which they were.
  func successor(of refused: [Credentials]) async throws -> Credentials?

  /// The API took a request that these signed. Where they are pending, they are current from now on, and the ones before
  /// them previous; else nothing changes. Many calls may say so at once.
  func promote(_ accepted: Credentials) async throws

  /// Those whose callbacks are taken: the current ones first, then the pending and the previous ones.
  func accepted() async throws -> [Credentials]

  /// Says when the current or the pending credentials changed, so that what waits for them can go on. One that never
  /// changes ends at once.
  func changes() -> AsyncStream<Void>
}

extension CredentialSource {
  /// None: there is one stage.
  public func successor(of refused: [Credentials]) async throws -> Credentials? { nil }

  /// Nothing changes: there is one stage.
  public func promote(_ accepted: Credentials) async throws {}

  /// The current ones alone.
  public func accepted() async throws -> [Credentials] { [try await credentials()] }

  /// Ends at once: they never change.
  public func changes() -> AsyncStream<Void> { AsyncStream { $0.finish() } }
}

/// Credentials that stay the same as long as the process runs.
public struct FixedCredentials: CredentialSource {
  private let value: Credentials

  /// A source of these credentials.
  public init(_ value: Credentials) {
    self.value = value
  }

  public func credentials() async throws -> Credentials { value }
}
