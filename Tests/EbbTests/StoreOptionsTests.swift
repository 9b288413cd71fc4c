import Playbooks
import ArgumentParser
import Foundation
import Journal
import Testing

@testable import ebb

@Suite struct StoreOptionsTests {
  private static func configuration(_ environment: EnvironmentVariables = [:]) -> Configuration {
    Configuration(folder: "/project", file: nil, environment: environment)
  }

  @Test func theProjectHasAStoreOfItsOwn() throws {
    let location = try StoreOptions.parse([]).location(in: Self.configuration())
    #expect(location == Setting(value: "/project/.ebb/store.db", origin: .standard))
  }

  @Test func theVariableLiesOverTheProjectAndTheOptionOverBoth() throws {
    let configuration = Self.configuration(["EBB_STORE": "/elsewhere/a.db"])
    let variable = try StoreOptions.parse([]).location(in: configuration)
    #expect(variable == Setting(value: "/elsewhere/a.db", origin: .environment("EBB_STORE")))
    let option = try StoreOptions.parse(["--store", "/x/../b.db"]).location(in: configuration)
    #expect(option == Setting(value: "/b.db", origin: .option("--store")))
  }

  @Test func aRelativePathBeginsInTheCallersFolder() throws {
    let location = try StoreOptions.parse(["--store", "b.db"]).location(in: Self.configuration())
    #expect(location.value == FileManager.default.currentDirectoryPath + "/b.db")
  }

  @Test func anAddressIsNoFileAndItsPasswordIsNotRepeated() throws {
    let options = try StoreOptions.parse(["--store", "postgres://ebb:hunter2@db/ebb"])
    let failure = #expect(throws: CommandFailure.self) { try options.location(in: Self.configuration()) }
    #expect(failure?.status == .configuration)
    #expect(failure?.message == "--store: postgres is no store that this version can use")
  }

  @Test(arguments: ["", "  ", String(repeating: "x", count: 101)])
  func aPersonHasAName(_ name: String) throws {
    let options = try PersonOptions.parse(["--as", name])
    #expect(throws: CommandFailure.self) { try options.name() }
  }

  @Test func whoIsNotNamedIsTheUserOnThisMachine() throws {
    #expect(try PersonOptions.parse([]).name().hasSuffix("@\(WorkerIdentity.hostName)"))
    #expect(try PersonOptions.parse(["--as", " li.wei "]).signature(why: "w").by == "li.wei")
  }
}

@Suite struct WorkerIdentityTests {
  @Test func aNameIsReadBack() throws {
    let own = WorkerIdentity.current
    #expect(WorkerIdentity("\(own)") == own)
    #expect(own.start > 0)
    #expect(!own.isGone)
  }

  @Test(arguments: ["", "ebb", "a/b/c/d", "a/b/0/1", "a/b/1/2/3", "a/b/-1/1"])
  func whatIsNoNameIsNotRead(_ text: String) {
    #expect(WorkerIdentity(text) == nil)
  }

  @Test func aProcessThatEndedIsGoneAlsoWhereItsNumberIsTakenAgain() throws {
    let own = "\(WorkerIdentity.current)".split(separator: "/").map(String.init)
    let later = try #require(WorkerIdentity("\(own[0])/\(own[1])/\(own[2])/\(WorkerIdentity.current.start + 1)"))
    #expect(later.isGone)
    // No process has the largest number.
    #expect(try #require(WorkerIdentity("\(own[0])/\(own[1])/\(Int32.max)/1")).isGone)
  }

  @Test func aProcessElsewhereIsNotKnownToBeGone() throws {
    let own = "\(WorkerIdentity.current)".split(separator: "/").map(String.init)
    #expect(!(try #require(WorkerIdentity("other/\(own[1])/\(Int32.max)/1"))).isGone)
    #expect(!(try #require(WorkerIdentity("\(own[0])/another-boot/\(Int32.max)/1"))).isGone)
  }

  @Test func aProcessThatIsDeadAndNotReapedIsGone() throws {
    let child = Process()
    child.executableURL = URL(filePath: "/bin/cat")
    let input = Pipe()
    child.standardInput = input
    try child.run()
    let number = child.processIdentifier
    let stat = try String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
    let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
    let own = "\(WorkerIdentity.current)".split(separator: "/").map(String.init)
    let identity = try #require(WorkerIdentity("\(own[0])/\(own[1])/\(number)/\(fields[19])"))
    #expect(!identity.isGone)
    kill(number, SIGKILL)
    child.waitUntilExit()
    #expect(identity.isGone)
  }
}
