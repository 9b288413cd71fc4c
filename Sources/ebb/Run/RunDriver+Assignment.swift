import Foundation
import JSON
import Journal
import Playbooks

extension RunDriver {
  /// A run of a script, with a name of its own.
  ///
  /// - Parameters:
  ///   - parameters: as given, untyped.
  ///   - by: who starts it.
  func assignment(
    of script: PlaybookFile, parameters: JSONObject, for profile: String, by: String, zone: TimeZone
  ) throws(CommandFailure) -> RunAssignment {
    let guards = try guards(of: script.header?.name ?? "", for: profile)
    let profileGuards = try self.guards(of: profile)
    do throws(ParameterProblem) {
      return try RunAssignment(
        id: Self.newID(SystemClock().now()), version: script.version, header: script.header, parameters: parameters,
        profile: profile, guards: guards, profileGuards: profileGuards, by: by, zone: zone,
        sheets: SheetFolder(URL(filePath: configuration.folder)))
    } catch {
      throw .usage(error.description, hint: error.hint, label: "parameter")
    }
  }

  /// The report of how far an advance came; of a run that another process advances, as the store has it.
  func report(of run: RunID, _ advance: Advance) async throws -> RunReport {
    switch advance {
    case .advanced(let report): return report
    case .held, .over, .exists, .refused, .inTurn, .plans:
      guard let history = try await store.history(of: run) else { throw JournalError.unknownRun(run) }
      return RunReport(history, catalogue: catalogue)
    }
  }

  /// `run-20261101-9f86d081`: a day to find it by, and enough chance to tell runs of a day apart.
  private static func newID(_ instant: Milliseconds) -> RunID {
    let day = InstantText.text(instant).prefix(10).replacing("-", with: "")
    let chance = String(UInt32.random(in: .min ... .max), radix: 16)
    return RunID("run-\(day)-\(String(repeating: "0", count: 8 - chance.count))\(chance)")
  }
}
