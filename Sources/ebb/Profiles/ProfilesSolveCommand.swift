import ArgumentParser
import Catalogue
import JSON
import PandaPon
import Redaction

/// `ebb profiles solve-signature`
struct ProfilesSolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve-signature",
    abstract: "Find the signing recipe from one request that is known to be good.",
    discussion: """
      Asks for the request and the secret, and tries every recipe it can think of,
      offline. --from-stdin takes one JSON object: {access_key, nonce_str,
      timestamp, user_id, signature, access_secret, method, path, query, body}.

      --callback finds what a received callback was signed over: {access_key,
      authorization, body, access_secret}. --live asks the API instead, with the
      40 likeliest recipes, one a second.

      Example:
        ebb profiles solve-signature
        ebb profiles solve-signature --from-stdin --json < request.json
        ebb profiles solve-signature --live --profile shop1
      """)

  @Flag(name: .customLong("from-stdin"), help: "Read the request and the secret from standard input.")
  var fromStandardInput = false

  @Flag(help: "What is given is a received callback.")
  var callback = false

  @Flag(help: "Ask the API: the likeliest recipes, once a second, 40 at most.")
  var live = false

  @Option(help: "The profile whose secret is used where none is given, and for which the recipe is kept.")
  var profile: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    if live, callback || fromStandardInput {
      throw ValidationError("--live asks the API: it goes with neither --callback nor --from-stdin")
    }
  }

  mutating func run() async throws {
    if live { return try await solveLive() }
    let input: SolveInput =
      fromStandardInput
      ? try SolveInput(parsing: SecretInput.all()) : try SolveInput(asking: callback)
    if callback { try await solveCallback(input) } else { try await solveRequest(input) }
  }

  private func solveRequest(_ input: SolveInput) async throws {
    let example = try input.example()
    let solution = await SigningSolver(example, secret: try await secret(input)).solve()
    guard let recipe = solution.recipe else {
      throw CommandFailure(
        .failed, "no recipe makes this signature (\(CountText.grouped(solution.tried)) tried)",
        hint: solution.explanation.joined(separator: "\n"), label: "no_recipe",
        details: [
          "tried": .integer(Int64(solution.tried)), "signature": .string(solution.shape.description),
          "missing": .array(solution.missing.map(JSON.string)),
        ])
    }
    for line in solution.explanation.dropFirst() { Terminal.printError(line) }
    try await tell(recipe, by: .example)
  }

  private func solveCallback(_ input: SolveInput) async throws {
    let (authorization, body) = try input.callback()
    let credentials: Credentials
    let secret = try await secret(input)
    do {
      credentials = try Credentials(accessKey: input.accessKey ?? "", secret: secret)
    } catch {
      throw CommandFailure.usage("\(error)", hint: error.hint, label: error.label)
    }
    let solution = CallbackSolver(authorization: authorization, body: body, credentials: credentials).solve()
    guard let base = solution.base else {
      throw CommandFailure(
        .failed, "no base makes this signature", hint: solution.explanation.joined(separator: "\n"), label: "no_base",
        details: ["tried": .integer(Int64(solution.tried)), "signature": .string(solution.shape.description)])
    }
    for line in solution.explanation.dropFirst() { Terminal.printError(line) }
    let kept = try await keep { keeper, name in
      try await keeper.keep(CallbackRecipe(bases: [base]), of: name, by: .example)
    }
    if output.json { return Terminal.print((["callbacks": .string(base.name)] as JSON).text(.pretty)) }
    Terminal.print("callbacks are signed over \(base.name)" + (kept ? ", which is kept" : "; in ebb.yaml:"))
    if !kept { Terminal.print("\n" + RecipeLines(base).text) }
  }

  private func solveLive() async throws {
    let configuration = try Configuration.load()
    let (profile, source) = try configuration.profile(named: profile)
    let read = try HarmlessRead(try Catalogue.forCommands())
    let transport = HTTPTransport(connections: 1)
    let isQuiet = output.json
    let solver = LiveSolver(
      profile, try await source.credentials(), asking: read.operation, read.arguments, over: transport)
    let ending = await solver.run { number, recipe in
      guard !isQuiet else { return }
      Terminal.printError(
        "\(number) of \(LiveSolver.most): \(recipe.payload), \(recipe.digest.rawValue),"
          + " timestamp in \(recipe.timestamp.rawValue)")
    }
    try? await transport.shutdown()
    switch ending {
    case .found(let recipe): try await tell(recipe, by: .live)
    case .exhausted:
      throw CommandFailure(
        .failed, "the API takes none of the \(LiveSolver.most) likeliest recipes",
        hint:
          "is the secret right? `ebb profiles test` looks; else copy one request that is known to be good, and solve"
          + " it without --live", label: "no_recipe")
    case .clock(let skew):
      throw CommandFailure.configuration(
        "this machine's clock is \(skew.magnitude / 1000) s \(skew.isBehind ? "behind" : "ahead of") the API's",
        hint: "set the clock first: a timestamp may be 600 s off at most", label: "clock")
    case .stopped(let failure):
      throw CommandFailure(
        failure.code == .refusedByPolicy ? .refused : .unreachable, "the search stopped: \(failure)",
        hint: failure.hint, label: failure.label)
    }
  }

  private func tell(_ recipe: SigningRecipe, by proof: RecipeProof) async throws {
    let kept = try await keep { keeper, name in try await keeper.keep(recipe, of: name, by: proof) }
    if output.json { return Terminal.print(recipe.json.text(.pretty)) }
    Terminal.print(kept ? "found, and kept:\n" : "found; in ebb.yaml:\n")
    Terminal.print(RecipeLines(recipe).text)
  }

  /// Keeps what was found for the profile, where there is one and somebody keeps it.
  private func keep(_ work: (any RecipeKeeper, String) async throws -> Void) async throws -> Bool {
    guard let configuration = try? Configuration.load(),
      let name = try? configuration.profileSettings(named: profile).name,
      let keeper = configuration.recipeKeeper(for: name)
    else { return false }
    try await work(keeper, name)
    return true
  }

  /// The secret that was given, else the profile's.
  private func secret(_ input: SolveInput) async throws -> SecretBytes {
    if let secret = input.secret { return secret }
    do {
      let (_, source) = try Configuration.load().profile(named: profile)
      return try await source.credentials().secret
    } catch let failure as CommandFailure {
      throw CommandFailure.usage(
        "no secret was given: \(failure.message)", hint: "give access_secret, or name a --profile that has one",
        label: "no_secret")
    }
  }
}
