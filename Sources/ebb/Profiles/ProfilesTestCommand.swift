import ArgumentParser
import Catalogue
import JSON
import PandaPon

/// `ebb profiles test`
struct ProfilesTestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test",
    abstract: "Ask the API whether it takes a profile's key and signature.",
    discussion: """
      Sends one harmless read, five times at most, and says which part is wrong:
      the network, the clock, the key, the user id or the signature. The timestamp
      is tried in milliseconds and in seconds, and what was taken is kept.

      Example:
        ebb profiles test
        ebb profiles test shop1 --json
      """)

  @Argument(help: "The profile; left out, the one that is used where none is named.")
  var name: String?

  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let (profile, source) = try configuration.profile(named: name)
    let read = try HarmlessRead(try Catalogue.forCommands())
    let transport = HTTPTransport(connections: 1)
    let report = await AccountTest(
      profile, try await source.credentials(), asking: read.operation, read.arguments, over: transport
    ).run()
    try? await transport.shutdown()
    var isKept = false
    if report.verdict == .accepted, let keeper = configuration.recipeKeeper(for: profile.name) {
      try await keeper.keep(report.recipe, of: profile.name, by: .test)
      isKept = true
    }
    let page = AccountPage(report, profile, isKept: isKept)
    if let failure = page.failure {
      if !output.json { Terminal.printError(page.answers) }
      throw failure
    }
    Terminal.print(output.json ? page.document.text(.pretty) : page.text)
  }
}

/// What a test of an account found, as it is printed.
struct AccountPage {
  private let report: AccountReport
  private let profile: Profile
  private let isKept: Bool

  init(_ report: AccountReport, _ profile: Profile, isKept: Bool) {
    (self.report, self.profile, self.isKept) = (report, profile, isKept)
  }

  /// Each request and its answer, a line.
  var answers: String {
    report.answers.map { Terminal.clean("\($0.request): \($0.text)") }.joined(separator: "\n")
  }

  /// For people.
  var text: String {
    var lines = ["\(profile.name) at \(profile.baseURL): \(report.message)"]
    if let skew = report.skew { lines.append("the clocks agree to \(skew.magnitude / 1000 + 1) s") }
    if report.recipe != profile.signing, !isKept {
      lines += ["", "its timestamp is not as configured; in ebb.yaml:", "", RecipeLines(report.recipe).text]
    }
    return lines.joined(separator: "\n")
  }

  /// For machines: `{status, exit_code, profile, verdict, recipe, kept, clock_skew_ms, answers}`.
  var document: JSON {
    .object(
      JSONObject([
        (key: "status", value: .string(ExitStatus.done.label)), (key: "exit_code", value: .integer(0)),
      ]).merging(fields))
  }

  /// Why the account cannot be used; nil where it can.
  var failure: CommandFailure? {
    let status: ExitStatus
    switch report.verdict {
    case .accepted: return nil
    case .network: status = .unreachable
    case .unclear(let failure): status = failure.code == .refusedByPolicy ? .refused : .unreachable
    case .userID, .clock, .signature, .keyOrSignature: status = .configuration
    }
    return CommandFailure(
      status, "\(profile.name): \(report.message)", hint: report.hint, label: report.label, details: fields)
  }

  private var fields: JSONObject {
    [
      "profile": .string(profile.name), "verdict": .string(report.label), "recipe": report.recipe.json,
      "kept": .bool(isKept), "clock_skew_ms": report.skew.map { .integer($0.milliseconds) } ?? .null,
      "answers": .array(
        report.answers.map { ["request": .string($0.request), "answer": .string($0.text)] }),
    ]
  }
}

extension SigningRecipe {
  /// `{payload, digest, encoding, timestamp}`.
  var json: JSON {
    [
      "payload": .string("\(payload)"), "digest": .string(digest.rawValue), "encoding": .string(encoding.rawValue),
      "timestamp": .string(timestamp.rawValue),
    ]
  }
}

extension JSONObject {
  /// These members and others behind them.
  fileprivate func merging(_ others: JSONObject) -> JSONObject {
    var result = self
    for (key, value) in others { result[key] = value }
    return result
  }
}
