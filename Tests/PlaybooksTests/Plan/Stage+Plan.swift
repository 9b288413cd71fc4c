import Catalogue
import JSON
import Journal
import PandaPon
import Testing

@testable import Playbooks

extension Stage {
  static let shop = PlanDocument.Shop(name: "shop", baseURL: "http://127.0.0.1:1", userID: nil)

  /// Plans a script to its end; nothing it is given can write.
  func plan(
    _ source: String, reader: (any Reader)? = nil, over store: (any Store)? = nil
  ) async throws -> (report: RunReport, document: PlanDocument) {
    var journal: any Journal = MemoryJournal()
    if let store { journal = try await PlanJournal(over: store, profile: profile, at: clock.now()) }
    let surroundings = RunSurroundings(
      planning: catalogue, reader: ReaderAlone(reader: reader ?? api), journal: journal, clock: clock)
    let assignment = try await assignment(source)
    let report = try #require(try await RunAdvance.start(assignment, in: surroundings).report)
    return (report, try #require(PlanDocument(of: report, assignment, shop: Self.shop)))
  }

  /// Applies a plan to its end.
  func apply(
    _ plan: PlanDocument, reader: (any Reader)? = nil, writer: (any Writer)? = nil
  ) async throws -> RunReport {
    try await play(
      try await plan.application(guards: guards, catalogue: catalogue),
      in: surroundings(reader: reader ?? api, writer: writer ?? api))
  }
}

/// What a plan may be given: something that reads, and no way from it to what writes.
private struct ReaderAlone: Reader {
  private let answer: @Sendable (Operation, Arguments) async -> Outcome

  init(reader: any Reader) {
    answer = { await reader.read($0, $1) }
  }

  func read(_ operation: Operation, _ arguments: Arguments) async -> Outcome { await answer(operation, arguments) }
}
