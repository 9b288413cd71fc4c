import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb store stats`
struct StoreStatsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Show how large the store is, and with what.",
    discussion: """
      Example:
        ebb store stats
        ebb store stats --json
      """)

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let store = try storeOptions.open(in: try Configuration.load(), for: .reading)
    let statistics = try await store.statistics()
    if output.json {
      Terminal.print(Self.document(statistics, store.path).text(.pretty))
    } else {
      Terminal.print(Self.text(statistics, store.path, Terminal.current))
    }
  }

  private static func document(_ statistics: StoreStatistics, _ path: String) -> JSON {
    func instant(_ value: Milliseconds?) -> JSON { value.map { .string(InstantText.text($0)) } ?? .null }
    func count(_ value: Int) -> JSON { .integer(Int64(value)) }
    let tables = statistics.tables.map { table -> JSON in
      ["name": .string(table.name), "rows": count(table.rows), "bytes": table.bytes.map(count) ?? .null]
    }
    let runs = JSONObject(statistics.runs.sorted { $0.key < $1.key }.map { (key: $0.key, value: count($0.value)) })
    return [
      "status": "done", "exit_code": 0, "path": .string(path), "store": .string(statistics.store),
      "schema": count(statistics.schema), "generation": count(statistics.generation),
      "restored_since": instant(statistics.restoredSince), "bytes": count(statistics.bytes),
      "free_bytes": count(statistics.freeBytes), "log_bytes": count(statistics.logBytes), "runs": .object(runs),
      "unsettled_effects": count(statistics.unsettledEffects), "open_approvals": count(statistics.openQuestions),
      "steps_per_run": .number(statistics.stepsPerRun), "most_steps": count(statistics.mostSteps),
      "bytes_per_step": .number(statistics.bytesPerStep), "oldest_run": instant(statistics.oldestRun),
      "pruned": instant(statistics.pruned), "tables": .array(tables),
    ]
  }

  private static func text(_ statistics: StoreStatistics, _ path: String, _ terminal: Terminal) -> String {
    var table = Table([.fixed("TABLE", role: .name), .fixed("ROWS", .trailing), .fixed("BYTES", .trailing)])
    for entry in statistics.tables where entry.rows > 0 {
      table.append([entry.name, CountText.grouped(entry.rows), entry.bytes.map(CountText.grouped) ?? ""])
    }
    table.footer = ["all", "", CountText.grouped(statistics.bytes)]
    let runs = statistics.runs.sorted { $0.key < $1.key }.map { "\(CountText.grouped($0.value)) \($0.key)" }
    var lines = [
      Terminal.clean(path), "", table.render(width: terminal.width, style: terminal.style), "",
      "runs: \(runs.isEmpty ? "none" : runs.joined(separator: ", "))",
      "steps: \(tenths(statistics.stepsPerRun)) a run, at most \(CountText.grouped(statistics.mostSteps)); "
        + "\(CountText.grouped(Int(statistics.bytesPerStep.rounded()))) bytes each",
      "unsettled effects: \(CountText.grouped(statistics.unsettledEffects)); "
        + "open approvals: \(CountText.grouped(statistics.openQuestions))",
      "free: \(CountText.grouped(statistics.freeBytes)) bytes; log: \(CountText.grouped(statistics.logBytes)) bytes",
      "oldest run: \(statistics.oldestRun.map { InstantText.text($0) } ?? "none"); "
        + "pruned: \(statistics.pruned.map { InstantText.text($0) } ?? "never")",
    ]
    if let since = statistics.restoredSince {
      lines.append("restored from a copy of \(InstantText.text(since)): writes are looked for before they are sent")
    }
    return lines.joined(separator: "\n")
  }

  private static func tenths(_ number: Double) -> String {
    let tenths = Int((number * 10).rounded())
    return "\(CountText.grouped(tenths / 10)).\(tenths % 10)"
  }
}
