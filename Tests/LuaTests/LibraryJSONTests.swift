import JSON
import Testing

@testable import Lua

/// JSON goes into Lua and comes back as the canonical writer of the JSON room has it.
@Suite struct LibraryJSONTests {
  private static func answer(_ value: JSON, _ source: String = "return ...") async throws -> String {
    try await onLuaThread {
      let world = try World()
      let branch = world.state.start(try world.load(source))
      return world.state.resume(branch, with: .start([value])).summary
    }
  }

  @Test(arguments: 0..<20)
  func comesBackAsItWent(_ seed: Int) async throws {
    var source = ValueSource(state: UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1)
    for _ in 0..<20 {
      let value = source.value(depth: 4)
      let text = try await Self.answer(value)
      #expect(text == value.text(.canonical))
    }
  }

  @Test func doublesAreWrittenAsSwiftWritesThem() async throws {
    var source = ValueSource(state: 99)
    let edges: [Double] = [
      0, -0.0, 1, 0.1, 1e15, 1e16, 1e17, 0x1p54, 0x1p54.nextUp, 1e-4, 1e-5, .leastNonzeroMagnitude,
      .greatestFiniteMagnitude,
      .leastNormalMagnitude, 0x1p-44, 123_456_789.125, 1e20, 9_007_199_254_740_992, 2.5e-7,
    ]
    let powers = (-1074...1023).map { Double(sign: .plus, exponent: $0, significand: 1) }
    let random = (0..<3000).map { _ in Double(bitPattern: source.next()) }.filter(\.isFinite)
    let prices = (0..<500).map { Double($0) / 100 }
    let value = JSON.array((edges + powers + random + prices).map { .number($0) })
    let written = try await Self.answer(value).split(separator: ",")
    let expected = value.text(.canonical).split(separator: ",")
    let differences = zip(written, expected).filter { $0 != $1 }.map { "\($0) for \($1)" }
    #expect(differences.isEmpty)
    #expect(written.count == expected.count)
  }

  @Test(arguments: [
    (#"{"a":null,"b":[],"c":{},"d":[null,{}]}"#, "return ...", #"{"a":null,"b":[],"c":{},"d":[null,{}]}"#),
    (#"{"a":null,"b":null}"#, "local o = ... o.a = 5 return o", #"{"a":5,"b":null}"#),
    (
      #"{"a":null}"#, "local o = ... return { o.a == nil, getmetatable(o) == false, pcall(setmetatable, o, {}) }",
      #"[true,true,false,"cannot change a protected metatable"]"#
    ),
    ("[1,2]", "local l = ... l[#l + 1] = 3 return l", "[1,2,3]"),
    ("[1]", "local l = ... l[1] = nil return l", "[]"),
    ("[1,null]", "local l = ... return { #l, tostring(l[2]), l[2] == nil }", #"[2,"null",false]"#),
    ("9007199254740993", "return (...) + 1", "9007199254740994"),
    ("18446744073709551615", "return math.type(...) or type(...)", #""string""#),
    ("1.0", "return { math.type(...), ... }", #"["float",1.0]"#),
    (
      #"{"b":1,"a":2,"":3,"ab":4}"#, "local k = {} for n in pairs(...) do k[#k + 1] = n end return k",
      #"["","a","ab","b"]"#
    ),
    (
      #"[{"x":null,"y":1},{"x":null,"y":2}]"#, "local r = ... r[1].x = 1 return r", #"[{"x":1,"y":1},{"x":null,"y":2}]"#
    ),
    ("{}", "return { {}, { [3] = 3, [2] = 2, [1] = 1 }, 'é\\0\\n' }", #"[{},[1,2,3],"é\u0000\n"]"#),
  ])
  func keepsWhatJSONTellsApart(_ text: String, _ source: String, _ expected: String) async throws {
    #expect(try await Self.answer(try JSON(parsing: text), source) == expected)
  }

  @Test(arguments: [
    ("host.echo(1, 2, { items = print })", "a function cannot be sent (at /2/items)"),
    ("host.echo({ [1.5] = 1 })", "a key that is a number, but no position from 1 on, cannot be sent (at /0)"),
    ("host.echo({ a = { 1, nil, 3 } })", "a list with holes cannot be sent (at /0/a)"),
    ("host.echo({ 1, a = 1 })", "a table with both names and positions cannot be sent (at /0)"),
    ("host.echo({ ['a/b'] = 0/0 })", "a number that is not a number cannot be sent (at /0/a~1b)"),
    ("host.echo('\\xff')", "text that is not UTF-8 cannot be sent (at /0)"),
    ("host.echo({ [true] = 1 })", "a key that is a boolean cannot be sent (at /0)"),
    ("local t = {} t.t = t host.echo(t)", "a table nested deeper than 64 cannot be sent"),
    ("local t = {} for i = 1, 60 do t = { t, t } end host.echo(t)", "cannot be sent"),
    ("host.echo(('x'):rep(2000000))", "cannot be sent (at /0)"),
    ("return print", "a function cannot be sent"),
  ])
  func refusesByName(_ source: String, _ expected: String) async throws {
    let summary = try await onLuaThread { try World().run("local print = next " + source).summary }
    #expect(summary.contains(expected), "\(summary)")
  }

  @Test func anAnswerTakesLittleMemory() async throws {
    let answer: JSON = [
      "code": 200, "data": .array((0..<4).map { _ in ["refundId": "110000235001", "fee": 4, "note": nil] }),
    ]
    let bytes = try await onLuaThread {
      let world = try World()
      let branch = world.state.start(try world.load("local t = {} for i = 1, 500 do t[i] = host.wait(i) end return #t"))
      var outcome = world.state.resume(branch, with: .start([]))
      let before = world.state.memoryInUse
      while case .suspended = outcome {
        _ = world.takeWaiting()
        outcome = world.state.resume(branch, with: .returns([answer.bytes()]))
      }
      return (world.state.memoryInUse - before) / 500
    }
    #expect(bytes < 1400)
  }
}

/// Random JSON values, the same for the same state.
private struct ValueSource {
  var state: UInt64

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  mutating func value(depth: Int) -> JSON {
    switch next() % (depth == 0 ? 6 : 8) {
    case 0: .null
    case 1: .bool(next() % 2 == 0)
    case 2: .integer(Int64(bitPattern: next()) >> Int64(next() % 64))
    case 3: .number(Double(Int64(bitPattern: next()) >> Int64(next() % 64)) / 128)
    case 4, 5: .string(text())
    case 6: .array((0..<next() % 9).map { _ in value(depth: depth - 1) })
    default: .object(JSONObject((0..<next() % 90 / 10).map { _ in (text(), value(depth: depth - 1)) }))
    }
  }

  private mutating func text() -> String {
    let letters: [Character] = ["a", "b", "\"", "\\", "\n", "\u{1}", "\u{7F}", "é", "顺", "😀", "/", "\u{0}"]
    return String((0..<next() % 12).map { _ in letters[Int(next() % UInt64(letters.count))] })
  }
}
