import Catalogue
import Foundation
import JSON
import Marketplace
import Testing

@testable import Workbench

/// What tests say of the marketplace beside their playbook's writes: acts of others, facts, what is so, random worlds.
@Suite struct WorldWordsTests {
  private func outcomes(_ tests: String, worlds: Int = 5) async throws -> [TestOutcome] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "ebb-words-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(Self.playbook.utf8).write(to: folder.appending(path: "chore.lua"))
    let file = folder.appending(path: "chore_test.lua")
    try Data(tests.utf8).write(to: file)
    return try await TestRunner(catalogue: Catalogue.embedded(), worlds: worlds).run([TestFile(file.path)])
  }

  /// Cancels all that can be, whatever it is worth, and asks before 1000 CNY.
  private static let playbook = """
    local aftersales = require "ebb.aftersales"
    local pages = require "ebb.pages"
    playbook { ebb = 1, name = "chore" }
    each(pages(taobao.refunds.list, {}), function(row)
      local refund = aftersales.reread(row)
      if refund.state == "unknown" then return hand_over(refund, "unknown", refund.status) end
      if refund.address then log("back to " .. refund.address.detail) end
      act(refund, "all of them", taobao.refunds.cancel, { refundId = refund.id })
    end)
    """

  @Test(arguments: [
    // Others act.
    #"local id = given { refunds = { { goods = 1 } } }.refunds[1] expect(happens(id, "agree").state).to_be "refunding""#,
    #"local id = given { refunds = { {} } }.refunds[1] happens(id, "refuse") expect(look(id)).to_match { state = "refused", refusals = 1 }"#,
    #"local ids = given { refunds = { { goods = 1 } } } happens(look(ids.refunds[1]).order, "ship") expect(look(ids.refunds[1]).state).to_be "closed""#,
    #"local id = given { alibaba_orders = { { state = "waiting_payment" } } }.alibaba_orders[1] expect(happens(id, "pay")).to_match { state = "waiting_shipment", is_paid = true }"#,
    #"local id = given { alibaba_refunds = { {} } }.alibaba_refunds[1] expect(happens(id, "refuse").refusals).to_be(1)"#,
    // What is so, and what is shown.
    #"local id = given { refunds = { { shows = "95" } } }.refunds[1] expect(play().about[id]).to_match { decision = "handed_over", detail = "95" } expect(look(id).state).to_be "waiting_seller""#,
    #"local id = given { refunds = { {} } }.refunds[1] change(id, { shows = "95" }) change(id, { shows = "" }) expect(play().tally.done).to_be(1)"#,
    #"local id = given { refunds = { { amount = "50 CNY" } } }.refunds[1] expect(change(id, { amount = "49.99 CNY" }).fen).to_be(4999)"#,
    #"local id = given { refunds = { { left = "3d" } } }.refunds[1] change(id, { left = "2h" }) advance "3h" expect(look(id).state).never.to_be "waiting_seller""#,
    #"local id = given { orders = { { state = "waiting_payment", amount = "50 CNY" } } }.orders[1] expect(change(id, { price = "60 CNY" }).fen).to_be(6000)"#,
    #"local id = given { refunds = { { messages = { { text = "later" }, { from = "platform", text = "first", age = "1h" } }, age = "2h" } } }.refunds[1] local all = look(id).messages expect(all[2]).to_match { role = 3, text = "first" } expect(all[3].text).to_be "later""#,
    #"local id = given { refunds = { { state = "refused", refusal = "没有凭证", refusals = 2 } } }.refunds[1] expect(look(id).refusals).to_be(2)"#,
    #"expect(look "1").to_be(nil)"#,
    // Several lines, and claims on them.
    #"local ids = given { orders = { two = { state = "waiting_receipt", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } } }, refunds = { second = { order = "two", line = 2, goods = 4 } } } local order = look(ids.orders.two) expect(#order.lines).to_be(2) expect(order.lines[1].refunds).to_be_empty() expect(order.lines[2].refunds[1].id).to_be(ids.refunds.second)"#,
    #"local ids = given { alibaba_orders = { { lines = { {}, {} } } }, alibaba_refunds = { { order = 1, line = 2 } } } expect(look(ids.alibaba_refunds[1]).lines).to_be { look(ids.alibaba_orders[1]).lines[2].id }"#,
    // Each state of 1688.
    #"for _, state in ipairs { "waiting_seller", "waiting_return", "waiting_receipt", "refused", "refunded", "closed" } do local id = given { alibaba_refunds = { { state = state } } }.alibaba_refunds[1] expect(look(id).state).to_be(state) end"#,
    // Writes, with what was before them.
    #"local id = given { refunds = { { state = "refused" } } }.refunds[1] play() local row = history()[1] expect(row.before.state).to_be "refused" expect(row.after.state).to_be "closed" expect(row.arguments.refundId).to_be(id)"#,
    #"local ids = given { refunds = { {}, {} } } hold(ids.refunds[1]) play() expect(#effects()).to_be(1) release(ids.refunds[1]) play() expect(#effects()).to_be(2)"#,
    #"given { refunds = { {}, {}, {} } } expect(play { dies = { 4, 3 } }.tally.done).to_be(3) expect(#effects()).to_be(3)"#,
    #"given { refunds = { {}, {} } } local all = marketplace() expect(#all.refunds).to_be(2) expect(#all.orders).to_be(2) expect(all.alibaba_orders).to_be_empty()"#,
  ])
  func passes(_ body: String) async throws {
    let outcomes = try await outcomes("test('it', function() \(body) end)")
    #expect(outcomes.count == 1 && outcomes[0].failure == nil, "\(outcomes.first?.failure?.message ?? "")")
  }

  @Test(arguments: [
    (#"happens("1", "ship")"#, "happens: there is no order and no refund 1"),
    (
      #"happens(given { refunds = { {} } }.refunds[1], "explode")"#, "happens: there is no \"explode\"; there are agree"
    ),
    (
      #"happens(given { refunds = { { state = "closed" } } }.refunds[1], "agree")"#,
      "nobody can agree 110000300001, which is closed"
    ),
    (#"change("1", {})"#, "change: there is no order and no refund 1"),
    (
      #"change(given { refunds = { {} } }.refunds[1], { age = "1d" })"#,
      "change has no age; it may have address, amount"
    ),
    (#"given { orders = { { state = "finished", price = "5 CNY" } } }"#, "only the price of an unpaid order changes"),
    (#"given { refunds = { { order = "none" } } }"#, "there is no order \"none\" beside it"),
    (#"given { orders = { { lines = {} } } }"#, "orders[1].lines is a list of tables, each with its amount"),
    (#"given { orders = { { lines = { {} } } }, refunds = { { order = 1, line = 2 } } }"#, "the order has 1 lines"),
    (#"given { alibaba_refunds = { { kind = "refund", state = "waiting_return" } } }"#, "kind is \"return\" where"),
    (
      #"given { refunds = { { messages = { { from = "nobody", text = "x" } } } } }"#, "messages[1].from is one of buyer"
    ),
    (#"release("1")"#, "release: nobody holds 1"),
    (#"play { dies = "soon" }"#, "dies is after how many commits"),
  ])
  func saysWhatIsWrong(_ body: String, _ words: String) async throws {
    let failure = try #require(try await outcomes("test('it', function() \(body) end)").first?.failure)
    let id = failure.message.replacing(/11\d{10}/, with: "110000300001")
    #expect(id.contains(words), "\(failure.message)")
  }

  @Test func aPropertyIsATestForEachWorld() async throws {
    let property = "worlds('none is closed', function() play() for _, row in ipairs(history()) do "
    let outcomes = try await outcomes(property + "expect(row.after.state).never.to_be 'closed' end end)", worlds: 8)
    #expect(outcomes.map(\.name) == (1...8).map { "none is closed [world \($0)]" })
    #expect(outcomes.contains { $0.failure != nil }, "the playbook cancels")
    let fine = try await self.outcomes(
      property + "expect(row.before.state).never.to_be(row.after.state) end end)", worlds: 8)
    #expect(fine.allSatisfy { $0.failure == nil })
  }

  @Test func aWorldIsTheSameAgainAndCanBeWrittenDown() async throws {
    for seed: UInt64 in 1...200 {
      let world = RandomContents(seed: seed)
      #expect(world.contents == RandomContents(seed: seed).contents)
      _ = try FaultPlan(parsing: world.faults)
      var marketplace = Scenario.empty.world(seed: 1, now: world.start)
      let ids = try GivenContents(.object(world.contents)).put(into: &marketplace)
      #expect(ids["refunds"]?.array?.count == marketplace.allReverseOrders.count)
    }
    #expect(RandomContents(seed: 1).contents != RandomContents(seed: 2).contents)
  }
}
