import ArgumentParser
import JSON
import Journal
import Playbooks
import Scheduling

/// `ebb schedule next`
struct ScheduleNextCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "next",
    abstract: "Say when a schedule runs next, and what the next change of the clock does.",
    discussion: """
      Expressions, calendars and changes of the clock: docs/schedules.md.

      Example:
        ebb schedule next --cron "30 9 * * MON-FRI" --days holidays.txt
        ebb schedule next --cron "30 1 * * *" --zone America/New_York --count 3
        ebb schedule next --every 6h --from 2026-10-31T00:00:00Z --json
      """)

  @OptionGroup var when: TimetableOptions

  @Option(help: ArgumentHelp("After which time; else now.", valueName: "time"))
  var from: String?

  @Option(help: "How many.")
  var count = 5

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard (1...10_000).contains(count) else {
      throw CommandFailure.usage("--count \(count) is out of range", hint: "1 to 10,000")
    }
    let configuration = try Configuration.load()
    let now = SystemClock().now()
    let timetable = try when.timetable(now: now, in: configuration)
    let start = try from.map { text throws(CommandFailure) in
      try TimetableOptions.instant(text, option: "--from", now: now, timetable.zone)
    }
    let after = start ?? now
    let occurrences = Array(timetable.occurrences(after: after, through: .max).prefix(count))
    if output.json {
      let documents = occurrences.map { instant in
        JSON.object(
          JSONObject([
            (key: "at", value: .string(InstantText.text(instant))),
            (key: "local", value: .string(Self.local(instant, in: timetable.zone))),
          ]))
      }
      return Terminal.print(JSON.array(documents).text(.pretty))
    }
    Terminal.print(Terminal.clean(timetable.text))
    if occurrences.isEmpty {
      Terminal.print("nothing runs after \(Self.local(after, in: timetable.zone))")
    } else {
      var table = Table([.fixed("LOCAL", role: .name), .fixed("UTC")])
      for instant in occurrences { table.append([Self.local(instant, in: timetable.zone), InstantText.text(instant)]) }
      let terminal = Terminal.current
      Terminal.print(table.render(width: terminal.width, style: terminal.style))
    }
    Terminal.print(
      timetable.nextTransition(after: after)?.description
        ?? "the clock of \(timetable.zone.id) is not changed any more, as far as is known")
  }

  /// An instant on a zone's clock, with its offset: `2026-11-01T01:30:00-04:00`.
  private static func local(_ instant: Milliseconds, in zone: Zone) -> String {
    let offset = zone.offset(at: instant)
    let minutes = abs(offset) / 60_000
    func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let sign = offset < 0 ? "-" : "+"
    return InstantText.text(instant + offset).prefix(19) + sign + padded(minutes / 60) + ":" + padded(minutes % 60)
  }
}
