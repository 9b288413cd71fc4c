import Foundation
import JSON
import Testing

@Suite struct TestCommandTests {
  private let project: Project

  init() throws { project = try Project() }

  /// As the guide prints it.
  @Test func aNewProjectsTestsPass() throws {
    #expect(try project.run("init", "demo").status == 0)
    let demo = Project(at: project.folder.appending(path: "demo"))
    #expect(try demo.run("new", "hello").status == 0)
    let result = try demo.run("test", "--coverage", "--at-least", "90")
    #expect(result.status == 0 && result.output.contains("3 passed, 0 failed"), "\(result.output)\(result.errors)")
    #expect(try demo.run("run", "scripts/hello.lua", "--help").output.contains("urgent     duration  1d"))
    // Nothing that a person wrote is overwritten.
    #expect(try demo.run("new", "hello").status == 2 && demo.run("init").status == 2)
    let settings = try Data(contentsOf: demo.folder.appending(path: ".luarc.json"))
    #expect(try JSON(parsing: Array(settings))["workspace.library"] == [".lua-types"])
  }

  @Test(arguments: ["Bad", "a-b", "../x", "1st", "x_test", "", "ä"]) func namesAreChecked(_ name: String) throws {
    let result = try project.run("new", name)
    #expect(result.status == 2 && result.errors.contains("cannot be a playbook's name"), "\(result.errors)")
  }

  @Test func whatFailsIsToldToPeopleAndMachines() throws {
    try project.write("playbook { ebb = 1, name = 'x' }\nif params.a then\n  return 1\nend\n", to: "scripts/x.lua")
    try project.write(
      "test('good', function() play() end)\ntest('bad', function()\n  expect(1).to_be(2)\nend)\n",
      to: "scripts/x_test.lua")
    let result = try project.run("test")
    #expect(result.status == 1)
    #expect(result.output == "✘ scripts/x_test.lua: 1 passed, 1 failed\n1 passed, 1 failed\n")
    #expect(result.errors == "✘ scripts/x_test.lua: bad\n    expected 2, found 1\n    at scripts/x_test.lua:3\n")
    let document = try project.run("test", "scripts/x.lua", "--json", "--coverage", "--junit", "out.xml")
    #expect(document.status == 1)
    let json = try document.json
    #expect(json["failed"] == 1 && json["tests"]?[1]?["place"] == "scripts/x_test.lua:3")
    #expect(json["coverage"]?[0]?["missed"] == [3])
    #expect(try project.read("out.xml").contains("failures=\"1\""))
    let thin = try project.run("test", "--filter", "good", "--at-least", "90")
    #expect(thin.status == 1 && thin.errors.contains("less than 90 % of scripts/x.lua ran"), "\(thin.errors)")
  }

  @Test func whatIsNotThereIsSaid() throws {
    #expect(try project.run("test", "nowhere").errors.contains("there is no nowhere"))
    try project.write("return 1", to: "scripts/x.lua")
    let none = try project.run("test")
    #expect(none.status == 2 && none.errors.contains("scripts has no tests"), "\(none.errors)")
    try project.write("local a = 1", to: "scripts/x_test.lua")
    #expect(try project.run("test").errors.contains("the files declare no test"))
  }

  /// What ships is tested, and nearly all of it by its own tests.
  @Test func theShippedPlaybooksPassTheirTests() throws {
    let scripts = URL(filePath: #filePath).appending(path: "../../../../scripts").standardizedFileURL.path
    let result = try Binary.run(["test", scripts, "--at-least", "90", "--worlds", "8"], environment: ["CI": "true"])
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }
}
