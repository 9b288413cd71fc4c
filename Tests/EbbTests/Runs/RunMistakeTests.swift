import Foundation
import JSON
import Testing

@testable import ebb

/// What is answered where nothing can be done: no store, no such run, no sense.
@Suite struct RunMistakeTests {
  @Test(
    arguments: [
      ["runs", "list"], ["effects", "list"], ["effects", "list", "--unsettled"], ["history", "5"],
      ["runs", "verify", "--all"],
    ])
  func aStoreThatIsNotThereIsEmptyAndIsNotMade(_ arguments: [String]) throws {
    let result = try Binary.run(arguments + ["--json"])
    #expect(result.status == 0)
    #expect(result.output == "[]\n")
    #expect(result.errors.hasPrefix("ebb: there is no store at /"))
  }

  @Test(
    arguments: [
      (["runs", "show", "run-1"], 2, "there is no run \"run-1\""),
      (["runs", "resume", "run-1"], 2, "there is no run \"run-1\""),
      (["runs", "replay", "nothing.json"], 2, "there is no bundle nothing.json"),
      (["runs", "replay", "x.lua"], 2, "x.lua is no JSON"),
      (["runs", "debug", "empty.json"], 2, "empty.json: this is no bundle of a run"),
      (["runs", "resume"], 2, "which run is not said"),
      (["runs", "resume", "--all", "x"], 2, "--all and a run exclude each other"),
      (["runs", "verify"], 2, "which runs is not said"),
      (["runs", "list", "--status", "faild"], 2, "\"faild\" is no status"),
      (["runs", "list", "--since", "noon"], 2, "\"noon\" is no time"),
      (["runs", "list", "--limit", "0"], 2, "--limit 0 is out of range"),
      (["runs", "show", "x", "--last", "0"], 2, "--last 0 shows nothing"),
      (["runs", "migrate", "x", "--to", "none.lua"], 2, "there is no file none.lua"),
      (["effects", "show", "x"], 2, "\"x\" names no effect"),
      (["effects", "settle", "x:1", "--why", "w"], 2, "whether it took effect is not said"),
      (
        ["effects", "settle", "x:1", "--confirmed", "--not-done", "--why", "w"], 2, "--confirmed and --not-done exclude"
      ),
      (["runs", "list", "--store", "postgres://a:secret@b/c"], 3, "--store: postgres is no store"),
      (["runs", "list", "--store", "x.lua"], 3, ""),
    ] as [([String], Int32, String)])
  func isAnsweredWithWhatIsWrong(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let files = ["x.lua": "return 1 -- no database, and long enough to be read as one if it were", "empty.json": "{}"]
    let result = try Binary.run(arguments, files: files)
    #expect(result.status == status, "\(result.errors)")
    #expect(result.output.isEmpty)
    let errors = result.errors.split(separator: "\n").filter { !$0.hasPrefix("ebb: there is no store") }
    #expect(errors.first?.hasPrefix("ebb: \(message)") == true, "\(result.errors)")
    #expect(!result.errors.contains("secret"))
    let document = try Binary.run(arguments + ["--json"], files: files).json
    #expect(document["exit_code"] == .integer(Int64(status)))
    #expect(document["error"]?["message"]?.string?.isEmpty == false)
  }

  @Test func aRunThatWasProbablyMeantIsNamed() throws {
    let project = try Project(
      files: ["x.lua": "return 1"],
      environment: [
        "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "key-of-nobody",
        "EBB_ACCESS_SECRET": "m00nlit-tide-5kz2qx",
      ])
    #expect(try project.run("run", "x.lua").status == 0)
    let run = try #require(try project.run("runs", "list", "--json").json[0]?["run"]?.string)
    let wrong = String(run.dropLast()) + (run.last == "0" ? "1" : "0")
    let result = try project.run("runs", "show", wrong)
    #expect(result.status == 2)
    #expect(result.errors == "ebb: there is no run \"\(wrong)\"\nhint: did you mean \"\(run)\"?\n")
  }

  @Test func aStoreOfItsOwnIsMadeForItsOwnerAlone() throws {
    let project = try Project(
      files: ["x.lua": "return 1"],
      environment: [
        "EBB_BASE_URL": "http://127.0.0.1:9", "EBB_ACCESS_KEY": "key-of-nobody",
        "EBB_ACCESS_SECRET": "m00nlit-tide-5kz2qx",
      ])
    #expect(try project.run("run", "x.lua", "--store", "deep/er/s.db").status == 0)
    let folder = try FileManager.default.attributesOfItem(atPath: project.folder.path + "/deep/er")
    #expect(folder[.posixPermissions] as? Int == 0o700)
    let file = try FileManager.default.attributesOfItem(atPath: project.folder.path + "/deep/er/s.db")
    #expect(file[.posixPermissions] as? Int == 0o600)
    #expect(try project.run("runs", "list", "--store", "deep/er/s.db", "--json").json.array?.count == 1)
    #expect(try project.run("runs", "list", "--json").output == "[]\n")
  }
}
