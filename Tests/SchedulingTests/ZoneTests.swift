import Foundation
import Testing

@testable import Scheduling

@Suite struct ZoneTests {
  @Test(
    arguments: [
      ("Asia/Shangai", "Asia/Shanghai"), ("asia/shanghai", "Asia/Shanghai"), ("Shanghai", "Asia/Shanghai"),
      ("America/New York", "America/New_York"), ("new york", "America/New_York"), ("Asia/Beijing", "Asia/Shanghai"),
      ("Europe/Pariss", "Europe/Paris"),
    ])
  func whatWasMeantIsSuggested(_ id: String, _ meant: String) {
    let problem = #expect(throws: ScheduleProblem.self) { try Zone(id) }
    #expect(problem?.hint == "did you mean \"\(meant)\"?")
  }

  @Test(arguments: ["", "CST", "Mars/Olympus_Mons_Base", "+08:00", "../../etc/passwd"])
  func whatIsNoZoneIsRefused(_ id: String) {
    let problem = #expect(throws: ScheduleProblem.self) { try Zone(id) }
    #expect(problem?.description.hasPrefix("there is no time zone") == true)
    #expect(problem?.hint != nil)
  }

  @Test(arguments: ["UTC", "GMT", "US/Eastern", "PRC", "Etc/GMT-8"])
  func olderNamesAreUnderstood(_ id: String) throws {
    #expect(try Zone(id).id == id)
  }

  /// All zones, at seeded instants from 1970 to 2150 and around each change of the clock.
  @Test func offsetsAreThoseOfFoundation() throws {
    var random = SeededRandom(seed: 42)
    for id in Zone.all {
      let zone = try Zone(id)
      let foundation = try #require(TimeZone(identifier: id))
      var instants = (0..<400).map { _ in Int64.random(in: 0..<5_680_000_000_000, using: &random) }
      for index in 1..<max(2, zone.table.count) where zone.table.count > 1 {
        instants += [zone.table[index].start - 1000, zone.table[index].start]
      }
      let wrong = instants.first { instant in
        let date = Date(timeIntervalSince1970: Double(instant.flooredQuotient(1000)))
        return zone.offset(at: instant) != Int64(foundation.secondsFromGMT(for: date)) * 1000
      }
      #expect(wrong == nil, "\(id)")
    }
  }
}
