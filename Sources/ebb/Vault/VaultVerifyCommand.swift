import ArgumentParser
import JSON
import Vault

/// `ebb vault verify`
struct VaultVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Open every record, and hold the audit trail against its chain.",
    discussion: """
      Tells records that do not open, and lines of the trail that were taken away,
      changed or cut off. Exit code 1 where there is a finding, 3 where the vault does
      not open.

      Example:
        ebb vault verify
        ebb vault verify --json
      """)

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let verification = try configuration.vault.open().verify()
    let findings =
      verification.recordFindings.map { ("record", $0) } + verification.trailFindings.map { ("trail", $0) }
    let status = findings.isEmpty ? ExitStatus.done : .failed
    if output.json {
      let document: JSON = [
        "status": .string(status.label), "exit_code": .integer(Int64(status.rawValue)),
        "records": .integer(Int64(verification.records)), "lines": .integer(Int64(verification.lines.count)),
        "findings": .array(findings.map { ["in": .string($0.0), "detail": .string($0.1)] }),
      ]
      Terminal.print(document.text(.pretty))
    } else if findings.isEmpty {
      Terminal.print(
        "all \(verification.records) records open, and the trail of \(CountText.grouped(verification.lines.count)) lines"
          + " is whole")
    } else {
      for (place, detail) in findings { Terminal.print(Terminal.clean("\(place): \(detail)")) }
    }
    guard findings.isEmpty else { throw ExitStatus.failed }
  }
}
