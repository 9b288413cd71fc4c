import Catalogue
import Foundation
import JSON
import Journal
import Lua
import Marketplace
import Playbooks

/// The world of one test: a marketplace, a journal and a clock that nobody else has.
actor TestStage {
  private let file: TestFile
  private let catalogue: Catalogue
  private let coverage: CoverageBook?
  private let journal = MemoryJournal()
  /// Made when it is first needed: until then the clock may be set to any instant.
  private var shop: TestShop?
  private var start = TestStage.standardStart
  private var runs = 0

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
    switch request.verb {
    case "now": return .integer(now)
    case "given": return try await given(first)
    case "advance": return try await advance(first)
    case "at": return try await move(first, zone: request.arguments.dropFirst().first)
    case "faults": return try await setFaults(first)
    case "effects": return .array(shop?.effects ?? [])
    case "hold": return try await hold(first)
    case "answer": return try await answer(of: RunID(first?.string ?? ""), request.arguments.dropFirst().first?.bool)
    case "play": return try await play(TestPlay(first))
    case "resume": return try await resume(RunID(first?.string ?? ""))
    default: throw TestProblem("there is no \(request.verb)")
    }
  }

  // MARK: The world

  private func open() throws(TestProblem) -> TestShop {
    if let shop { return shop }
    do {
      let made = try TestShop(at: start, seed: 1)
      shop = made
      return made
    } catch {
      throw TestProblem("the test's marketplace cannot be made: \(error)")
    }
  }

  private func given(_ contents: JSON?) async throws(TestProblem) -> JSON {
    let contents = try GivenContents(contents)
    let result = try await open().marketplace.withWorld { world -> Result<JSON, TestProblem> in
      do throws(TestProblem) { return .success(try contents.put(into: &world)) } catch { return .failure(error) }
    }
    return try result.get()
  }

  private func advance(_ duration: JSON?) async throws(TestProblem) -> JSON {
    guard let time = duration?.integer ?? duration?.string.flatMap(DurationText.milliseconds), time >= 0 else {
      throw TestProblem("advance takes a duration such as \"48h\", not \(duration?.text() ?? "nothing")")
    }
    try await open().time.move(to: now + time)
    return .integer(now)
  }

  private func move(_ time: JSON?, zone: JSON?) async throws(TestProblem) -> JSON {
    let instant = try TestTime.instant(time, zone: zone)
    guard shop != nil else {
      start = instant
      return .integer(instant)
    }
    guard instant >= now else {
      throw TestProblem("time does not go back: it is \(InstantText.text(now)) already; call at before given and play")
    }
    try await open().time.move(to: instant)
    return .integer(instant)
  }

  private func setFaults(_ plan: JSON?) async throws(TestProblem) -> JSON {
    let text = plan?.string ?? ""
    let faults: FaultPlan
    do throws(FaultPlanError) {
      faults = text.isEmpty ? .none : try FaultPlan(parsing: text)
    } catch {
      throw TestProblem(error.description)
    }
    try await open().marketplace.setFaults(faults)
    return .null
  }

  // MARK: People

  private func hold(_ subject: JSON?) async throws(TestProblem) -> JSON {
    guard let id = subject?.string ?? subject?["id"]?.string else {
      throw TestProblem("hold takes the id of a subject")
    }
    await journal.hold(Hold(subject: id, profile: nil, why: "the test holds it", by: "the test", since: now))
    return .null
  }

  /// Answers all that the run asks; the number of its questions.
  private func answer(of run: RunID, _ isYes: Bool?) async throws(TestProblem) -> JSON {
    var filter = ApprovalFilter()
    (filter.run, filter.states, filter.at) = (run, [.pending], now)
    let questions = await journal.approvals(filter)
    guard !questions.isEmpty else { throw TestProblem("the run asks nothing") }
    for question in questions {
      _ = await journal.decide(
        question.id, showing: question.digest, approve: isYes ?? false, Signature(by: "the test", at: now))
    }
    return .integer(Int64(questions.count))
  }

  // MARK: Runs

  private func surroundings(_ shop: TestShop, isPlan: Bool) -> RunSurroundings {
    var surroundings =
      isPlan
      ? RunSurroundings(planning: catalogue, reader: shop, journal: MemoryJournal(), clock: shop.time)
      : RunSurroundings(catalogue: catalogue, reader: shop, writer: shop, journal: journal, clock: shop.time)
    if let coverage { surroundings.lines = { file, line in coverage.note(file, line) } }
    return surroundings
  }

  private func play(_ play: TestPlay) async throws(TestProblem) -> JSON {
    let path = play.playbook.map(file.beside) ?? file.playbook
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TestProblem("play: \(path) cannot be read; `playbook = \"…\"` names another file")
    }
    runs += 1
    let shop = try open()
    do {
      let version = try PlaybookVersion(of: Array(data), file: path, folder: file.folder, catalogue: catalogue)
      let header = try await HeaderReader(catalogue: catalogue).header(of: version)
      try coverage?.expect(Array(data), of: path)
      let assignment = try RunAssignment(
        id: RunID("test-\(runs)"), version: version, header: header, parameters: play.parameters, profile: "test",
        event: play.event, by: "ebb test", tags: play.tags, sheets: SheetFolder(file.folder))
      let surroundings = surroundings(shop, isPlan: play.isPlan)
      let advance = try await RunAdvance.start(assignment, in: surroundings)
      return try await stay(with: advance, play.stays, in: surroundings)
    } catch let problem as TestProblem {
      throw problem
    } catch {
      throw TestProblem("play: \(error)")
    }
  }

  private func resume(_ run: RunID) async throws(TestProblem) -> JSON {
    do {
      let surroundings = surroundings(try open(), isPlan: false)
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
    return Self.withoutNulls(report.json)
  }

  /// In Lua what is not there is nil: a null would be a value that no test expects.
  private static func withoutNulls(_ value: JSON) -> JSON {
    switch value {
    case .object(let members):
      .object(
        JSONObject(members.filter { !$0.value.isNull }.map { (key: $0.key, value: withoutNulls($0.value)) }))
    case .array(let elements): .array(elements.map(withoutNulls))
    default: value
    }
  }
}
