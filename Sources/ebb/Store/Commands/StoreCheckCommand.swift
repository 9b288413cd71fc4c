import ArgumentParser
import JSON
import Journal

/// `ebb store check`
struct StoreCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check that all that is kept is whole and agrees.",
    discussion: """
      docs/store.md lists the rules. One line for each finding; exit code 1 where
      there is one. Reads all that is kept, and changes nothing.

      Example:
        ebb store check
        ebb store check --store /backups/ebb-2026-11-23.db --json
      """)

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let store = try storeOptions.open(in: try Configuration.load(), for: .reading)
    let violations = try await store.check()
    if output.json {
      let lines = violations.map { JSON.object(["rule": .string($0.rule), "detail": .string($0.detail)]) }
      let status = violations.isEmpty ? ExitStatus.done : .failed
      let document: JSON = [
        "status": .string(status.label), "exit_code": .integer(Int64(status.rawValue)), "store": .string(store.path),
        "violations": .array(lines),
      ]
      Terminal.print(document.text(.pretty))
    } else if violations.isEmpty {
      Terminal.print("all rules hold")
    } else {
      for violation in violations { Terminal.print(Terminal.clean("\(violation.rule): \(violation.detail)")) }
    }
    guard violations.isEmpty else { throw ExitStatus.failed }
  }
}
