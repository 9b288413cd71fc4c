import Foundation
import Testing

/// Every block of `docs/guide` is typed, and prints what the page shows.
@Suite struct GuideTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/guide")

  static let pages: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { $0.hasSuffix(".md") }.sorted()

  @Test func thePagesAreThereAndFindEachOther() throws {
    #expect(Self.pages.count >= 7)
    for page in Self.pages {
      let text = try String(contentsOf: Self.folder.appending(path: page), encoding: .utf8)
      for match in text.matches(of: /\]\(([^):#]+)(#[^)]*)?\)/) {
        let target = Self.folder.appending(path: String(match.1)).path
        #expect(FileManager.default.fileExists(atPath: target), "\(page) leads to \(match.1), which is not there")
      }
    }
  }

  @Test(arguments: pages)
  func printsWhatItShows(_ page: String) throws {
    let text = try String(contentsOf: Self.folder.appending(path: page), encoding: .utf8)
    try GuideReader().read(try GuidePage(text), named: page)
  }

  @Test func everyShippedPlaybookIsInTheGuide() throws {
    let text = try String(contentsOf: Self.folder.appending(path: "shipped-playbooks.md"), encoding: .utf8)
    let scripts = Self.folder.deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts")
    for file in try FileManager.default.contentsOfDirectory(atPath: scripts.path)
    where file.hasSuffix(".lua") && !file.hasSuffix("_test.lua") {
      #expect(text.contains("\n### \(file.dropLast(4))\n"), "\(file)")
    }
  }

  // MARK: The reader itself

  @Test(arguments: [
    (["a", "b"], "a\nb\n", true), (["a"], "a\nb\n", false), (["a", "b"], "a\n", false), (["a…c"], "abbbc\n", true),
    (["a…c"], "abbb\n", false), (["…"], "a\nb\n", true), (["a", "…", "z"], "a\nz\n", true),
    (["a", "…", "z"], "a\nb\nc\nz\n", true), (["a", "…", "z"], "a\nb\nc\n", false), (["run: …"], "run: x-1 \n", true),
    (["… steps … s"], "9 steps 0.1 s\n", true), (["…", "a"], "a\nb\n", false), (["  …"], "", true),
  ])
  func ellipsesStandForWhatDiffers(_ shown: [String], _ printed: String, _ fits: Bool) {
    #expect((GuidePage.difference(shown, printed) == nil) == fits)
  }

  @Test(arguments: ["```lua\nx\n```", "```sh now\nx\n```", "```\nx\n```", "```sh\nx", "```sh simulate\nls\n```"])
  func aBlockThatNobodyRunsIsRefused(_ text: String) {
    #expect(throws: GuidePage.Problem.self) { try GuidePage(text) }
  }

  @Test func aPageThatIsWrongFails() throws {
    for text in ["```sh\nfalse\n```", "```sh\necho a\n```\n```text\nb\n```", "```sh exits 3\ntrue\n```"] {
      withKnownIssue { try GuideReader().read(try GuidePage(text), named: "a page") }
    }
    try GuideReader().read(
      try GuidePage("```sh\ncd /tmp\n```\n```sh\npwd\n```\n```text\n/tmp\n```"), named: "a page")
  }
}
