import Journal
import SimulatedYear
import Testing

/// Weeks in which clocks are changed, with restarts, a second process, pauses, edits, downtime and a clock that is set forward
/// and back: each occurrence has its one row. `bench year` lets whole years pass (docs/testing.md).
@Suite struct SimulatedYearTests {
  private static func settings(_ days: ClosedRange<Int>, _ seed: UInt64) -> YearSettings {
    var settings = YearSettings()
    (settings.days, settings.seed, settings.schedulesPerZone) = (days, seed, 1)
    return settings
  }

  @Test(arguments: [66...90, 296...308], [1] as [UInt64])
  func everyOccurrenceHasOneRowThatSaysWhatHadToBecomeOfIt(_ days: ClosedRange<Int>, _ seed: UInt64) async throws {
    let report = try await SimulatedYear.pass(Self.settings(days, seed), on: MemoryJournal())
    #expect(report.holds, "\(report.problems)")
    // What was held against nothing proves nothing.
    #expect(report.occurrences > 4000)
    #expect(Set(report.outcomes.keys) == Set(Occurrence.Outcome.allCases.map(\.rawValue)))
    #expect(report.disturbances.count == 7)
  }

  @Test(arguments: Sabotage.allCases)
  func whatIsDoneWrongOnPurposeIsFound(_ sabotage: Sabotage) async throws {
    var settings = Self.settings(60...80, 3)
    settings.sabotage = sabotage
    let report = try await SimulatedYear.pass(settings, on: MemoryJournal())
    #expect(!report.holds && !report.problems.isEmpty)
    switch sabotage {
    case .drop: #expect(report.missing > 0 && report.notDue == 0)
    case .double: #expect(report.doubled > 0 && report.missing == 0)
    case .invent: #expect(report.notDue > 0 && report.missing == 0)
    }
  }
}
