import Catalogue
import Foundation
import JSON
import Journal
import Lua
import Marketplace
import Playbooks

/// The world of one test: a marketplace, a journal and a clock that nobody else has.
actor TestStage {
  let catalogue: Catalogue
  private let file: TestFile
  private let coverage: CoverageBook?
  let journal = MemoryJournal()
  /// Made when it is first needed: until then the clock may be set to any instant.
  var shop: TestShop?
  var start = TestStage.standardStart
  /// Draws when the process dies, in a random world.
  var fate: SeededGenerator?
  private var post = TestPost(nil)
  private var runs = 0
  /// Which file each run plays.
  private var files: [RunID: String] = [:]

  /// 2026-11-01T00:00:00Z, unless `at` says otherwise.
  private static let standardStart: Milliseconds = 1_793_491_200_000

  init(_ file: TestFile, catalogue: Catalogue, coverage: CoverageBook?) {
    self.coverage = coverage
    self.file = file
    self.catalogue = catalogue
  }

  /// The instant that the test lives in.
  var now: Milliseconds { shop?.time.now() ?? start }

  /// Does what the test asks for.
  ///
  /// - Throws: ``TestProblem`` in words for whoever writes tests.
  func answer(_ request: TestScript.Request) async throws(TestProblem) -> JSON {
    let first = request.arguments.first
    let second = request.arguments.dropFirst().first
    switch request.verb {
    case "now": return .integer(now)
    case "given": return try await given(first)
    case "world": return try await makeWorld(first)
    case "happens": return try await happen(first, second)
    case "change": return try await change(first, second)
    case "look": return try await look(first)
    case "marketplace": return try await open().marketplace.withWorld { SubjectSight.all(in: $0) }.withoutNulls()
    case "advance": return try await advance(first)
    case "at": return try await move(first, zone: second)
    case "faults": return try await setFaults(first)
    case "effects": return .array(shop?.effects.map(\.json) ?? [])
    case "history": return .array(shop?.effects.map { $0.history.withoutNulls() } ?? [])
    case "notices": return post.messages
    case "hold": return try await hold(first)
    case "release": return try await release(first)
    case "answer": return try await answer(of: RunID(first?.string ?? ""), second?.bool)
    case "play": return try await play(TestPlay(first))
    case "resume": return try await resume(RunID(first?.string ?? ""))
    default: throw TestProblem("there is no \(request.verb)")
    }
  }

  func open(_ faults: FaultPlan = .none) throws(TestProblem) -> TestShop {
    if let shop { return shop }
    do {
      let made = try TestShop(at: start, seed: 1, faults: faults)
      shop = made
      return made
    } catch {
      throw TestProblem("the test's marketplace cannot be made: \(error)")
    }
  }

  // MARK: Runs

  private func surroundings(
    _ shop: TestShop, isPlan: Bool, in journal: any Journal
  ) async throws -> RunSurroundings {
    var surroundings =
      isPlan
      ? RunSurroundings(
        planning: catalogue, reader: shop,
        journal: try await PlanJournal(over: self.journal, profile: "test", at: shop.time.now()), clock: shop.time)
      : RunSurroundings(catalogue: catalogue, reader: shop, writer: shop, journal: journal, clock: shop.time)
    surroundings.notices = isPlan ? .listed(post) : .live(post)
    if let coverage { surroundings.lines = { file, line in coverage.note(file, line) } }
    return surroundings
  }

  private func play(_ play: TestPlay) async throws(TestProblem) -> JSON {
    let path = play.playbook.map(file.beside) ?? file.playbook
    let own = FileManager.default.contents(atPath: path).map(Array.init)
    guard let source = own ?? play.playbook.flatMap(Self.shipped) else {
      throw TestProblem("play: \(path) cannot be read; `playbook = \"…\"` names another file")
    }
    runs += 1
    post = TestPost(play.channels, after: post)
    let shop = try open()
    do {
      let version = try PlaybookVersion(of: source, file: path, folder: file.folder, catalogue: catalogue)
      let header = try await HeaderReader(catalogue: catalogue).header(of: version)
      if own != nil { try coverage?.expect(source, of: path) }
      files[RunID("test-\(runs)")] = path
      let assignment = try RunAssignment(
        id: RunID("test-\(runs)"), version: version, header: header, parameters: play.parameters, profile: "test",
        event: play.event, by: "ebb test", tags: play.tags, sheets: SheetFolder(file.folder))
      for commits in play.isPlan ? [] : play.deaths ?? drawDeaths() {
        let mortal = CuttableJournal(journal, commits: commits)
        if let report = try await live(
          play, assignment, in: try await surroundings(shop, isPlan: false, in: mortal), mortal)
        {
          return report
        }
      }
      let surroundings = try await surroundings(shop, isPlan: play.isPlan, in: journal)
      let advance = try await advance(assignment, in: surroundings)
      return try await stay(with: advance, play.stays, in: surroundings)
    } catch let problem as TestProblem {
      throw problem
    } catch {
      throw TestProblem("play: \(error)")
    }
  }

  /// What Ebb ships under that name: tests of a copy may play what stands beside the original.
  private static func shipped(_ name: String) -> [UInt8]? {
    ShippedPlaybook.all.first { $0.name + ".lua" == name }?.source
  }

  /// One life of the process: what the run came to, or nil where the process died over it.
  private func live(
    _ play: TestPlay, _ assignment: RunAssignment, in surroundings: RunSurroundings, _ mortal: CuttableJournal
  ) async throws -> JSON? {
    do {
      let advance = try await advance(assignment, in: surroundings)
      return try await stay(with: advance, play.stays, in: surroundings)
    } catch let error as JournalError {
      guard mortal.remaining < 0 else { throw error }
      try await mortal.bury()
      return nil
    }
  }

  /// Begins a run, or goes on with it where an earlier life of the process has recorded it.
  private func advance(_ assignment: RunAssignment, in surroundings: RunSurroundings) async throws -> Advance {
    if await journal.run(assignment.id) != nil {
      return try await RunAdvance.resume(assignment.id, in: surroundings)
    }
    return try await RunAdvance.start(assignment, in: surroundings)
  }

  /// After how many commits the process dies: in a third of the plays of a random world, once or twice.
  private func drawDeaths() -> [Int] {
    guard var draws = fate else { return [] }
    defer { fate = draws }
    guard draws.draw(0...2) == 0 else { return [] }
    return (0..<draws.draw(1...2)).map { _ in draws.draw(0...40) }
  }

  private func resume(_ run: RunID) async throws(TestProblem) -> JSON {
    do {
      let surroundings = try await surroundings(open(), isPlan: false, in: journal)
      return try await stay(with: RunAdvance.resume(run, in: surroundings), true, in: surroundings)
    } catch let problem as TestProblem {
      throw problem
    } catch {
      throw TestProblem("resume: \(error)")
    }
  }

  /// Moves time on through all waits that end by themselves.
  private func stay(with first: Advance, _ stays: Bool, in surroundings: RunSurroundings) async throws -> JSON {
    var advance = first
    while stays, case .advanced(let report) = advance, case .waiting = report.status, let wake = report.ownWake {
      await shop?.time.move(to: wake)
      advance = try await RunAdvance.resume(report.run, in: surroundings)
    }
    guard case .advanced(let report) = advance else {
      throw TestProblem("the run is over, or cannot go on: \(advance)")
    }
    if let file = files[report.run] { coverage?.note(report.decisions.map(\.reason), of: file) }
    return report.json.withoutNulls()
  }
}

extension JSON {
  /// In Lua what is not there is nil: a null would be a value that no test expects.
  func withoutNulls() -> JSON {
    switch self {
    case .object(let members):
      .object(JSONObject(members.filter { !$0.value.isNull }.map { (key: $0.key, value: $0.value.withoutNulls()) }))
    case .array(let elements): .array(elements.map { $0.withoutNulls() })
    default: self
    }
  }
}
