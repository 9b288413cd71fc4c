import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// Runs one playbook for one shop: the composition of client, journal and run.
struct Runner {
  let catalogue: Catalogue
  let profile: Profile
  let credentials: any CredentialSource
  let display: RunDisplay
  var zone = TimeZone.gmt
  /// What all playbooks of the profile are held to.
  var profileGuards = Guards()
  var clock: any RunClock = SystemClock()

  /// Runs a playbook to its end, or as far as it can go without a person.
  ///
  /// - Parameters:
  ///   - parameters: as given, untyped.
  ///   - guards: those of the configuration, which can only tighten the header's.
  func run(_ file: PlaybookFile, parameters: JSONObject, guards: JSONObject = [:]) async throws -> RunReport {
    let assignment: RunAssignment
    do throws(ParameterProblem) {
      let guards = try Guards(parsing: .object(guards))
      try guards.check(against: catalogue)
      assignment = try RunAssignment(
        id: Self.newID(clock.now()), version: file.version, header: file.header, parameters: parameters,
        profile: profile.name, guards: guards, profileGuards: profileGuards, zone: zone)
    } catch {
      throw CommandFailure.usage(error.description, hint: error.hint, label: "parameter")
    }
    let transport = HTTPTransport()
    let client = Client(profile: profile, credentials: credentials, transport: transport)
    let surroundings = RunSurroundings(
      catalogue: catalogue, reader: client, writer: client, journal: MemoryJournal(), clock: clock,
      observer: { [display] in display.observe($0) })
    let report: RunReport
    do {
      let started = try await RunAdvance.start(assignment, in: surroundings)
      guard let advanced = try await RunAdvance.stay(with: started, guards: assignment.guards, in: surroundings).report
      else { throw CommandFailure(.failed, "another process advances the run \(assignment.id)") }
      report = advanced
    } catch {
      try? await transport.shutdown()
      throw error
    }
    display.finish()
    try await transport.shutdown()
    return report
  }

  /// `run-20261101-9f86d081`: a day to find it by, and enough chance to tell runs of a day apart.
  private static func newID(_ instant: Milliseconds) -> RunID {
    let day = InstantText.text(instant).prefix(10).replacing("-", with: "")
    let chance = String(UInt32.random(in: .min ... .max), radix: 16)
    return RunID("run-\(day)-\(String(repeating: "0", count: 8 - chance.count))\(chance)")
  }
}
