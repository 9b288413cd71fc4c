import JSON
import Journal
import Lua
import Testing

@testable import Playbooks

@Suite struct MoneyModuleTests {
  private static let prelude = "local money = require 'ebb.money' "

  @Test(arguments: [
    ("money.cny(1) + money.cny(2)", "0.03 CNY"), ("money.cny(1) - money.cny(2)", "-0.01 CNY"),
    ("-money.cny(5)", "-0.05 CNY"),
    ("money.cny(5) * 3", "0.15 CNY"), ("3 * money.cny(5)", "0.15 CNY"), ("money.cny(5) * 0", "0.00 CNY"),
    ("money.new(1234567, 'JPY')", "1,234,567 JPY"), ("money.sum { money.cny(1), money.cny(2) }", "0.03 CNY"),
    ("money.sum {}", "0.00 CNY"), ("money.sum({}, money.new(0, 'USD'))", "0.00 USD"),
    ("money.yuan '12.34'", "12.34 CNY"),
    ("money.yuan(12.34)", "12.34 CNY"), ("money.yuan(0.1 + 0.2)", "0.30 CNY"), ("money.yuan(5)", "5.00 CNY"),
    ("money.cny(money.cny(7))", "0.07 CNY"), ("'sum ' .. tostring(money.cny(7))", "sum 0.07 CNY"),
    ("money.min(money.cny(2), money.cny(1))", "0.01 CNY"), ("money.max(money.cny(2), money.cny(1))", "0.02 CNY"),
    ("money.cny(math.mininteger)", "-92,233,720,368,547,758.08 CNY"),
  ])
  func values(_ expression: String, _ text: JSON) async throws {
    #expect(try await Stage().result(Self.prelude + "return tostring(\(expression))") == text)
  }

  @Test(arguments: [
    "money.cny(1) == money.cny(1)", "money.cny(1) ~= money.cny(2)", "money.cny(1) ~= money.new(1, 'USD')",
    "money.cny(1) < money.cny(2)",
    "money.cny(2) <= money.cny(2)", "money.cny(3) > money.cny(2)", "not (money.cny(1) >= money.cny(2))",
    "money.is(money.cny(1))",
    "not money.is(1)", "not money.is {}", "money.cny(1) ~= 1", "money.yuan 'x' == nil", "money.yuan '1.234' == nil",
    "money.yuan(1/3) == nil",
    "money.cny(5).fen == 5 and money.cny(5).currency == 'CNY'",
  ])
  func truths(_ expression: String) async throws {
    #expect(try await Stage().result(Self.prelude + "return \(expression)") == true)
  }

