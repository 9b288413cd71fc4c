import JSON
import Journal
import Synchronization
import Testing
import Workbench

@testable import Playbooks

/// `notify.send` in runs: what leaves, when, and how often over crashes.
@Suite struct NotifyTests {
  /// A service that answers as it is told.
  private final class Service: Notifier {
    private let script: Mutex<[NoticeOutcome]>
    private let seen = Mutex<[OutgoingNotice]>([])
    private let laters: Mutex<[Milliseconds]>

    init(_ script: [NoticeOutcome] = [], laters: [Milliseconds] = []) {
      self.script = Mutex(script)
      self.laters = Mutex(laters)
    }

    var sent: [OutgoingNotice] { seen.withLock(\.self) }

    func channels() async -> [String]? { ["ops"] }

    func admit(to channel: String) async -> NoticeAdmission {
      guard channel == "ops" else { return .unknown(["ops"]) }
      if let later = laters.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { return .later(later) }
      return .granted
    }

    func send(_ notice: OutgoingNotice) async -> NoticeOutcome {
      seen.withLock { $0.append(notice) }
      return script.withLock { $0.isEmpty ? .delivered(isCut: false) : $0.removeFirst() }
    }
  }

  private static let source = """
    local notify = require "ebb.notify"
    local first = notify.send("ops", { title = "Due", text = "two", subjects = { { id = "1", title = "shoes" }, "2" } })
    local second = notify.send("ops", "bye")
    return { first.repeated, second.repeated }
    """

  private static func surroundings(_ stage: Stage, _ service: Service) -> RunSurroundings {
    var surroundings = stage.surroundings
    surroundings.notices = .live(service)
    return surroundings
  }

  @Test func aMessageIsAStepAndNoWrite() async throws {
    let (stage, service) = (Stage(), Service())
    let report = try await stage.play(try await stage.assignment(Self.source), in: Self.surroundings(stage, service))
    #expect(report.status == .succeeded && report.result == [false, false])
    #expect(service.sent.map(\.notice.channel) == ["ops", "ops"])
    #expect(service.sent[0].lines == ["1 · shoes", "2"])
    #expect(Set(service.sent.map(\.id)).count == 2)
    #expect(report.writes.isEmpty && report.notices.map(\.outcome) == ["sent", "sent"])
    #expect(try await stage.journal.steps(of: stage.id).map { $0.name } == ["notify.send", "notify.send"])
    // A run that is played again from its journal sends nothing.
    let history = try #require(try await stage.journal.history(of: stage.id))
    let version = try #require(try await stage.journal.version(history.record.version))
    let replay = try await RunReplay.play(history, version: version, catalogue: catalogue)
    #expect(replay.outcome == .identical && replay.report.notices.count == 2)
    #expect(service.sent.count == 2)
  }

  @Test(arguments: 0...10)
  func overACrashPeopleAreToldTwiceAtMostAndNeverNot(_ commits: Int) async throws {
    var stage = Stage()
    let (kept, service) = (MemoryJournal(), Service())
    let cuttable = CuttableJournal(kept, commits: commits)
    stage.journal = cuttable
    let assignment = try await stage.assignment(Self.source)
    var report = try? await stage.play(assignment, in: Self.surroundings(stage, service))
    if report == nil {
      try await cuttable.bury()
      stage.journal = kept
      let surroundings = Self.surroundings(stage, service)
      if await kept.run(stage.id) == nil {
        report = try await stage.play(assignment, in: surroundings)
      } else {
        report = try await RunAdvance.resume(stage.id, in: surroundings).report
      }
    }
    #expect(report?.status == .succeeded)
    for text in ["two", "bye"] {
      let copies = service.sent.filter { $0.notice.text == text }.map(\.isRepeated)
      #expect(copies == [false] || copies == [false, true], "the second says so")
    }
  }

  @Test func itLeavesWhenItsTurnComes() async throws {
    let stage = Stage()
    let service = Service([.notSent("429", retryAt: Stage.start + 30_000)], laters: [Stage.start + 20_000])
    let report = try await stage.play(try await stage.assignment(Self.source), in: Self.surroundings(stage, service))
    #expect(report.status == .succeeded && report.result == [false, false])
    #expect(service.sent.count == 3 && service.sent.allSatisfy { !$0.isRepeated })
    #expect(stage.clock.now() >= Stage.start + 30_000)
  }

  @Test(arguments: [
    ("notify.send('opps', 'x')", "invalid", "there is no channel opps; did you mean ops?"),
    ("notify.send('', 'x')", "invalid", "argument 1 must be a channel's name"),
    ("notify.send('ops', 5)", "invalid", "argument 2 must be a text or a table"),
    ("notify.send('ops', { txt = 'x' })", "invalid", "txt is not known"),
    ("notify.send('ops', { subjects = { id = '1' } })", "invalid", "one subject is { subject }"),
    ("notify.send('ops', { text = 5 })", "invalid", "text must be a text, not a number"),
    ("for i = 1, 101 do notify.send('ops', 'x' .. i) end", "guard", "a run may send 100 messages"),
  ])
  func mistakesRaise(_ call: String, _ code: String, _ words: String) async throws {
    let (stage, service) = (Stage(), Service())
    let source = """
      local notify = require "ebb.notify"
      local ok, problem = pcall(function() \(call) end)
      return { ok, problem.code, problem.message }
      """
    let report = try await stage.play(try await stage.assignment(source), in: Self.surroundings(stage, service))
    #expect(report.result?[0] == false && report.result?[1] == .string(code))
    #expect(report.result?[2]?.string?.contains(words) == true, "\(report.result ?? .null)")
  }

  @Test func aPlanListsItsMessagesAndSendsNone() async throws {
    let (stage, service) = (Stage(), Service())
    var surroundings = RunSurroundings(
      planning: catalogue, reader: stage.api, journal: MemoryJournal(), clock: stage.clock)
    surroundings.notices = .listed(service)
    let source = "local notify = require 'ebb.notify' return notify.send('ops', 'x').planned"
    let advance = try await RunAdvance.start(try await stage.assignment(source), in: surroundings)
    #expect(advance.report?.result == true)
    #expect(advance.report?.notices.map(\.outcome) == ["planned"])
    #expect(service.sent.isEmpty)
    surroundings = RunSurroundings(planning: catalogue, reader: stage.api, journal: MemoryJournal(), clock: stage.clock)
    surroundings.notices = .listed(service)
    var wrong = stage
    wrong.id = "run-2"
    let failing = try await wrong.assignment("require('ebb.notify').send('none', 'x')")
    #expect(try await RunAdvance.start(failing, in: surroundings).report?.failure?.message.contains("none") == true)
  }

  @Test func nothingThatASellerWroteIsAMark() async throws {
    let result = try await Stage().result(
      "return require('ebb.notify').escape('**due** [x](https://e.example)\\n@all')")
    #expect(result == #"\*\*due\*\* \[x\]\(https\:\/\/e\.example\) \@all"#)
  }
}
