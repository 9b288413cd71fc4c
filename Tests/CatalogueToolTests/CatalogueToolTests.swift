import Foundation
import JSON
import Testing

@testable import catalogue_tool

/// The tool on a small project: what it merges, what it refuses, what it calls stale.
struct CatalogueToolTests {
  /// A project folder of its own, removed afterwards.
  private final class Project {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("catalogue-\(UUID())").path
    var said: [String] = []

    init(frame: String = Sample.frame, menu: String = Sample.menu, group: String = Sample.group) throws {
      for (name, text) in [("openapi", frame), ("menu", menu), ("things", group)] {
        try TextFile.write(Array(text.utf8), to: "\(root)/catalogue/\(name).yaml")
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func run(_ arguments: String...) -> Int32 {
      CatalogueTool(root: root) { self.said.append($0) }.run(arguments)
    }

    func document() throws -> JSON {
      try JSON(parsing: TextFile.read("\(root)/Sources/CResources/generated/catalogue.json"))
    }
  }

  @Test func mergesInTheMenusOrder() throws {
    let project = try Project()
    #expect(project.run() == 0, "\(project.said)")
    let document = try project.document()
    #expect(document["x-ebb-order"] == ["shop.things.get", "shop.things.set", "shop.events.changed"])
    #expect(document["paths"]?.object?.keys == ["/things/{id}", "/things"])
    let get = try #require(document["paths"]?["/things/{id}"]?["get"])
    #expect(get["parameters"]?.array?.count == 6)
    #expect(
      get[pointer: "/responses/200/content/application~1json/schema/allOf/0/$ref"] == "#/components/schemas/Envelope")
    #expect(get[pointer: "/responses/200/content/application~1json/example/data"] == ["state": "-20"])
    let set = try #require(document["paths"]?["/things"]?["post"])
    #expect(set[pointer: "/requestBody/content/application~1json/schema/required"] == ["id"])
    let page = String(decoding: try TextFile.read("\(project.root)/docs/operations.md"), as: UTF8.self)
    #expect(page.contains("### shop.things.set"))
    #expect(page.contains("Done: `/state` is `-20`."))
  }

  @Test func warehouseSignsItsQuery() throws {
    let project = try Project(group: Sample.group.replacing("x-ebb-market: Shop", with: "x-ebb-market: Warehouse"))
    #expect(project.run() == 0, "\(project.said)")
    let get = try #require(try project.document()["paths"]?["/things/{id}"]?["get"])
    #expect(get["x-ebb-signing"] == "query")
    #expect(get["parameters"]?[1] == ["$ref": "#/components/parameters/WarehouseTimestamp"])
  }

  @Test func staleFilesAreFound() throws {
    let project = try Project()
    #expect(project.run("--check") == 1)
    #expect(project.said.contains { $0.contains("catalogue.json is stale") })
    #expect(project.run() == 0)
    #expect(project.run("--check") == 0)
    try TextFile.write(Array("# Operations\n".utf8), to: "\(project.root)/docs/operations.md")
    project.said = []
    #expect(project.run("--check") == 1)
    #expect(project.said.count == 1)
    #expect(project.run("--lint") == 0)
  }

  @Test func sameSourcesGiveTheSameBytes() throws {
    let one = try Project()
    let two = try Project()
    #expect(one.run() == 0)
    #expect(two.run() == 0)
    #expect(try one.document().bytes() == two.document().bytes())
  }

  @Test(arguments: [
    ("x-ebb-effect: read", "x-ebb-efect: read", "x-ebb-effect"),
    ("type: string, x-ebb-words", "typ: string, x-ebb-words", "schema Thing/state: typ means nothing here"),
    ("x-ebb-unit: fen", "x-ebb-unit: cent", "unknown unit"),
    ("required: [id]", "required: [di]", "required \"di\" is no property"),
    ("schemas/Thing'}", "schemas/Thin'}", "leads nowhere"),
    ("x-ebb-example: {id: \"7\"}", "x-ebb-example: {di: \"7\"}", "no field di"),
    ("x-ebb-write: sets-state", "x-ebb-write: sets", "x-ebb-write"),
    ("x-ebb-plan:", "x-ebb-plam:", "x-ebb-plam means nothing here"),
    ("operation: shop.things.get", "operation: shop.things.git", "there is no shop.things.git"),
    ("read: {operation: shop.things.get", "read: {operation: shop.things.set", "shop.things.set is no read"),
    ("arguments: {id: /id}", "arguments: {id: /ids}", "there is no argument /ids"),
    ("arguments: {id: /id}", "arguments: {di: /id}", "has no argument di"),
    ("done: {/state:", "done: {/stat:", "the answer has no /stat"),
    ("id: /id}]", "id: /di}]", "claim shop.thing: there is no argument /di"),
    ("/things/{id}:", "/things/{number}:", "the path's parameters are not those declared"),
    ("operationId: shop.things.set", "operationId: shop.things.get", "exists already"),
    ("operationId: shop.things.set", "operationId: shop.things.put", "is not in menu.yaml"),
    ("pattern: \"^a\"", "pattern: \"(\"", "the pattern ( cannot be read"),
    ("x-ebb-effect: read", "x-ebb-effect: read\n      x-ebb-effect: write", "duplicated key"),
    ("components:", "component:", "component does not belong here"),
    ("says: /state", "says: /stat", "/stat"),
    ("x-ebb-about: {id: [/fee], says: /state}", "", "an event needs x-ebb-about"),
    ("x-ebb-about: {id:", "x-ebb-about: {ids:", "ids means nothing here"),
    ("x-ebb-effect: read", "x-ebb-effect: read\n      x-ebb-about: {id: [/id]}", "x-ebb-about belongs to events"),
    ("amount: /fee", "amount: /state", "not said to be in fen or yuan"),
  ])
  func mistakesAreRefused(_ sound: String, _ broken: String, _ message: String) throws {
    #expect(Sample.group.contains(sound), "the sample has no \(sound)")
    let project = try Project(group: Sample.group.replacing(sound, with: broken))
    #expect(project.run("--lint") == 1)
    #expect(project.said.contains { $0.contains(message) }, "\(project.said)")
  }

  @Test func missingEntriesAreNamed() throws {
    let project = try Project(menu: Sample.menu + "- shop.things.pay\n")
    #expect(project.run() == 1)
    #expect(project.said == ["catalogue-tool: no file describes shop.things.pay"])
    #expect(project.run("--lint", "\(project.root)/catalogue/things.yaml") == 0)
  }

  @Test func unknownArgumentsAreRefused() throws {
    #expect(try Project().run("--frobnicate") == 2)
    #expect(try Project().run("--help") == 0)
  }

  @Test func onlyPlainScalarsAreTyped() throws {
    let frame =
      Sample.frame
      + "x-scalars: [yes, no, on, \"1\", 1, 1.0, -20, 010, 0x1F, null, ~, true, \"true\", 1e3, 2024-01-01]\n"
    let project = try Project(frame: frame)
    #expect(project.run() == 0, "\(project.said)")
    let expected: JSON = [
      "yes", "no", "on", "1", 1, 1.0, -20, "010", "0x1F", nil, nil, true, "true", 1000.0, "2024-01-01",
    ]
    #expect(try project.document()["x-scalars"]?.text() == expected.text())
  }
}
