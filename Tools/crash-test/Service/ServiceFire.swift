import Foundation

/// Starts a service, ends it at random moments, starts it again, and in the end lets it come to rest.
struct ServiceFire {
  private let project: ServiceProject
  private let sabotage: Bool
  private var draws: Draws
  private let port = Int.random(in: 20_000..<30_000)
  private(set) var crashes = 0
  private(set) var problems: [String] = []

  init(project: ServiceProject, draws: Draws, sabotage: Bool) {
    (self.project, self.draws, self.sabotage) = (project, draws, sabotage)
  }

  /// Where callbacks go; the same after each start.
  var callbacks: String { "http://127.0.0.1:\(port)/callbacks/env" }

  mutating func burn(for time: Duration, _ caller: ServiceCaller) async throws {
    let calling = Task { await caller.run() }
    let end = ContinuousClock.now + time
    var service = try start()
    while ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(1500 + Int(draws.next() % 4000)))
      guard service.isRunning else {
        problems.append("the service ended by itself with \(service.terminationStatus)")
        service = try start()
        continue
      }
      kill(service.processIdentifier, SIGKILL)
      service.waitUntilExit()
      crashes += 1
      if sabotage { try putBack() }
      service = try start()
    }
    calling.cancel()
    await calling.value
    try await Task.sleep(for: .seconds(2))
    try await caller.finish()
    if await caller.outstanding > 0 { problems.append("\(await caller.outstanding) callbacks were never acknowledged") }
    try await rest(service)
  }

  private func start() throws -> Process {
    try project.start(["serve", "--port", String(port), "--health-port", "0", "--log-level", "warn"])
  }

  /// Stops it as an operator does, ends the schedules, and lets what is unfinished come to its end.
  private mutating func rest(_ service: Process) async throws {
    kill(service.processIdentifier, SIGTERM)
    service.waitUntilExit()
    if service.terminationReason != .exit || service.terminationStatus != 0 {
      problems.append("SIGTERM ended it with \(service.terminationStatus)")
    }
    for name in ServiceProject.intervals.keys.sorted() { try project.run("disable", name) }
    // What was not dispatched, and what still waits for its turn, is for a service; then nothing may be left.
    let last = try start()
    try await Task.sleep(for: .seconds(4))
    kill(last.processIdentifier, SIGTERM)
    last.waitUntilExit()
    if try project.run("runs", "resume", "--all", "--log-level", "none") != 0 {
      problems.append("a run ended otherwise than as done; see the log")
    }
    if try project.run("store", "check") != 0 { problems.append("the store breaks its rules") }
  }

  /// Once: a copy of the store as it was some crashes before takes its place.
  private mutating func putBack() throws {
    let folder = project.folder.appending(path: ".ebb")
    let copy = project.folder.appending(path: "copy")
    if crashes == 1 { try FileManager.default.copyItem(at: folder, to: copy) }
    guard crashes == 3 else { return }
    try FileManager.default.removeItem(at: folder)
    try FileManager.default.moveItem(at: copy, to: folder)
  }
}
