import Catalogue
import JSON
import Lua
import Journal
import PandaPon
import Testing

@testable import Playbooks

import struct Foundation.URL
import class Foundation.FileManager
import struct Foundation.Data
import struct Foundation.UUID

@Suite struct SayingTests {
  @Test func logsReachWhoeverWatchesAndTheJournal() async throws {
    let stage = Stage()
    _ = try await stage.result(
      """
      log("plain") log.debug("quiet", { a = 1 }) log.warn("loud") log.error("bad") log(5)
      print("a", nil, 1.5, true, "中")
      """)
    let lines = stage.events.all.compactMap { event in if case .log(let line) = event { line } else { nil } }
    #expect(
      lines.map { "\($0.level) \($0.message)" } == [
        "info plain", "debug quiet", "warn loud", "error bad", "info 5", "info a\tnil\t1.5\ttrue\t中",
      ])
    #expect(lines[1].fields == ["a": 1] && lines[0].fields == .null)
    let kept = try await stage.journal.notes(of: stage.id).map(\.content)
    #expect(kept == lines.map { .log($0) })
  }

  @Test func reportsAreInTheDocument() async throws {
    let report = try await Stage().play(#"report("sellers", { { name = "甲", n = 1 } }) report { { 2 } }"#)
    #expect(
      report.json["reports"] == [
        ["title": "sellers", "rows": [["name": "甲", "n": 1]]], ["title": "", "rows": [[2]]],
      ])
  }

  @Test func theDocumentHasItsFields() async throws {
    let refunds = Refunds(["1": 250])
    let report = try await Stage(api: refunds.api).play(
      "sleep('1s') act('1', 'stale', taobao.refunds.cancel, '1') keep('2', 'why', 'so') return { n = 1 }")
    let document = report.json
    #expect(document["status"] == "succeeded" && document["result"] == ["n": 1] && document["steps"] == 2)
    #expect(document["tally"]?["done"] == 1 && document["tally"]?["kept"] == 1)
    #expect(
      document["decisions"] == [
        [
          "subject": "1", "decision": "done", "reason": "stale", "detail": nil,
          "amount": ["fen": 250, "currency": "CNY"], "step": "2",
        ],
        ["subject": "2", "decision": "kept", "reason": "why", "detail": "so", "amount": nil, "step": "2"],
      ])
    #expect(
      document["writes"] == [
        ["operation": "taobao.refunds.cancel", "resource": "taobao.refund:1", "outcome": "confirmed", "step": "2"]
      ])
    #expect(document["started"] == "2026-11-01T00:00:00.000Z" && document["ended"] == "2026-11-01T00:00:01.000Z")
    #expect(document["error"] == nil && document["waiting_for"] == nil)
  }

  @Test func aFailureIsInTheDocumentToo() async throws {
    let document = try await Stage().play("\nerror { code = 'mine', message = 'no' }").json
    #expect(document["status"] == "failed" && document["error"]?["line"] == 2)
    #expect(document["error"]?["file"] == "scripts/test.lua")
  }
}

@Suite struct ModuleTests {
  /// A folder of those files, gone afterwards.
  static func folder<Result>(
    _ files: [String: String], _ body: (URL) async throws -> Result
  ) async throws -> Result {
    let manager = FileManager.default
    let folder = manager.temporaryDirectory.appending(path: "ebb-\(UUID().uuidString)")
    defer { try? manager.removeItem(at: folder) }
    for (path, text) in files {
      let file = folder.appending(path: "playbooks").appending(path: path)
      try manager.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return try await body(folder.appending(path: "playbooks"))
  }

  @Test func filesBesideTheScriptAreModules() async throws {
    let files = ["rules.lua": "return { limit = 3 }", "shop/names.lua": "return require('rules').limit + 1"]
    let result = try await Self.folder(files) { folder in
      var stage = Stage()
      stage.folder = folder
      return try await stage.result(
        "return { require('rules').limit, require('shop.names'), require 'rules' == require 'rules' }")
    }
    #expect(result == [3, 4, true])
  }

  @Test func errorsInAModuleNameItsLine() async throws {
    try await Self.folder(["rules.lua": "local r = {}\nfunction r.f() error('bad') end\nreturn r"]) { folder in
      var stage = Stage()
      stage.folder = folder
      let failure = try await stage.failure("require('rules').f()")
      #expect(failure.position?.file == "rules.lua" && failure.position?.line == 2)
    }
  }

  @Test(arguments: [
    ("../secret", "is no module name"), ("..secret", "is no module name"), ("/etc/passwd", "is no module name"),
    ("a..b", "is no module name"), ("", "is no module name"), ("a/b", "is no module name"), ("模块", "is no module name"),
    ("rules.", "is no module name"), (String(repeating: "a", count: 300), "is no module name"),
    ("missing", "there is no file missing.lua beside the playbook"),
    ("link", "link.lua leads out of the playbook's folder"),
    ("out.secret", "out/secret.lua leads out of the playbook's folder"),
    ("ebb.mony", "the standard library has no module ebb.mony; did you mean ebb.money?"),
    ("ebb.zzz", "has no module ebb.zzz"),
    ("folder", "there is no file folder.lua beside the playbook"),
  ])
  func nothingElseIs(_ name: String, _ message: String) async throws {
    try await Self.folder(["rules.lua": "return 1", "folder.lua/x.lua": "return 1"]) { folder in
      let manager = FileManager.default
      let outside = folder.deletingLastPathComponent()
      try Data("return 'secret'".utf8).write(to: outside.appending(path: "secret.lua"))
      try manager.createSymbolicLink(
        at: folder.appending(path: "link.lua"), withDestinationURL: outside.appending(path: "secret.lua"))
      try manager.createSymbolicLink(at: folder.appending(path: "out"), withDestinationURL: outside)
      guard case .missing(let text) = ModuleFolder(folder).module(name) else { return unexpected() }
      #expect(text.contains(message), "\(text)")
    }
  }

  @Test func aLinkWithinTheFolderIsFollowed() async throws {
    try await Self.folder(["rules.lua": "return 1"]) { folder in
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: "same.lua"), withDestinationURL: folder.appending(path: "rules.lua"))
      guard case .source(let source, let name, let visibility) = ModuleFolder(folder).module("same") else {
        return unexpected()
      }
      #expect(source == Array("return 1".utf8) && name == "same.lua" && visibility == .script)
    }
  }

  @Test func withoutAFolderThereIsTheStandardLibraryOnly() {
    guard case .missing(let text) = ModuleFolder(nil).module("rules") else { return unexpected() }
    #expect(text == "there is no folder to look for rules.lua in")
    for name in ModuleFolder.standardLibrary {
      guard case .source(_, name, .host) = ModuleFolder(nil).module(name) else { return unexpected(name) }
    }
  }

  @Test func aFileCannotPassForTheStandardLibrary() async throws {
    try await Self.folder(["ebb/money.lua": "return 'mine'", "ebb.lua": "return 'mine'"]) { folder in
      guard case .source(_, _, .host) = ModuleFolder(folder).module("ebb.money") else { return unexpected() }
    }
  }
}
