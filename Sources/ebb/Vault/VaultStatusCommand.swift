import ArgumentParser
import JSON
import Journal
import Vault

/// `ebb vault status`
struct VaultStatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show where the vault is, what locks it, and whether it opens.",
    discussion: """
      Asks for nothing: a vault that is locked by a passphrase is opened where a file
      has it. Exit code 3 where it does not open.

      Example:
        ebb vault status
        ebb vault status --json
      """)

  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions

  mutating func run() async throws {
    let configuration = try Configuration.load()
    let door = configuration.vault
    guard let outline = try door.outline() else { throw CommandFailure(VaultError.absent(door.path)) }
    let failure = self.failure(door, outline)
    let sealing = SQLiteStore.sealing(ofStoreAt: try store.location(in: configuration).value)
    if output.json {
      let status = failure?.status ?? .done
      var document: JSONObject = [
        "status": .string(status == .done ? "done" : "failed"), "exit_code": .integer(Int64(status.rawValue)),
        "vault": .string(door.path), "id": .string("\(outline.id)"), "locked_by": .string(outline.derivation.name),
        "counter": .integer(Int64(clamping: outline.counter)), "opens": .bool(failure == nil),
        "profiles": .array(outline.profiles.map(JSON.string)), "channels": .array(outline.channels.map(JSON.string)),
        "store": .string(Self.word(sealing)),
      ]
      if let failure { document["error"] = failure.document["error"] }
      Terminal.print(JSON.object(document).text(.pretty))
    } else {
      var facts = Facts()
      facts.add("vault", "\(door.path) (\(door.place.origin))")
      facts.add("id", "\(outline.id)")
      facts.add("locked by", locks(door, outline))
      facts.add("changes", CountText.grouped(Int(clamping: outline.counter)))
      facts.add("profiles", outline.profiles.isEmpty ? "none" : outline.profiles.joined(separator: ", "))
      facts.add("channels", outline.channels.joined(separator: ", "))
      facts.add("store", Self.text(sealing))
      facts.add("opens", failure == nil ? "yes" : "no: \(failure?.message ?? "")")
      Terminal.print(facts.render(width: Terminal.current.width, style: Terminal.current.style))
      if let hint = failure?.hint { Terminal.printError("hint: \(Terminal.clean(hint))") }
    }
    if let failure { throw failure.status }
  }

  private func failure(_ door: VaultDoor, _ outline: VaultOutline) -> CommandFailure? {
    var settings = door.settings()
    var keys = door.keys
    keys.mayAsk = false
    settings.source = keys
    do throws(VaultError) {
      _ = try Vault.open(at: door.path, settings)
      return nil
    } catch {
      return CommandFailure(error)
    }
  }

  private func locks(_ door: VaultDoor, _ outline: VaultOutline) -> String {
    switch outline.derivation {
    case .keyFile:
      let files = door.keys.keyFiles(for: outline.id).map(\.path)
      return "a key file, looked for at " + files.joined(separator: ", ")
    case .passphrase(let parameters, _):
      let files = door.keys.passphraseFiles.map(\.path)
      let from = files.isEmpty ? "asked for on the terminal" : "from " + files.joined(separator: ", ")
      return "a passphrase (scrypt N=2^\(parameters.logN), r=\(parameters.r), p=\(parameters.p)), \(from)"
    }
  }

  private static func word(_ sealing: StoreSealing?) -> String {
    switch sealing {
    case nil: "none"
    case .plain: "plain"
    case .fromTheBeginning: "sealed"
    case .later: "sealed_later"
    }
  }

  private static func text(_ sealing: StoreSealing?) -> String {
    switch sealing {
    case nil: "none yet; it will be sealed"
    case .plain: "not sealed; `ebb vault seal-store` seals what it records from then on"
    case .fromTheBeginning: "sealed"
    case .later: "sealed since `ebb vault seal-store`; what is older is not"
    }
  }
}
