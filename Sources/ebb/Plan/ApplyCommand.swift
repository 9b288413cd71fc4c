import ArgumentParser
import Catalogue
import Foundation
import JSON
import Journal
import PandaPon
import Playbooks

/// `ebb apply PLAN`: carries out what a plan shows, and nothing else.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Carries out a plan: exactly what it shows, once.",
    discussion: """
      Every resource is read again before it is written to. What is not as the plan
      shows it is left alone and named, and so is what depends on it; the rest goes
      on, and the exit code is 4. Interrupted, it goes on with the same command.

      Whoever applies a plan approves what it shows: `require_approval` does not ask
      again.

      Example:
        ebb plan scripts/cancel_stale_refunds.lua -o plan.json
        ebb apply plan.json
        ebb apply plan.json --json
      """)

  @Argument(help: "The plan.", completion: .file(extensions: ["json"]))
  var plan: String

  @Flag(help: "List every subject, not only the counts.")
  var details = false

  @Flag(help: "Print one JSON document.")
  var json = false

  @Option(help: ArgumentHelp("The least a log line must matter: debug, info, warn, error, none.", valueName: "level"))
  var logLevel = RunDisplay.Level.info

  @OptionGroup var store: StoreOptions
  @OptionGroup var person: PersonOptions

  func run() async throws {
    let by = try person.name()
    let document = try PlanFile.read(plan)
    let catalogue = try Catalogue.forCommands()
    let configuration = try Configuration.load()
    try check(document.shop, in: configuration)
    let zone = try configuration.timeZone()
    let store = try await store.open(.writing, in: configuration)
    let driver = RunDriver(store, configuration: configuration, catalogue: catalogue)
    let begun = try await standing(of: document, in: store)
    let guards = try driver.guards(of: document.playbook, for: document.shop.name)
    let assignment = try await document.application(
      guards: guards, profileGuards: try driver.guards(of: document.shop.name), by: by, zone: zone,
      catalogue: catalogue)

    if begun == nil { try await answer(document, in: store, try person.signature(why: "applied \(plan)")) }
    let display = RunDisplay(level: logLevel)
    let attendance = Attendance(driver: driver, display: display, time: LocalTime(zone))
    let (advance, isInterrupted) = try await Interrupt.noticing {
      let first: Advance
      if let begun {
        first = try await driver.resume(begun, display)
      } else {
        let started = try await driver.start(
          assignment, requiring: [.unapplied(plan: document.digest, at: SystemClock().now())], display)
        // `ebb serve` may have heard the answer and been quicker.
        if case .exists(let record) = started, !record.status.isFinal {
          first = try await driver.resume(record, display)
        } else {
          first = started
        }
      }
      return try await attendance.stay(with: first, run: assignment.id)
    }
    display.finish()
    await driver.close()
    if case .refused = advance { throw PlanRefusal.applied(plan, by: assignment.id) }
    let report = try await driver.report(of: assignment.id, advance)
    try ApplyConclusion(
      report: report, plan: document, file: plan, listsSubjects: details, json: json, isInterrupted: isInterrupted,
      time: LocalTime(zone)
    ).conclude()
  }

  /// The run that applies the plan, where one has begun and is not over; nil where none has.
  ///
  /// - Throws: `CommandFailure` of status `refused` where the plan is unknown, expired, or applied.
  private func standing(of document: PlanDocument, in store: any Store) async throws -> RunRecord? {
    guard let known = try await store.plan(document.digest) else { throw PlanRefusal.unknown(plan) }
    if let run = known.appliedBy {
      guard let record = try await store.run(run), !record.status.isFinal else {
        throw PlanRefusal.applied(plan, by: run)
      }
      return record
    }
    guard SystemClock().now() < known.expires else { throw PlanRefusal.expired(plan, document) }
    return nil
  }

  /// Whoever applies a plan that a run of `ebb serve` asks about says yes to what it asks; a no stands.
  private func answer(_ document: PlanDocument, in store: any Store, _ signature: Signature) async throws {
    var filter = ApprovalFilter()
    filter.states = [.pending, .rejected]
    filter.limit = .max
    for question in try await store.approvals(filter) where question.plan == document.digest {
      guard question.state == .pending else { throw PlanRefusal.rejected(plan, question) }
      _ = try await store.decide(question.id, showing: question.digest, approve: true, signature)
    }
  }

  /// A plan is applied to the shop that it was made for.
  private func check(_ shop: PlanDocument.Shop, in configuration: Configuration) throws(CommandFailure) {
    let (profile, _) = try configuration.profile(named: shop.name)
    let now = PlanDocument.Shop(profile)
    guard now != shop else { return }
    throw PlanRefusal.otherShop(plan, shop, now)
  }
}

/// Why a plan that is whole is not applied.
enum PlanRefusal {
  static func unknown(_ file: String) -> CommandFailure {
    CommandFailure(
      .refused, "\(file) is not known to this store",
      hint: "a plan is applied with the store that it was made with: --store or EBB_STORE names it",
      label: "plan_unknown")
  }

  static func applied(_ file: String, by run: RunID) -> CommandFailure {
    CommandFailure(
      .refused, "\(file) was applied already, by \(run)",
      hint: "`ebb runs show \(run)` says what became of it; for what is left make a new plan", label: "plan_applied")
  }

  static func rejected(_ file: String, _ question: Approval) -> CommandFailure {
    CommandFailure(
      .refused, "\(file) was rejected by \(question.by ?? "someone")" + (question.why.map { ": \($0)" } ?? ""),
      hint: "`ebb approvals show \(question.id)` shows it; for what is to be done after all make a new plan",
      label: "plan_rejected")
  }

  static func expired(_ file: String, _ plan: PlanDocument) -> CommandFailure {
    CommandFailure(
      .refused, "\(file) has expired: it was good until \(InstantText.text(plan.expires))",
      hint: "make a new one: `ebb plan \(plan.file) -o \(file)`", label: "plan_expired")
  }

  static func otherShop(_ file: String, _ shop: PlanDocument.Shop, _ now: PlanDocument.Shop) -> CommandFailure {
    func text(_ shop: PlanDocument.Shop) -> String {
      "\(shop.name) at \(shop.baseURL)" + (shop.userID.map { " as \($0)" } ?? "")
    }
    return CommandFailure(
      .refused, "\(file) is for \(text(shop)), and the profile is now \(text(now))",
      hint: "set the profile as it was, or make a new plan", label: "plan_shop")
  }
}
