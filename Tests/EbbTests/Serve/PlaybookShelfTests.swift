import Catalogue
import Foundation
import Playbooks
import Testing

@testable import ebb

/// Which files of a folder are playbooks.
@Suite struct PlaybookShelfTests {
  @Test func testsAndModulesAreNoPlaybooks() async throws {
    let project = try Project(files: [
      "chase.lua": "playbook { ebb = 1, name = 'chase' }",
      "chase_test.lua": "test('it', function() play() end)",
      "rules.lua": "return { word = 'x' }",
    ])
    let shelf = PlaybookShelf(folder: project.folder.path, catalogue: try Catalogue.forCommands())
    let news = await shelf.look()
    #expect(news.count == 1, "\(news)")
    let names = await shelf.all.map(\.header.name)
    #expect(names == ["chase"])
  }
}
