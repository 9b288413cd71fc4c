import ArgumentParser
import JSON
import Journal
import Playbooks

/// `ebb store restored`
struct StoreRestoredCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restored",
    abstract: "Say that the store was restored from a copy.",
    discussion: """
      Ebb sees that by itself where store.db alone was put back. Where its whole
      folder was, only a person knows: from now on every write is looked for before
      it is sent, until all that was unfinished at that time is settled.

      Example:
        ebb store restored --since 2026-11-20T03:00:00Z --why "disk of shop-1 failed"
      """)

  @Option(help: ArgumentHelp("When the copy was made, as RFC 3339.", valueName: "instant"))
  var since: String

  @Option(help: "Why, for the record.")
  var why: String?

  @OptionGroup var person: PersonOptions
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard let instant = InstantText.milliseconds(since) else {
      throw CommandFailure.usage("--since is no instant: \(since)", hint: "e.g. --since 2026-11-20T03:00:00Z")
    }
    let signature = try person.signature(why: why)
    let store = try storeOptions.open(in: try Configuration.load())
    try await store.doubt(since: instant, signature)
    let doubt = try await store.doubtSince() ?? instant
    if output.json {
      let document: JSON = ["status": "done", "exit_code": 0, "restored_since": .string(InstantText.text(doubt))]
      Terminal.print(document.text(.pretty))
    } else {
      Terminal.print("what was written since \(InstantText.text(doubt)) is looked for before anything is sent")
    }
  }
}

/// `ebb store settled`
struct StoreSettledCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settled",
    abstract: "Say that nothing is in doubt after a restore.",
    discussion: """
      Ends by hand what ends by itself once all that was unfinished in the restored
      copy is settled. From then on writes are sent without being looked for first.

      Example:
        ebb store settled --why "looked at all orders since Friday"
      """)

  @Option(help: "Why, for the record.")
  var why: String

  @OptionGroup var person: PersonOptions
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let signature = try person.signature(why: why)
    let store = try storeOptions.open(in: try Configuration.load())
    let wasInDoubt = try await store.endDoubt(signature)
    if output.json {
      let document: JSON = ["status": "done", "exit_code": 0, "was_in_doubt": .bool(wasInDoubt)]
      Terminal.print(document.text(.pretty))
    } else {
      Terminal.print(wasInDoubt ? "nothing is in doubt any more" : "nothing was in doubt")
    }
  }
}
