import ArgumentParser
import Catalogue
import JSON
import Marketplace

/// `ebb simulate`
struct SimulateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Serve a simulated PandaPon on 127.0.0.1 until Ctrl-C.",
    discussion: """
      It verifies signatures with code of its own, keeps orders and refunds as the
      real marketplaces do, and fails as it is told.

      A fault is NAME[=VALUE][@OPERATION][:WHEN], several with commas between:
      rate-limit, server-error, server-error-after, delay, late, reset-before,
      reset-after, truncate, html, flip-scalars, stale-list, ...; WHEN is 5%, 3
      (the first three), every-4 or nth-2.

      Example:
        ebb simulate --port 8080 --scenario demo
        ebb simulate --faults 'rate-limit:5%,reset-after@taobao.refunds.cancel:2'
        ebb simulate --port 0 --seed 7 --json
      """)

  @Option(help: "The port; 0 takes a free one.")
  var port = 8080

  @Option(help: "The number that the world is drawn from; the same one makes the same world.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "An instant at which the world's clock stands, e.g. 2026-11-01T00:00:00Z; else the machine's clock.",
      valueName: "instant"))
  var clock: String?

  @Option(help: "What the world holds at first: \(Scenario.names.joined(separator: ", ")).")
  var scenario = "small"

  @Option(help: "What goes wrong, and when.")
  var faults: String?

  @Option(
    help: ArgumentHelp(
      "A file to which every request is appended as a JSON line, secrets hashed.", valueName: "file"),
    completion: .file())
  var record: String?

  @Option(
    help: ArgumentHelp(
      "Where callbacks are sent when orders and refunds change, e.g. http://127.0.0.1:8081/callbacks/NAME.",
      valueName: "url"))
  var callback: String?

  @Flag(help: "Print one JSON line with base_url, access_key, access_secret and user_id before serving.")
  var json = false

  mutating func run() async throws {
    let options = try options()
    let json = json
    _ = try await Interrupt.cancelling {
      do {
        try await SimulatorServer.run(options) { simulator in
          Terminal.print(json ? simulator.announcement.text(.compact) : SimulatorGreeting(simulator).text)
        }
      } catch let error as SimulatorError {
        throw CommandFailure(
          .failed, error.description, hint: error.hint.isEmpty ? nil : error.hint, label: "simulator")
      }
    }
  }

  /// The options, checked.
  func options() throws(CommandFailure) -> SimulatorOptions {
    guard 0...65535 ~= port else { throw .usage("\(port) is not a port", hint: "0 to 65535; 0 takes a free one") }
    var options = SimulatorOptions()
    options.port = port
    options.seed = seed
    options.record = record
    if let callback {
      guard callback.hasPrefix("http://") || callback.hasPrefix("https://") else {
        throw .usage("--callback \"\(callback)\" is no address", hint: "e.g. http://127.0.0.1:8081/callbacks/NAME")
      }
      options.callback = callback
    }
    if let clock {
      guard let parsed = MarketplaceClock(at: clock) else {
        throw .usage("--clock \"\(clock)\" is no instant", hint: "e.g. 2026-11-01T00:00:00Z")
      }
      options.clock = parsed
    }
    guard let scenario = Scenario(named: scenario) else {
      throw .usage(
        "there is no scenario \"\(scenario)\"", hint: Suggestion.hint(for: scenario, in: Scenario.names),
        label: "unknown_scenario")
    }
    options.scenario = scenario
    if let faults {
      do {
        options.faults = try FaultPlan(parsing: faults)
      } catch {
        throw .usage("\(error)", hint: "ebb simulate --help shows how a fault is written", label: "faults")
      }
      try checkOperations(of: options.faults)
    }
    return options
  }

  /// A fault at an operation that does not exist would never strike, and a test that relies on it would pass for nothing.
  private func checkOperations(of faults: FaultPlan) throws(CommandFailure) {
    for rule in faults.rules where !rule.operations.contains("*") {
      let catalogue = try Catalogue.forCommands()
      guard catalogue[rule.operations] == nil else { continue }
      throw .usage(
        "fault '\(rule.text)': there is no operation \(rule.operations)",
        hint: catalogue.nearest(to: rule.operations).map { "did you mean \"\($0)\"?" }, label: "faults")
    }
  }
}

/// What `ebb simulate` tells a person once it serves.
///
/// The secret it shows is the simulated account's, drawn from the seed: it opens nothing.
struct SimulatorGreeting {
  private let baseURL: String
  private let account: SimulatedAccount

  init(_ simulator: RunningSimulator) {
    baseURL = simulator.baseURL
    account = simulator.account
  }

  /// Lines to paste into another shell.
  var text: String {
    """
    a simulated PandaPon listens on \(baseURL); Ctrl-C ends it. In another shell:

      export EBB_BASE_URL=\(baseURL)
      export EBB_ACCESS_KEY=\(account.accessKey)
      export EBB_ACCESS_SECRET=\(account.accessSecret)
      export EBB_USER_ID=\(account.userID)
      ebb call taobao.refunds.list pageSize=5

    Move its clock: curl -d '{"advance": "48h"}' \(baseURL)/simulator/clock
    """
  }
}
