import Catalogue
import JSON
import Journal
import PandaPon
import Synchronization
import Testing

@testable import Playbooks

import struct Foundation.TimeZone
import struct Foundation.URL

/// Where a test plays a script: everything a run is given, with what most tests want as the default.
struct Stage {
  var api = ScriptedAPI()
  var file = "scripts/test.lua"
  var folder: URL?
  var id: RunID = "run-1"
  var parameters: JSONObject = [:]
  var guards = Guards()
  var profileGuards = Guards()
  var tags: JSON = [:]
  var zone = TimeZone.gmt
  var sheets = SheetFolder(nil)
  var profile = "shop"
  var clock = VirtualClock(Stage.start)
  var journal: any Journal = MemoryJournal()
  var event: JSON?
  var maximumSteps: Int?
  let events = Recorder<RunEvent>()

  /// 2026-11-01T00:00:00Z.
  static let start: Milliseconds = 1_793_491_200_000

  func assignment(_ source: String) async throws -> RunAssignment {
    let bytes = Array(source.utf8)
    let version = try PlaybookVersion(of: bytes, file: file, folder: folder, catalogue: catalogue)
    let header = try? await HeaderReader(catalogue: catalogue).header(of: version)
    var assignment = try RunAssignment(
      id: id, version: version, header: header, parameters: parameters, profile: profile, guards: guards,
      profileGuards: profileGuards, event: event, tags: tags, zone: zone, sheets: sheets)
    if let maximumSteps { assignment.maximumSteps = maximumSteps }
    return assignment
  }

  var surroundings: RunSurroundings {
    surroundings(reader: api, writer: api)
  }

  func surroundings(reader: any Reader, writer: any Writer) -> RunSurroundings {
    RunSurroundings(
      catalogue: catalogue, reader: reader, writer: writer, journal: journal, clock: clock,
      observer: { [events] in events.append($0) })
  }

  /// Runs a script to its end, through all its waits.
  func play(_ source: String) async throws -> RunReport {
    try await play(try await assignment(source), in: surroundings)
  }

  /// Runs what was assigned to its end, through all its waits.
  func play(_ assignment: RunAssignment, in surroundings: RunSurroundings) async throws -> RunReport {
    let started = try await RunAdvance.start(assignment, in: surroundings)
    return try #require(
      try await RunAdvance.stay(with: started, guards: guards, profileGuards: profileGuards, in: surroundings).report)
  }

  /// Runs a script that must succeed, and answers what it returned.
  func result(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> JSON? {
    let report = try await play(source)
    #expect(report.failure == nil, sourceLocation: sourceLocation)
    #expect(report.status == .succeeded, sourceLocation: sourceLocation)
    return report.result
  }

  /// Runs a script that must fail, and answers why.
  func failure(_ source: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> RunFailure {
    let report = try await play(source)
    #expect(report.status == .failed, sourceLocation: sourceLocation)
    return try #require(report.failure, sourceLocation: sourceLocation)
  }
}

/// Keeps what is appended, from any thread.
final class Recorder<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  var all: [Element] { elements.withLock { $0 } }

  func append(_ element: Element) {
    elements.withLock { $0.append(element) }
  }
}

extension RunReport {
  /// The decisions as `subject kind reason`.
  var lines: [String] { decisions.map { "\($0.subject) \($0.kind.rawValue) \($0.reason)" } }

  /// The writes as `resource outcome`.
  var outcomes: [String] { writes.map { "\($0.resource) \($0.outcome)" } }

  func decision(_ subject: String) -> Decision? { decisions.first { $0.subject == subject } }
}

/// Notes that something else came than the test can go on with.
func unexpected(_ value: Any = "something else came", sourceLocation: SourceLocation = #_sourceLocation) {
  Issue.record("\(value)", sourceLocation: sourceLocation)
}

/// Returns when the task is cancelled, and not before: what never comes, without a clock.
func untilCancelled() async {
  let (never, continuation) = AsyncStream<Never>.makeStream()
  for await _ in never {}
  withExtendedLifetime(continuation) {}
}
