import PandaPon
import Redaction
import Synchronization
import Vault

/// A profile's credentials from the vault, in their stages, seen anew when another process changes them. Their first use is
/// in its trail.
final class VaultCredentials: CredentialSource {
  /// The stages as they were at a revision of the vault, and which of the profile's secrets the pending one is.
  private struct Known {
    let revision: UInt64
    let stages: CredentialStages
    let pending: UInt32?
  }

  private let vault: Vault
  private let profile: String
  /// How often it is looked whether another process changed them.
  private let interval: Duration
  private let known = Mutex<Known?>(nil)

  /// Opens them once, so that what is wrong is said before anything is sent.
  init(_ vault: Vault, profile: String, interval: Duration = .seconds(1)) throws {
    (self.vault, self.profile, self.interval) = (vault, profile, interval)
    _ = try current()
  }

  func credentials() async throws -> Credentials {
    try vault.recordUse(of: profile)
    return try current().stages.current
  }

  func successor(of refused: [Credentials]) async throws -> Credentials? {
    try current().stages.successor(of: refused)
  }

  func promote(_ accepted: Credentials) async throws {
    let known = try current()
    guard let version = known.pending, let pending = known.stages.pending, Credentials.same(pending, accepted)
    else { return }
    let name = profile
    _ = try vault.change(AuditEntry(.promote, profile: name)) { contents throws(VaultError) in
      try contents.promote(name, version: version)
    }
  }

  func accepted() async throws -> [Credentials] {
    try vault.recordUse(of: profile)
    return try current().stages.accepted
  }

  func changes() -> AsyncStream<Void> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let watch = Task { [weak self, interval] in
        var seen = try? self?.current().stages
        while (try? await Task.sleep(for: interval)) != nil, let self {
          // What cannot be read now may be read later: whoever needs the credentials is told why.
          guard let now = try? self.current().stages else { continue }
          if let before = seen, Self.sign(alike: before, now) { continue }
          seen = now
          continuation.yield()
        }
        continuation.finish()
      }
      continuation.onTermination = { _ in watch.cancel() }
    }
  }

  private static func sign(alike one: CredentialStages, _ other: CredentialStages) -> Bool {
    guard Credentials.same(one.current, other.current) else { return false }
    switch (one.pending, other.pending) {
    case (nil, nil): return true
    case (let one?, let other?): return Credentials.same(one, other)
    default: return false
    }
  }

  private func current() throws -> Known {
    let revision = try vault.revision()
    if let known = known.withLock({ $0 }), known.revision == revision { return known }
    let profile = profile
    let (key, current, pending, previous) = try vault.read { contents throws(VaultError) in
      guard let current = try contents.secret(of: profile) else {
        throw .noKey("\(profile) has no secret in the vault", hint: "ebb profiles secret \(profile) --current")
      }
      return (
        try contents.profile(profile).accessKey, current, try contents.secret(of: profile, .pending),
        try contents.secret(of: profile, .previous)
      )
    }
    func credentials(_ staged: StagedSecret) throws -> Credentials {
      try Credentials(accessKey: key, secret: staged.secret)
    }
    let stages = CredentialStages(
      current: try credentials(current), pending: try pending.map(credentials),
      previous: try previous.map(credentials))
    let known = Known(revision: revision, stages: stages, pending: pending?.version)
    self.known.withLock { $0 = known }
    return known
  }
}
