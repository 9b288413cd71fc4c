import Catalogue
import Foundation
import JSON
import Journal
import Marketplace
import PandaPon
import Testing
import Workbench

@testable import Playbooks

/// Every write of the catalogue, and everything that can make its outcome unknown (G7). Generated from the catalogue: a
/// new write is covered, or has no valid call and fails.
@Suite struct InDoubtMatrixTests {
  /// Something that leaves a write in doubt.
  struct Trouble: Sendable, CustomTestStringConvertible {
    let name: String
    /// The simulator's fault; none where the process dies instead.
    let fault: String?
    /// Whether the write took effect by the time it is read back.
    let takesEffect: Bool
    var testDescription: String { name }

    static let all: [Trouble] = [
      Trouble(name: "reset before", fault: "reset-before@OP:1", takesEffect: false),
      Trouble(name: "reset after", fault: "reset-after@OP:1", takesEffect: true),
      Trouble(name: "timeout, then effect", fault: "late=5s@OP:1", takesEffect: true),
      Trouble(name: "500 before", fault: "server-error=500@OP:1", takesEffect: false),
      Trouble(name: "500 after", fault: "server-error-after=500@OP:1", takesEffect: true),
      Trouble(name: "truncated answer", fault: "truncate@OP:1", takesEffect: true),
      Trouble(name: "web page after", fault: "html-after@OP:1", takesEffect: true),
      Trouble(name: "crash after sending", fault: nil, takesEffect: true),
      Trouble(name: "crash after announcing", fault: nil, takesEffect: false),
    ]
  }

  static let writes = catalogue.operations.filter { $0.effect == .write }

  @Test(arguments: Trouble.all, [true, false])
  func noWriteIsDoneTwiceOrLost(_ trouble: Trouble, _ isAct: Bool) async throws {
    for operation in Self.writes {
      let shop = try await InDoubtShop(operation, faults: trouble.fault ?? "")
      let report = try await Self.play(shop, trouble, isAct: isAct)
      let effect = try #require(await shop.effect, "\(operation.id): nothing was announced: \(report.json.text())")
      let rule = try #require(operation.outcome)
      let canBeRead = rule.read != nil || rule.fallbackRead != nil

      #expect(shop.effected <= 1, "\(operation.id) took effect \(shop.effected) times")
      switch effect.state {
      case .confirmed:
        #expect(shop.effected == 1, "\(operation.id): confirmed, and took effect \(shop.effected) times")
        #expect(canBeRead, "\(operation.id): what cannot be read back is nobody's to confirm")
        #expect(report.status == .succeeded, "\(operation.id): \(report.json.text())")
        #expect(report.writes.map(\.outcome) == ["confirmed"])
        if !isAct { #expect(report.result == [true]) }
        if isAct { #expect(report.decisions.map(\.kind) == [.done]) }
      case .unknown, .accepted:
        #expect(report.status == .waiting(.settlement) && report.wake == nil, "\(operation.id): \(report.json.text())")
        #expect(shop.sent <= 1, "\(operation.id): it was sent again while in doubt")
        if isAct { #expect(report.result == [false, "in_doubt"] && report.decisions.map(\.kind) == [.waiting]) }
        // A person is asked only where the catalogue leaves no other way.
        #expect(
          !canBeRead || (!trouble.takesEffect && rule.repeat == .once),
          "\(operation.id): a read could have told, and does not: \(effect.detail ?? "")")
        try await Self.settle(shop, effect, isAct: isAct)
      default: Issue.record("\(operation.id): \(effect.state) \(effect.detail ?? "")")
      }
    }
  }

  @Test func theDocumentsNameTheWritesThatOnlyAPersonCanSettle() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../docs/guarantees.md")
    let text = try String(contentsOf: file.standardized, encoding: .utf8)
    func named(under title: String) throws -> Set<String> {
      let start = try #require(text.range(of: "- **\(title)**")).upperBound
      let end = text.range(of: "\n- **", range: start..<text.endIndex)?.lowerBound ?? text.endIndex
      return Set(text[start..<end].split(separator: "`").map(String.init).filter { catalogue[$0] != nil })
    }
    let unreadable = Self.writes.filter { $0.outcome?.read == nil && $0.outcome?.fallbackRead == nil }
    #expect(try named(under: "Writes that cannot be read back.") == Set(unreadable.map(\.id)))
    let oneSided = Self.writes.filter { $0.outcome?.read != nil && $0.outcome?.notDone == .never }
    #expect(try named(under: "Writes whose absence proves nothing.") == Set(oneSided.map(\.id)))
  }

  /// A person looks, and says what took place: the run goes on, and the write took effect once in the end.
  private static func settle(_ shop: InDoubtShop, _ effect: EffectRecord, isAct: Bool) async throws {
    let isDone = shop.effected == 1
    let signature = Signature(by: "wang@office", why: "looked", at: shop.clock.now())
    let settled = try await shop.journal.settle(
      shop.id, effect.path, as: isDone ? .confirmed : .notDone, signature)
    guard case .settled = settled else { return unexpected("\(shop.operation.id): \(settled)") }
    let report = try #require(try await shop.resume(), "\(shop.operation.id)")
    #expect(report.status == .succeeded, "\(shop.operation.id): \(report.json.text())")
    #expect(shop.effected == 1, "\(shop.operation.id)")
    #expect(await shop.effect?.state == .confirmed)
    if isAct { #expect(report.decisions.map(\.kind) == [.done], "\(shop.operation.id)") }
  }

  private static func play(_ shop: InDoubtShop, _ trouble: Trouble, isAct: Bool) async throws -> RunReport {
    guard trouble.fault == nil else {
      let first = try await shop.start(isAct: isAct)
      return try #require(
        try await RunAdvance.stay(with: .advanced(first), in: shop.surroundings()).report)
    }
    // The process dies with the commit that follows the sending, or with what follows the intent.
    let dying = CuttableJournal(shop.journal) { [takesEffect = trouble.takesEffect] entry in
      guard case .intent = entry.body else { return nil }
      return takesEffect ? .acknowledged : .unheard
    }
    await #expect(throws: JournalError.self) { _ = try await shop.start(isAct: isAct, journal: dying) }
    try await dying.bury()
    return try #require(try await shop.resume())
  }
}
