import JSON
import Lua
import Testing

@testable import Playbooks

@Suite struct ListModuleTests {
  private static let prelude = """
    local list, money = require "ebb.list", require "ebb.money"
    local rows = {
      { id = "1", shop = "甲", n = 3, paid = true, fee = money.cny(5) },
      { id = "2", shop = "乙", n = 1, paid = false, fee = money.cny(7) },
      { id = "3", shop = "甲", n = 2, fee = money.cny(5) },
      { id = "4", n = 2, paid = true, fee = money.cny(1) },
    }
    local function ids(items) return list.map(items, function(row) return row.id end) end
    return 
    """

  @Test(
    arguments: [
      ("list.map({}, function() end)", [:]), ("list.map({ 1 }, function(item, place) return item + place end)", [2]),
      ("ids(list.filter(rows, function(row) return row.paid end))", ["1", "4"]),
      ("ids(list.reject(rows, function(row) return row.paid end))", ["2", "3"]),
      (
        "{ list.find(rows, function(row) return row.n == 2 end).id, (select(2, list.find({ 5, 6 }, function(n) return n > 5 end))) }",
        ["3", 2]
      ),
      ("list.find({}, function() return true end) == nil", true),
      (
        "list.map(list.group(rows, 'shop'), function(group) return { group.key or '-', #group.items } end)",
        [["甲", 2], ["乙", 1], ["-", 1]]
      ),
      (
        "list.map(list.group({ 1, 2, 3, 4 }, function(n) return n % 2 == 0 end), function(group) return group.items end)",
        [[1, 3], [2, 4]]
      ),
      ("list.index(rows, 'id')['3'].n", 2),
      ("ids(list.sort(rows, 'n'))", ["2", "3", "4", "1"]),
      ("ids(list.sort(rows, 'n', 'descending'))", ["1", "3", "4", "2"]),
      ("ids(list.sort(rows, 'fee'))", ["4", "1", "3", "2"]), ("ids(list.sort(rows, 'paid'))", ["2", "1", "4", "3"]),
      ("ids(list.sort(rows, 'shop', 'descending'))", ["1", "3", "2", "4"]),
      ("list.sort { 'b', 'a', 'B', '甲' }", ["B", "a", "b", "甲"]), ("list.sort { 1.5, 1, -2 }", [-2, 1, 1.5]),
      ("list.chunk({ 1, 2, 3 }, 2)", [[1, 2], [3]]), ("list.chunk({ 1, 2 }, 2)", [[1, 2]]), ("#list.chunk({}, 3)", 0),
      ("list.unique { 1, '1', 1, true, true }", [1, "1", true]), ("ids(list.unique(rows, 'shop'))", ["1", "2", "4"]),
      ("ids(list.unique(rows, 'n'))", ["1", "2", "3"]),
      ("list.sum(rows, 'n')", 8), ("tostring(list.sum(rows, 'fee'))", "0.18 CNY"), ("list.sum {}", 0),
      ("list.sum({}, 'n', 5)", 5), ("list.sum { 1, 2.5 }", 3.5),
      ("list.sum { math.maxinteger, math.mininteger }", -1),
      ("list.max(rows, 'n').id", "1"), ("list.min(rows, 'fee').id", "4"), ("list.max({}) == nil", true),
      ("list.max(rows, 'fee').id", "2"), ("{ (select(2, list.min { 3, 1, 1 })) }", [2]),
      ("list.zip({ 1, 2 }, { 'a', 'b' })", [[1, "a"], [2, "b"]]), ("#list.zip({}, {})", 0),
      ("list.flatten { { 1 }, {}, { { 2 } } }", [1, [2]]),
    ] as [(String, JSON)])
  func values(_ expression: String, _ value: JSON) async throws {
    #expect(try await Stage().result(Self.prelude + expression) == value)
  }

  @Test(arguments: [
    ("list.map(nil, print)", "list.map: argument 1 must be a list, not nil"),
    ("list.map({ a = 1 }, print)", "list.map: argument 1 must be a list, not a table with the field a"),
    ("list.map({ 1 })", "list.map: argument 2 must be a function, not nil"),
    ("list.map({ 1 }, function() end)", "list.map: the function returned nil for item 1"),
    ("list.group(rows, 5)", "list.group: the key must be a field's name or a function, not number"),
    ("list.group({ 1 }, 'shop')", "list.group: item 1 is a number and has no field shop"),
    ("list.group(rows, 'fee')", "list.group: the key of item 1 is a table"),
    ("list.index(rows, 'shop')", "list.index: items 1 and 3 have the same key, 甲"),
    ("list.index({ {} }, 'id')", "list.index: item 1 has no key"),
    ("list.sort(rows, 'n', 'up')", "list.sort: the order is \"ascending\" or \"descending\", not up"),
    ("list.sort { 1, 'a' }", "list.sort: the key of item 1 is a number, that of item 2 a string"),
    ("list.sort { money.cny(1), money.new(1, 'USD') }", "that of item 2 a money in USD"),
    ("list.sort { {} }", "list.sort: the key of item 1 has no order: it is a table"),
    ("list.sort { 0/0 }", "list.sort: the key of item 1 has no order: it is no number"),
    ("list.chunk({ 1 }, 0)", "list.chunk: the size must be an integer from 1, not 0"),
    ("list.sum { 'a' }", "list.sum: item 1 is no number and no amount: a"),
    ("list.sum { math.maxinteger, 1 }", "list.sum: the sum leaves 64 bits"),
    ("list.zip({ 1 }, {})", "list.zip: one list has 1 items, the other 0"),
    ("list.flatten { 1 }", "list.flatten: item 1 is no list"),
    ("list.set { 1, 0/0 }", "list.set: nil and what is no number cannot be in a set"),
  ])
  func mistakes(_ expression: String, _ message: String) async throws {
    let failure = try await Stage().failure(Self.prelude + "{ \(expression) }")
    #expect(failure.message.contains(message), "\(failure.message)")
    #expect(failure.code == .invalid && failure.position?.file == "scripts/test.lua")
  }

  @Test func aSetKeepsItsOrder() async throws {
    let result = try await Stage().result(
      """
      local list = require "ebb.list"
      local a, b = {}, {}
      local set = list.set { "x", 1, true }
      local added = { set.add("x"), set.add(a), set.add(b), set.add(a) }
      local removed = { set.remove(1), set.remove(1), set.has(1), set.has(a), set.has(nil) }
      set.add(1)
      local order = list.map(set.values(), function(v) return v == a and "a" or v == b and "b" or tostring(v) end)
      return { added, removed, order, set.count() }
      """)
    #expect(
      result == [
        [false, true, true, false], [true, false, false, true, false], ["x", "true", "a", "b", "1"], 5,
      ])
  }

  @Test func functionsMayWaitInsideAndNothingIsChanged() async throws {
    let stage = Stage(api: Refunds(["1": 3, "2": 1]).api)
    let result = try await stage.result(
      """
      local list = require "ebb.list"
      local ids = { "1", "2" }
      local sorted = list.sort(ids, function(id) return taobao.refunds.get(id).refundOrderAggregate.refundOrder.refundFee end)
      return { sorted, ids }
      """)
    #expect(result == [["2", "1"], ["1", "2"]])
    #expect(stage.api.count("taobao.refunds.get") == 2, "a key is asked for once")
  }
}
