import Redaction
import Testing

@testable import PandaPon

@Suite struct CredentialStagesTests {
  static func credentials(_ name: String) throws -> Credentials {
    try Credentials(accessKey: "rotating-key", secret: SecretBytes("rotating-secret-\(name)".utf8))
  }

  /// The stages by name.
  static func names(_ stages: CredentialStages) -> [String] {
    [stages.current, stages.pending, stages.previous].map { $0.map(name) ?? "-" }
  }

  static func name(_ credentials: Credentials) -> String {
    credentials.secret.withBytes { String(decoding: $0.dropFirst(16), as: UTF8.self) }
  }

  @Test func aPendingSecretBecomesCurrentOnceItIsAccepted() throws {
    let (old, new) = (try Self.credentials("old"), try Self.credentials("new"))
    var stages = CredentialStages(current: old)
    #expect(stages.successor(of: [old]) == nil)
    let (first, again) = (stages.stage(new), stages.stage(old))
    #expect(first && !again, "the current ones are not pending as well")
    #expect(stages.successor(of: [old]).map(Self.name) == "new")
    #expect(stages.accepted.map(Self.name) == ["old", "new"])
    let (wrong, right, twice) = (stages.promote(old), stages.promote(new), stages.promote(new))
    #expect(!wrong && right && !twice)
    #expect(Self.names(stages) == ["new", "-", "old"])
    #expect(stages.accepted.map(Self.name) == ["new", "old"])
  }

  /// A call that was refused before the others promoted takes what is current by now.
  @Test func whoComesLateTakesTheCurrentOnes() throws {
    let secrets = try ["1", "2", "3"].map(Self.credentials)
    var stages = CredentialStages(current: secrets[1], pending: secrets[2], previous: secrets[0])
    #expect(stages.successor(of: [secrets[0]]).map(Self.name) == "2")
    #expect(stages.successor(of: [secrets[0], secrets[1]]).map(Self.name) == "3")
    #expect(stages.successor(of: secrets) == nil)
    let isReplaced = stages.replace(with: secrets[2])
    #expect(isReplaced && Self.names(stages) == ["3", "-", "2"])
  }

  @Test func changesAreHeardByAllWhoListen() async throws {
    let source = StagedCredentials(try Self.credentials("old"))
    let (first, second) = (source.changes(), source.changes())
    source.stage(try Self.credentials("new"))
    for stream in [first, second] {
      var iterator = stream.makeAsyncIterator()
      #expect(await iterator.next() != nil)
    }
    for await _ in FixedCredentials(try Self.credentials("old")).changes() { Issue.record("fixed ones never change") }
  }
}
