import ArgumentParser
import Foundation
import Journal
import Scheduling

/// When something runs, as it is said on the command line.
struct TimetableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Minute, hour, day of month, month, day of week; or @daily and kin.", valueName: "expression"))
  var cron: String?

  @Option(help: ArgumentHelp("An interval: 15m, 6h, 1d; counted from midnight of the zone.", valueName: "duration"))
  var every: String?

  @Option(help: ArgumentHelp("Once: 2026-12-01T09:30:00+08:00, or \"2026-12-01 09:30\".", valueName: "time"))
  var at: String?

  @Option(help: ArgumentHelp("Whose clock it is, e.g. Asia/Shanghai; else the project's.", valueName: "zone"))
  var zone: String?

  @Option(
    help: ArgumentHelp(
      "A file of dates to leave out, or with + to include only (docs/schedules.md).", valueName: "file"),
    completion: .file())
  var days: String?

  /// The timetable.
  ///
  /// - Throws: `CommandFailure` of status `usage` where it cannot be read or never runs.
  func timetable(now: Milliseconds, in configuration: Configuration) throws(CommandFailure) -> Timetable {
    guard [cron, every, at].count(where: { $0 != nil }) == 1 else {
      throw .usage("say when: one of --cron, --every and --at", hint: "e.g. --cron \"30 9 * * *\", or --every 15m")
    }
    let zone = try zone(in: configuration)
    do {
      let days = try days.map { path throws(CommandFailure) in try calendar(path) }
      if let cron { return try Timetable(.cron(CronExpression(parsing: cron)), zone: zone, days: days) }
      if let every {
        let interval = try Interval(parsing: every, anchor: Interval.anchor(in: zone))
        return try Timetable(.every(interval), zone: zone, days: days)
      }
      return try Timetable(.once(Self.instant(at ?? "", option: "--at", now: now, zone)), zone: zone, days: days)
    } catch let problem as ScheduleProblem {
      throw CommandFailure(problem, .usage)
    } catch let failure as CommandFailure {
      throw failure
    } catch {
      throw CommandFailure(.failed, "\(error)")
    }
  }

  /// The zone named, or the project's.
  func zone(in configuration: Configuration) throws(CommandFailure) -> Zone {
    let own = try zone == nil ? configuration.timeZone().identifier : nil
    do {
      return try Zone(zone ?? own ?? "")
    } catch {
      throw CommandFailure(error, zone == nil ? .configuration : .usage)
    }
  }

  private func calendar(_ path: String) throws(CommandFailure) -> DayCalendar {
    guard let text = String(validating: try InputFile.read(path, limit: 1_000_000), as: UTF8.self) else {
      throw .usage("\(path) is no text", hint: "one date per line, e.g. 2026-10-01")
    }
    do {
      return try DayCalendar(parsing: text)
    } catch {
      throw CommandFailure(.usage, "\(path): \(error.description)", hint: error.hint, label: "schedule")
    }
  }

  /// Reads a time, by the zone's clock where it names no offset.
  static func instant(_ text: String, option: String, now: Milliseconds, _ zone: Zone) throws(CommandFailure)
    -> Milliseconds
  {
    let trimmed = text.trimmingCharacters(in: .whitespaces)
    let namesOffset = trimmed.hasSuffix("Z") || trimmed.contains(/[+-][0-9]{2}:[0-9]{2}$/)
    let form = namesOffset ? trimmed : trimmed.replacing("T", with: " ")
    guard let clock = TimeZone(identifier: zone.id), let instant = Until.read(form, now: now, in: clock) else {
      throw .usage(
        "\(option) \(Terminal.clean(text)): that is no time",
        hint: "e.g. 2026-12-01T09:30:00+08:00, \"2026-12-01 09:30\", or 7d for in a week", label: "time")
    }
    return instant
  }
}

extension CommandFailure {
  /// What is wrong with a schedule.
  init(_ problem: ScheduleProblem, _ status: ExitStatus) {
    self.init(status, problem.description, hint: problem.hint, label: "schedule")
  }
}
