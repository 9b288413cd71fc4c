import Foundation
import Journal
import Scheduling

/// Whether the machine knows time zones, and how old what it knows is.
struct ZoneCheck: DoctorCheck {
  let name = "time zones"

  func diagnoses(in patient: Patient) async -> [Diagnosis] {
    let zone = (try? patient.configuration.get())?.zone.value ?? "Asia/Shanghai"
    do throws(ScheduleProblem) {
      _ = try Zone(zone)
      // One that keeps changing its clock: where the data is missing, it has one offset for ever.
      guard try Self.changesItsClock("America/New_York", from: patient.now()) else {
        return [.error("the zone data has no changes of clocks", hint: "install it: apt-get install tzdata")]
      }
    } catch {
      return [.error("\(error)", hint: error.hint ?? "install the zone data: apt-get install tzdata")]
    }
    guard let version = version(in: patient.zoneFolder) else { return [.ok("\(zone) is known")] }
    let year = Int(version.prefix(4)) ?? 0
    let present = Calendar(identifier: .gregorian).component(
      .year, from: Date(timeIntervalSince1970: Double(patient.now()) / 1000))
    if present - year > 2 {
      return [
        .warning(
          "the zone data is of \(version); countries have changed their clocks since",
          hint: "bring it up to date: apt-get install --only-upgrade tzdata")
      ]
    }
    return [.ok("\(zone) is known; the data is of \(version)")]
  }

  private static func changesItsClock(_ id: String, from now: Milliseconds) throws(ScheduleProblem) -> Bool {
    let zone = try Zone(id)
    let month: Milliseconds = 30 * 86_400_000
    return Set((0..<12).map { zone.offset(at: now + Milliseconds($0) * month) }).count > 1
  }

  /// The version of the zone database, e.g. `2025b`: the first line of its source, which Debian and others install.
  private func version(in folder: String) -> String? {
    let path = URL(filePath: folder).appending(path: "tzdata.zi").path(percentEncoded: false)
    guard let file = FileHandle(forReadingAtPath: path), let data = try? file.read(upToCount: 64) else { return nil }
    let line = String(decoding: data, as: UTF8.self).prefix { $0 != "\n" }
    guard line.hasPrefix("# version ") else { return nil }
    return String(line.dropFirst(10).prefix { $0.isLetter || $0.isNumber })
  }
}
