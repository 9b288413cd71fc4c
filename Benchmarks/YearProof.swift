import Foundation
import Journal
import SimulatedYear

/// The proof that no occurrence of a schedule is lost or doubled: `bench year [--years COUNT] [--seed NUMBER]`.
///
/// A year in 40 zones on the journal in memory, a month in which clocks are changed on SQLite, and what is done wrong on
/// purpose has to be found.
struct YearProof {
  private let years: Int
  private let seed: UInt64

  init(_ options: [String: String]) {
    years = options["years"].flatMap(Int.init) ?? 1
    seed = options["seed"].flatMap(UInt64.init) ?? 1
  }

  /// Prints the figures; whether all of it holds.
  func hold() async throws -> Bool {
    var holds = true
    for year in 2026..<2026 + years {
      var settings = YearSettings()
      settings.year = year
      settings.seed = seed &+ UInt64(year)
      holds = try await pass(settings, on: MemoryJournal(), "\(year), in memory") && holds
    }
    let folder = try ScratchFolder()
    let store = try SQLiteStore(path: folder.file("store.db"))
    var settings = Self.march
    settings.seed = seed
    holds = try await pass(settings, on: store, "days 60 to 92 of 2026, on SQLite") && holds
    try store.close()
    for sabotage in Sabotage.allCases {
      var settings = Self.march
      (settings.seed, settings.sabotage) = (seed, sabotage)
      let report = try await SimulatedYear.pass(settings, on: MemoryJournal())
      print("\(sabotage.rawValue) on purpose: \(report.holds ? "NOT FOUND" : "found")")
      holds = holds && !report.holds
    }
    return holds
  }

  /// Most zones of the north change their clocks in it, and some of the south.
  private static var march: YearSettings {
    var settings = YearSettings()
    settings.days = 60...92
    settings.schedulesPerZone = 1
    return settings
  }

  private func pass(_ settings: YearSettings, on store: any ScheduleStore, _ name: String) async throws -> Bool {
    let start = wallSeconds()
    let report = try await SimulatedYear.pass(settings, on: store)
    print("== \(name), \(settings.zones.count) zones, seed \(settings.seed)")
    for line in report.lines { print(line) }
    print("seconds          \(Measurement.text(wallSeconds() - start))")
    for problem in report.problems { print("FAILED \(problem)") }
    fflush(nil)
    return report.holds
  }
}
