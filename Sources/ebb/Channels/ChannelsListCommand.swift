import ArgumentParser
import Channels
import JSON
import Vault

/// `ebb channels list`
struct ChannelsListCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the channels: their kinds and hosts, no tokens.",
    discussion: """
      Example:
        ebb channels list
        ebb channels list --json
      """)

  @OptionGroup var output: OutputOptions

  private struct Row: Sendable {
    let name: String
    let kind: String
    let origin: String
    let signs: Bool
    let keyword: String?
  }

  mutating func run() async throws {
    let door = try Configuration.load().vault
    var rows: [Row] = []
    if door.isThere {
      do throws(VaultError) {
        rows = try door.open().read { contents throws(VaultError) in
          var rows: [Row] = []
          for name in contents.channelNames {
            let sheet = try contents.channel(name)
            let channel = try? Channel(sheet, named: name)
            rows.append(
              Row(
                name: name, kind: sheet.kind, origin: channel?.address.origin ?? "?", signs: sheet.secret != nil,
                keyword: sheet.keyword))
          }
          return rows
        }
      } catch {
        throw CommandFailure(error)
      }
    }
    if output.json {
      let documents = rows.map { row -> JSON in
        [
          "channel": .string(row.name), "kind": .string(row.kind), "host": .string(row.origin),
          "signed": .bool(row.signs), "keyword": row.keyword.map(JSON.string) ?? .null,
        ]
      }
      return Terminal.print(JSON.array(documents).text(.pretty))
    }
    guard !rows.isEmpty else { return Terminal.print("no channels; `ebb channels add NAME --kind …` seals one") }
    var table = Table([
      .fixed("CHANNEL", role: .name), .fixed("KIND"), .flexible("HOST", minimum: 16), .fixed("SIGNED"),
      .flexible("KEYWORD", minimum: 8),
    ])
    for row in rows {
      table.append([row.name, row.kind, row.origin, row.signs ? "yes" : "no", row.keyword ?? ""])
    }
    Terminal.print(table.render(width: Terminal.current.width, style: Terminal.current.style))
  }
}
