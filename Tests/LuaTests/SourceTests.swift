import Testing

@testable import Lua

/// What is refused before it runs, and in which words.
@Suite struct SourceTests {
  static func problem(_ bytes: [UInt8]) async throws -> String {
    try await onLuaThread {
      let state = try LuaState(seed: 1)
      do {
        _ = try state.load(bytes, name: "a.lua", visibility: .script)
        return "loads"
      } catch let error as LuaError {
        return "\(error.kind): \(error)"
      }
    }
  }

  static let texts: [(String, String)] = [
    ("return 1", "loads"),
    ("\u{FEFF}return 1", "loads"),
    ("#!/usr/bin/ebb run\nreturn 1", "loads"),
    ("return '（中文）', \"“”，\" -- ；\n--[==[ ＝ ]] ]==] .. [[，]]", "loads"),
    ("local a = 1\nif a ＝＝ 1 then end", "syntax: a.lua:2: “＝” (U+FF1D) is a full-width character: type = instead"),
    ("print（1）", "syntax: a.lua:1: “（” (U+FF08) is a full-width character: type ( instead"),
    ("\nlocal t = {1，2}", "syntax: a.lua:2: “，” (U+FF0C) is a full-width character: type , instead"),
    ("local s = “abc”", "syntax: a.lua:1: ““” (U+201C) is a full-width character: type \" instead"),
    ("local a = 1；", "syntax: a.lua:1: “；” (U+FF1B) is a full-width character: type ; instead"),
    ("local t = ｛｝", "syntax: a.lua:1: “｛” (U+FF5B) is a full-width character: type { instead"),
    (
      "local a =\u{3000}1",
      "syntax: a.lua:1: “\u{3000}” (U+3000) is not a space as Lua knows it: type an ordinary space"
    ),
    ("local s = 'a\\\nb'\nlocal x：y", "syntax: a.lua:3: “：” (U+FF1A) is a full-width character: type : instead"),
    (
      "local 订单 = 1",
      "syntax: a.lua:1: “订” (U+8BA2) cannot stand in code: names are made of a-z, A-Z, 0-9 and _; other text belongs in quotes"
    ),
    ("local s = '（'\nlocal = 1", "syntax: a.lua:2: <name> expected near '='"),
    ("if true then\n", "syntax: a.lua:2: 'end' expected (to close 'if' at line 1) near <eof>"),
    ("x = = 1", "syntax: a.lua:1: unexpected symbol near '='"),
  ]

  @Test(arguments: texts)
  func text(_ source: String, _ expected: String) async throws {
    #expect(try await Self.problem(Array(source.utf8)) == expected)
  }

  static let encodings: [([UInt8], String)] = [
    (
      bytes("return '", 0xB3, 0xB7, 0xCF, 0xFA, 0x27),
      "source: a.lua:1: the file is saved in GBK (GB18030); save it as UTF-8"
    ),
    (bytes("\n-- ", 0xB3, 0xB7), "source: a.lua:2: the file is saved in GBK (GB18030); save it as UTF-8"),
    (bytes("x = 1 -- ", 0xFF, 0x20), "source: a.lua:1: the file is no UTF-8 text; save it as UTF-8"),
    ([0xFF, 0xFE, 0x72, 0x00], "source: a.lua:1: the file is saved as UTF-16; save it as UTF-8"),
    ([0xFE, 0xFF, 0x00, 0x72], "source: a.lua:1: the file is saved as UTF-16; save it as UTF-8"),
    ([0x72, 0x00, 0x65, 0x00, 0x74, 0x00], "source: a.lua:1: the file is saved as UTF-16; save it as UTF-8"),
    (bytes("return 1\nreturn", 0x00), "source: a.lua:2: the file has a NUL byte; save it as UTF-8 text"),
    ([0x1B, 0x4C, 0x75, 0x61, 0x54], "source: a.lua:1: this is compiled Lua; only text can be run"),
  ]

  static func bytes(_ text: String, _ more: UInt8...) -> [UInt8] { Array(text.utf8) + more }

  @Test(arguments: encodings)
  func bytes(_ source: [UInt8], _ expected: String) async throws {
    #expect(try await Self.problem(source) == expected)
  }

  @Test func aFileMayBeTooLong() async throws {
    let problem = try await Self.problem(Array(repeating: 0x20, count: (1 << 20) + 1))
    #expect(problem == "source: a.lua:1: the file is longer than 1024 KiB")
  }

  @Test func positionsSurviveTheMarkAndTheShellLine() async throws {
    let error = try await onLuaThread { try World().run("\u{FEFF}#!/bin/x\n\nerror('here')").error }
    #expect(error?.description == "shop.lua:3: here")
  }

  @Test func chunksAreCachedByTheirText() async throws {
    let cache = ChunkCache(capacity: 1000)
    let keys = (0..<4).map { ChunkCache.Key(source: [UInt8]("return \($0)".utf8), name: "n", visibility: .script) }
    for key in keys { cache[key] = ContiguousArray(repeating: 1, count: 200) }
    _ = cache[keys[0]]
    cache[ChunkCache.Key(source: [1], name: "n", visibility: .script)] = ContiguousArray(repeating: 2, count: 240)
    #expect(cache[keys[0]] != nil && cache[keys[1]] == nil, "the one longest unused makes room")
    #expect(cache[ChunkCache.Key(source: keys[0].source, name: "n", visibility: .host)] == nil)
  }

  @Test func aCachedChunkKeepsItsLines() async throws {
    for _ in 0..<2 {
      let error = try await onLuaThread { try World().run("local cached = true\nerror('twice')").error }
      #expect(error?.description == "shop.lua:2: twice")
      #expect(error?.trace.first?.position.line == 2)
    }
  }
}
