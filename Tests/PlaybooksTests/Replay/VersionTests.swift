import Catalogue
import Foundation
import JSON
import Journal
import Lua
import Testing

@testable import Playbooks

@Suite struct VersionTests {
  @Test(
    arguments: [
      (#"require "a""#, ["a"]), (#"require("a.b")"#, ["a.b"]), ("require'a'", ["a"]), ("require[[a]]", ["a"]),
      ("require [==[a]==]", ["a"]), ("require\n  ( --[[ here ]] 'a' )", ["a"]), (#"local x = require "a".b.c"#, ["a"]),
      (#"x = "q" .. require "a" .. "r""#, ["a"]), (#"-- require "a""#, []),
      ("--[[ require 'a' ]] --[==[\nrequire 'b' ]==]", []),
      (#"local s = "require 'a'""#, []), (#"s = 'it\'s require "a"'"#, []), ("s = [[require 'a']]", []),
      (#"t.require "a" t:require("b") requires("c") _require "d""#, []),
      ("#!/usr/bin/ebb require 'x'\nrequire 'a'", ["a"]),
      ("\u{FEFF}require 'a'", ["a"]), ("s = \"\\\nrequire 'b'\" require 'a'", ["a"]), ("x = 1..require 'a'", ["a"]),
    ] as [(String, [String])])
  func literalNamesAreFound(_ source: String, _ names: [String]) {
    #expect(RequireScanner.findings(in: Array(source.utf8)).map(\.name) == names)
  }

  @Test(arguments: [
    ("\nrequire(name)", 2), ("\n\nrequire('a' .. b)", 3), ("local r = require", 1), ("pcall(require, 'a')", 1),
    ("require 'a\\98'", 1), ("require(('a'))", 1), ("require {}", 1), ("--[[\n\n]] require [[\na]] \n require(x)", 5),
  ])
  func aComputedNameIsRefusedWithItsLine(_ source: String, _ line: Int) async throws {
    let computed = RequireScanner.findings(in: Array(source.utf8)).filter { $0.name == nil }
    #expect(computed.map(\.line) == [line])
    await #expect(throws: LuaError.self) { try await Stage().play("return require(tostring(5))") }
  }

  @Test func theErrorSaysWhere() async throws {
    try await ModuleTests.folder(["rules.lua": "local name = 'x'\nreturn require(name)"]) { folder in
      do throws(LuaError) {
        _ = try Self.version("return require 'rules'", folder)
        unexpected()
      } catch {
        #expect(error.position == LuaPosition(file: "rules.lua", line: 2))
        #expect(error.message.hasPrefix("require takes a name in quotes"))
      }
    }
    for (source, message) in [
      ("\nrequire 'rules'", "there is no folder to look for rules.lua in"),
      ("\nrequire 'ebb.mony'", "did you mean ebb.money?"), ("\nrequire 'playbook'", "that is the playbook itself"),
    ] {
      do throws(LuaError) {
        _ = try Self.version(source)
        unexpected()
      } catch {
        #expect(error.position == LuaPosition(file: "p.lua", line: 2) && error.message.contains(message))
      }
    }
  }

  private static func version(_ source: String, _ folder: URL? = nil) throws(LuaError) -> PlaybookVersion {
    try PlaybookVersion(of: Array(source.utf8), file: "p.lua", folder: folder, catalogue: catalogue)
  }

  @Test func aVersionHoldsAllThatIsRequired() async throws {
    try await ModuleTests.folder([
      "rules.lua": "return require 'shop.names'", "shop/names.lua": "require 'rules' return {}",
      "other.lua": "return 1",
    ]) { folder in
      let version = try Self.version("return require 'rules'", folder)
      #expect(version.files.first?.name == "playbook" && version.playbook.path == "p.lua")
      let names = Set(version.files.map(\.name))
      #expect(names.isSuperset(of: ["rules", "shop.names"] + LanguagePart.allCases.map { "language/\($0.rawValue)" }))
      #expect(!names.contains("other") && version.catalogue == catalogue.digest && catalogue.digest.count == 64)
      let again = try Self.version("return require 'rules'", folder)
      #expect(version.id.count == 64 && version == again)

      try Data("return 2".utf8).write(to: folder.appending(path: "other.lua"))
      let same = try Self.version("return require 'rules'", folder)
      #expect(version.id == same.id)
      try Data("return {}".utf8).write(to: folder.appending(path: "shop/names.lua"))
      let edited = try Self.version("return require 'rules'", folder)
      #expect(version.id != edited.id)
    }
  }

  @Test func theStandardLibraryIsInItAsFarAsItIsRequired() throws {
    func library(_ source: String) throws -> Set<String> {
      Set(try Self.version(source).files.map(\.name).filter { ModuleFolder.isLibrary($0) })
    }
    // The header's part of the language makes money of parameters.
    let least = try library("return 1")
    #expect(least == ["ebb.money"])
    #expect(
      try library("return require 'ebb.aftersales'") == [
        "ebb.aftersales", "ebb.carriers", "ebb.evidence", "ebb.money", "ebb.text", "ebb.time", "ebb.wire",
      ])
    #expect(try library("return require 'ebb'").isSuperset(of: ModuleFolder.standardLibrary))
    let (one, other) = (try Self.version("return 1"), try Self.version("return 2"))
    #expect(one.id != other.id)
  }

  @Test func aRunSeesItsVersionOnly() async throws {
    let stage = Stage()
    let whole = try Self.version("return require('ebb.time').second")
    let files = whole.files.map { file in
      file.name != "ebb.time"
        ? file
        : PlaybookVersion.File(name: file.name, path: file.path, bytes: Array("return { second = 'old' }".utf8))
    }
    let old = PlaybookVersion(id: "old", files: files, catalogue: whole.catalogue)
    let assignment = try RunAssignment(id: "run-1", version: old, header: nil, profile: "shop")
    #expect(try await stage.play(assignment, in: stage.surroundings).result == "old")
    #expect(try await stage.journal.version("old") == old)
    #expect(try await stage.journal.run("run-1")?.version == "old")
  }

  @Test func whatScriptsSeeOfTheirGuardsStays() async throws {
    let kept = MemoryJournal()
    var stage = Stage(api: ScriptedAPI(read: { _ in .refusal() }))
    stage.journal = kept
    stage.guards.stopAfter = 2
    let source = "each({ 'a', 'b', 'c', 'd' }, function(id) taobao.refunds.get(id) end)"
    _ = try await ResumeTests.playUntilCut(source, on: stage, after: 1, kept: kept)
    var guards = Guards()
    guards.stopAfter = 1
    let report = try #require(try await RunAdvance.resume(stage.id, guards: guards, in: stage.surroundings).report)
    #expect(report.lines.map { $0.prefix(6) } == ["a fail", "b fail", "c kept", "d kept"])
  }
}