  @Test(
    arguments: [
      ("money.cny(1) + money.new(1, 'USD')", "cannot add 0.01 CNY and 0.01 USD: two currencies"),
      ("money.cny(1) < money.new(1, 'USD')", "cannot compare 0.01 CNY and 0.01 USD: two currencies"),
      ("money.cny(1) - 1", "cannot subtract money and 1"), ("1 + money.cny(1)", "cannot add money and 1"),
      ("money.cny(1) + '500 CNY'", "cannot add money and \"500 CNY\""),
      ("money.cny(1) < 5", "cannot compare money and 5"),
      ("'sum ' .. money.cny(7)", "attempt to concatenate a money value"),
      ("money.cny(1) * 1.5", "money is multiplied by an integer"),
      ("money.cny(1) * money.cny(1)", "money is multiplied by an integer"),
      ("money.cny(1) / 2", nil), ("money.cny(1.5)", "money.cny takes an integer of fen, not 1.5"),
      ("money.cny('5')", "money.cny takes an integer of fen, not \"5\""),
      ("money.new(1, 'XYZ')", "unknown currency \"XYZ\""),
      ("money.cny(math.maxinteger) + money.cny(1)", "the amount is too large"),
      ("money.cny(math.mininteger) - money.cny(1)", "the amount is too large"),
      ("money.cny(0) - money.cny(math.mininteger)", "the amount is too large"),
      ("-money.cny(math.mininteger)", "the amount is too large"),
      ("money.cny(math.maxinteger) * 2", "the amount is too large"),
      ("money.cny(math.mininteger) * 2", "the amount is too large"),
      ("money.cny(math.mininteger) * -1", "the amount is too large"),
      ("money.allocate(money.cny(1), {})", "the weights add up to nothing"),
      ("money.allocate(money.cny(1), {0, 0})", "the weights add up to nothing"),
      ("money.allocate(money.cny(1), {-1, 2})", "a weight is an integer from 0"),
      ("money.allocate(money.cny(1), {1.5})", "a weight is an integer from 0"),
      ("money.allocate(5, {1})", "money.allocate shares out money, not 5"),
      ("money.allocate(money.cny(1), { math.maxinteger, 1 })", "the weights are too large"),
      ("money.allocate(money.cny(math.mininteger), {1})", "the amount is too large to share out"),
      ("money.allocate(money.cny(math.mininteger), {1, 1})", "the amount is too large to share out"),
      ("money.allocate(money.cny(math.maxinteger), {1, 1})", "the amount is too large to share out"),
      ("money.min(money.cny(1), money.new(1, 'USD'))", "cannot compare"),
      ("money.sum { money.cny(1), money.new(1, 'USD') }", "cannot add 0.01 CNY and 0.01 USD: two currencies"),
    ] as [(String, String?)])
  func mistakesRaiseAtTheLineThatMadeThem(_ expression: String, _ message: String?) async throws {
    let failure = try await Stage().failure(Self.prelude + "\nlocal x = \(expression)")
    #expect(failure.position?.file == "scripts/test.lua" && failure.position?.line == 2, "\(failure)")
    if let message { #expect(failure.message.contains(message), "\(failure.message)") }
  }

  /// Both readers of amounts, Swift's and Lua's, agree on every text.
  @Test(arguments: [
    "500 CNY", "¥500", "￥500", "500元", "50000 fen", "50000分", " 12.34 cny ", "1,234.56 CNY", "0.01 CNY", "-5.5 CNY",
    "12.300 CNY",
    "1000 JPY", "$3", "500", "", "x", "500 XYZ", "0.001 CNY", "1.5 JPY", "1.5 fen", "1,50 EUR", "12,34,567 CNY",
    "1.2.3 CNY", "500 CNY please",
    "--5 CNY", "92233720368547758.07 CNY", "92233720368547758.08 CNY", "99999999999999999999 fen",
  ])
  func readsWhatParametersRead(_ text: String) async throws {
    var stage = Stage()
    stage.parameters = ["text": .string(text)]
    let result = try await stage.result(
      Self.prelude + "local value, why = money.parse(params.text) return value and { value.fen, value.currency } or why"
    )
    if let money = try? Money(parsing: text) {
      #expect(result == [.integer(money.minorUnits), .string(money.currency)])
    } else {
      #expect(result?.string?.isEmpty == false, "refused with a reason")
    }
  }

  @Test func sharesAddUpToTheWhole() async throws {
    // 300 amounts and weights drawn from the run's own generator: the sums, the bounds and the order of remainders.
    let result = try await Stage().result(
      Self.prelude + """
        for trial = 1, 300 do
          local weights, total = {}, 0
          for index = 1, math.random(1, 9) do
            weights[index] = math.random(0, 7)
            total = total + weights[index]
          end
          if total > 0 then
            local amount = money.cny(math.random(-100000, 100000))
            local parts = money.allocate(amount, weights)
            assert(#parts == #weights and money.sum(parts) == amount, "the sum of trial " .. trial)
            for index, part in ipairs(parts) do
              local exact = amount.fen * weights[index]
              assert(math.abs(part.fen * total - exact) < total, "a share is off by less than a fen")
              assert(weights[index] > 0 or part.fen == 0, "no weight, no share")
            end
          end
        end
        return true
        """)
    #expect(result == true)
  }

  @Test func theLargestRemaindersComeFirst() async throws {
    // An oracle: every share is rounded down, and the fen that are left go out one by one, each to the largest remainder
    // that has got none, the earliest of equals.
    let result = try await Stage().result(
      Self.prelude + """
        for trial = 1, 300 do
          local currency = trial % 3 == 0 and "JPY" or "CNY"
          local weights, total, amount = { 1 + trial % 5 }, 1 + trial % 5, math.random(-9999, 9999)
          for index = 2, math.random(2, 9) do
            weights[index] = math.random(0, 7)
            total = total + weights[index]
          end
          local sign, whole = amount < 0 and -1 or 1, math.abs(amount)
          local expected, rest = {}, whole
          for index, weight in ipairs(weights) do
            expected[index] = whole * weight // total
            rest = rest - expected[index]
          end
          local given = {}
          while rest > 0 do
            local best
            for index, weight in ipairs(weights) do
              local remainder = whole * weight % total
              if not given[index] and (not best or remainder > whole * weights[best] % total) then best = index end
            end
            given[best], expected[best], rest = true, expected[best] + 1, rest - 1
          end
          for index, part in ipairs(money.allocate(money.new(amount, currency), weights)) do
            assert(part == money.new(sign * expected[index], currency), "share " .. index .. " of trial " .. trial)
          end
        end
        return true
        """)
    #expect(result == true)
  }

  @Test func whatIsFormattedIsParsedAgain() async throws {
    let result = try await Stage().result(
      Self.prelude + """
        for trial = 1, 300 do
          local currency = ({ "CNY", "USD", "JPY", "VND" })[1 + trial % 4]
          local amount = money.new(math.random(math.mininteger + 1, math.maxinteger) >> math.random(0, 62), currency)
          for _, value in ipairs { amount, -amount } do
            assert(money.parse(money.format(value)) == value, money.format(value))
          end
        end
        return true
        """)
    #expect(result == true)
  }

  @Test(
    arguments: [
      ("100", "1, 1, 1", [34, 33, 33]), ("-100", "1, 1, 1", [-34, -33, -33]), ("5", "0, 1", [0, 5]),
      ("0", "1, 2", [0, 0]),
      ("10", "1, 2, 3", [2, 3, 5]), ("1", "1, 1", [1, 0]),
    ] as [(String, String, JSON)])
  func remaindersGoToTheLargestTheEarlierFirst(_ fen: String, _ weights: String, _ shares: JSON) async throws {
    let result = try await Stage().result(
      Self.prelude
        + "local t = {} for i, p in ipairs(money.allocate(money.cny(\(fen)), { \(weights) })) do t[i] = p.fen end return t"
    )
    #expect(result == shares)
  }
}
