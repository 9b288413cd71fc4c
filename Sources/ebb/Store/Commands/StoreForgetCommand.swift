import ArgumentParser
import Catalogue
import JSON
import Journal

/// `ebb store forget ID`
struct StoreForgetCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "forget",
    abstract: "Erase what is kept about the people of one order.",
    discussion: """
      Names, addresses and phones go from what runs recorded about the order, refund
      or order line, and from reports; what was decided about it stays, with its
      reasons. Copies of the store are not touched.

      Example:
        ebb store forget 4206886655160143000 --why "the buyer asked for it"
      """)

  @Argument(help: "The id of an order, a refund or an order line.")
  var id: String

  @Option(help: "Why, for the record.")
  var why: String?

  @OptionGroup var person: PersonOptions
  @OptionGroup var storeOptions: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    guard id.utf8.count >= 4 else {
      throw CommandFailure.usage("an id has at least four characters: \(id)", hint: "ebb store forget --help shows how")
    }
    let signature = try person.signature(why: why)
    let personal = CataloguePersonalData(catalogue: try Catalogue.forCommands())
    let store = try storeOptions.open(in: try Configuration.load())
    switch try await store.forget(id, where: personal, signature) {
    case .forgotten(let records):
      if output.json {
        let document: JSON = [
          "status": "done", "exit_code": 0, "subject": .string(id), "records": .integer(Int64(records)),
        ]
        Terminal.print(document.text(.pretty))
      } else {
        Terminal.print("erased in \(CountText.grouped(records)) records")
      }
    case .isUnfinished(let runs):
      let names = runs.map(\.text)
      throw CommandFailure(
        .refused, "\(id) is still needed by \(names.joined(separator: ", "))",
        hint: "let it end, or `ebb runs cancel \(names.first ?? "RUN")`; unsettled: `ebb effects list --unsettled`",
        label: "unfinished", details: JSONObject([(key: "runs", value: .array(names.map(JSON.string)))]))
    }
  }
}
