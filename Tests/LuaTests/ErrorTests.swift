import JSON
import Lua
import Testing

/// Errors name the merchant's file and line, and what went wrong.
@Suite struct ErrorTests {
  /// A script in which `--!` marks the line that an error is to name.
  struct Marked: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let source: String
    let message: String
    var line: Int { 1 + (source.components(before: "--!")?.count { $0 == "\n" } ?? -1) }

    init(_ what: String, _ source: String, _ message: String) {
      testDescription = what
      self.source = source
      self.message = message
    }
  }

  static let marked: [Marked] = [
    Marked("error with a text", "local x = 1\nerror('no stock') --!", "no stock"),
    Marked("error at the caller", "local function f() error('bad id', 2) end\n\nf() --!", "bad id"),
    Marked("error without a place", "\nerror('bare', 0) --!", "bare"),
    Marked(
      "index of nil", "local order = {}\nreturn order.goods.id --!", "attempt to index a nil value (field 'goods')"),
    Marked("call of nil", "\n\nundefined() --!", "attempt to call a nil value (global 'undefined')"),
    Marked(
      "arithmetic", "local s = {}\nreturn s + 1 --!", "attempt to perform arithmetic on a table value (local 's')"),
    Marked("an argument", "\nreturn ('x'):rep('y') --!", "bad argument #1 to 'rep' (number expected, got string)"),
    Marked("from the host", "local a = 1\nhost.fail() --!", "the host says no"),
    Marked("from the host, later", "local a = 1\nhost.wait('fail') --!", "the host says no, later"),
    Marked("in a coroutine", "local f = coroutine.wrap(function()\n  error('inside') --!\nend)\nf()", "inside"),
    Marked(
      "host's, raised again", "local ok, e = pcall(function()\n  host.fail() --!\nend)\n\nerror(e)", "the host says no"),
    Marked(
      "in a metamethod", "local t = setmetatable({}, { __index = function()\n  error('meta') --!\nend })\nreturn t.x",
      "meta"),
    Marked("in a comparator", "table.sort({ 2, 1 }, function()\n  error('order') --!\nend)", "order"),
    Marked("in a gsub callback", "('x'):gsub('x', function()\n  error('repl') --!\nend)", "repl"),
    Marked("nil", "\nerror(nil) --!", "the script raised a nil instead of a message"),
    Marked("a function", "\nerror(print or pcall) --!", "the script raised a function instead of a message"),
    Marked("a table", "\nerror({ a = 1 }) --!", #"the script raised a table: {"a":1}"#),
    Marked("a table with a message", "\nerror({ message = 'told' }) --!", "told"),
    Marked(
      "a table with __tostring",
      "\nerror(setmetatable({ n = 5 }, { __tostring = function(e) return 'five ' .. e.n end })) --!", "five 5"),
    Marked(
      "__tostring that errors", "\nerror(setmetatable({}, { __tostring = function() error('again') end })) --!",
      "the script raised a table: {}"),
    Marked("a number", "\nerror(42) --!", "the script raised a number instead of a message"),
    Marked("a missing module", "\nrequire('orders') --!", "module 'orders' was not found: nothing can be loaded here"),
    Marked("deep recursion", "local function f(n) return 1 + f(n + 1) end --!\nf(1)", "stack overflow"),
  ]

  @Test(arguments: marked)
  func namesThePlace(_ script: Marked) async throws {
    let error = try await onLuaThread { try World().run(script.source).error }
    #expect(error?.kind == .runtime)
    #expect(error?.message.hasPrefix(script.message) == true, "\(error?.message ?? "no error")")
    #expect(error?.position == LuaPosition(file: "shop.lua", line: script.line))
  }

  @Test func tracesShowTheMerchantsFramesAlone() async throws {
    let error = try await onLuaThread {
      let world = try World()
      let language = try world.load(
        "local host = ... function each(list, fn) for _, x in ipairs(list) do fn(x) end end", name: "each",
        visibility: .host)
      _ = world.state.resume(world.state.start(language), with: .start([]))
      return try world.run(
        """
        local function cancel(x)
          error("cannot cancel " .. x)
        end
        local function all()
          each({ 1 }, function(x) cancel(x) end)
        end
        all()
        """
      ).error
    }
    #expect(error?.description == "shop.lua:2: cannot cancel 1")
    #expect(
      error?.trace.map(\.description) == [
        "shop.lua:2: in cancel", "shop.lua:5: in ?", "shop.lua:5: in all", "shop.lua:7:",
      ])
  }

  @Test func errorsOfOurOwnChunksPointAtTheirCaller() async throws {
    let error = try await onLuaThread {
      let world = try World()
      let language = try world.load(
        "function keep(x) return x.id.id end function strict() error('wrong', 2) end", name: "keep", visibility: .host)
      _ = world.state.resume(world.state.start(language), with: .start([]))
      return [try world.run("\n\nkeep({})").error?.description, try world.run("\nstrict()").error?.description]
    }
    let caught = try await onLuaThread {
      let world = try World()
      let language = try world.load("function keep(x) return x.id.id end", name: "keep", visibility: .host)
      _ = world.state.resume(world.state.start(language), with: .start([]))
      return try world.run("local ok, e = pcall(keep, {}) return e").summary
    }
    #expect(caught == #""attempt to index a nil value (field 'id')""#)
    #expect(error == ["shop.lua:3: attempt to index a nil value (field 'id')", "shop.lua:2: wrong"])
  }

  @Test func hostErrorsAreTables() async throws {
    let error = try await onLuaThread { try World().run("host.fail()").error }
    #expect(error?.isHostError == true)
    #expect(error?.value == ["code": "rejected", "message": "the host says no", "detail": 7])
    let caught = try await onLuaThread {
      try World().run("local ok, e = pcall(host.fail) return { ok, e.code, e.detail, tostring(e), getmetatable(e) }")
        .summary
    }
    #expect(caught == #"[false,"rejected",7,"the host says no",false]"#)
  }

  @Test func tracebackHidesOurFrames() async throws {
    let text = try await onLuaThread {
      try World().run(
        """
        local function f() return debug.traceback("here") end
        return (f())
        """
      ).summary
    }
    #expect(text == #""here\nstack traceback:\n\tshop.lua:1: in f\n\tshop.lua:2:""#)
  }

  @Test func messagesAreCapped() async throws {
    let error = try await onLuaThread { try World().run("error(('long '):rep(100000))").error }
    #expect((8000...8192).contains(error?.message.utf8.count ?? 0))
  }

  @Test func conversionErrorsNameThePlace() async throws {
    let summaries = try await onLuaThread {
      [
        try World().run("return { a = { 1, function() end } }").error?.message,
        try World().run("host.echo(1, { x = { y = host.echo } })").error?.message,
      ]
    }
    let place = try await onLuaThread {
      try World().run("local t = {}\nt.t = t\nreturn t\n\n-- the end").error?.position
    }
    #expect(place == LuaPosition(file: "shop.lua", line: 3))
    #expect(summaries[0]?.contains("function") == true && summaries[0]?.contains("/a/1") == true, "\(summaries)")
    #expect(summaries[1]?.contains("/1/x/y") == true, "\(summaries)")
  }

  @Test func placesOfHostCalls() async throws {
    let places = try await onLuaThread {
      try World().run(
        """
        local t = setmetatable({}, { __index = function() return host.place() end })
        return {
          host.place(),
          select(2, pcall(host.place)),
          coroutine.wrap(function()
            return host.place()
          end)(),
          t.x, coroutine.wrap(host.place)(),
        }
        """
      ).summary
    }
    #expect(places == #"["shop.lua:3","shop.lua:4","shop.lua:6","shop.lua:1","shop.lua:8"]"#)
  }
}

extension String {
  /// What stands before the first occurrence of a text.
  fileprivate func components(before text: String) -> Substring? {
    self.firstRange(of: text).map { self[..<$0.lowerBound] }
  }
}
