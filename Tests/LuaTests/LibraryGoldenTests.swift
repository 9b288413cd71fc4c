import Foundation
import JSON
import Testing

@testable import Lua

/// The replaced library does what Lua's own does: the same generated calls give the same results in `lua5.4`.
@Suite struct LibraryGoldenTests {
  static let interpreter = "/usr/bin/lua5.4"

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: interpreter), "needs Debian's lua5.4"),
    arguments: GoldenScripts.all.indices, [7, 1234])
  func equalsLua(_ index: Int, seed: Int) async throws {
    let (name, body) = GoldenScripts.all[index]
    let source = GoldenScripts.source(body, seed: seed)
    let ours = try await onLuaThread {
      let world = try World(limits: LuaLimits(memory: 256 << 20, slice: .seconds(20)))
      return try world.run("return { (function() \(source) end)() }").summary
    }
    let text = try #require(ours.hasPrefix("[\"") ? ours : nil, "\(name): \(ours.prefix(300))")
    let theirs = try Self.stock("io.write((function() \(source) end)())")
    let lines = try #require(try JSON(parsing: text)[0]?.string)
    let decoded = lines.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let expected = theirs.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let difference = zip(decoded, expected).first { $0 != $1 }
    #expect(difference == nil, "\(name)")
    #expect(decoded.count == expected.count)
    #expect(decoded.count > 20)
  }

  private static func stock(_ source: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: interpreter)
    process.arguments = ["-"]
    process.environment = ["TZ": "UTC"]
    let input = Pipe()
    let output = Pipe()
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(source.utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
