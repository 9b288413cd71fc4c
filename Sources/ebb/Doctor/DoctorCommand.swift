import ArgumentParser
import Catalogue
import JSON
import Journal
import PandaPon
import Workers

/// `ebb doctor`
struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Look at everything that Ebb relies on, and say what is amiss.",
    discussion: """
      One line a finding: ok, warning or error, with what to do. Changes nothing,
      and sends one unsigned request to each API, for its clock. Exit code 1 where
      there is an error.

      Example:
        ebb doctor
        ebb doctor --offline --json
      """)

  @Flag(help: "Send nothing: the clocks of the APIs are not compared.")
  var offline = false

  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = Result { () throws(CommandFailure) in try Configuration.load() }
    let options = storeOptions
    let path = configuration.flatMap { configuration in
      Result { () throws(CommandFailure) in try options.location(in: configuration).value }
    }
    let transport = offline ? nil : HTTPTransport(connections: 1)
    var patient = Patient(
      configuration: configuration, storePath: path,
      catalogue: Result { () throws(CommandFailure) in try Catalogue.forCommands() }, transport: transport,
      now: { WallClock().now() })
    if let configuration = try? configuration.get() {
      patient.recipeGrade = { profile in configuration.recipeGrade(of: profile) }
    }
    let checkup = await Checkup(of: patient)
    try? await transport?.shutdown()
    Terminal.print(output.json ? checkup.document.text(.pretty) : checkup.text(Terminal.current))
    guard checkup.status == .done else { throw checkup.status }
  }
}
