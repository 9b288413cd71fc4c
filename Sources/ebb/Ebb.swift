import ArgumentParser
import Yams
import Lua
@main struct E: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ebb"); mutating func run() async throws { print("ebb") }
}
