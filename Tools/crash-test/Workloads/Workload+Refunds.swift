import JSON
import Marketplace

extension Workload {
  /// The shipped playbook: seven cancels, the dearest of them after a person's approval.
  static let staleRefunds = Workload(
    name: "refunds", file: "scripts/cancel_stale_refunds.lua", source: nil,
    scenario: Scenario(name: "refunds") { world in
      world.stockQuietly()
      for fee: Int64 in [4_300, 12_000, 900] { world.claim(fee: fee) }
      world.claim(.waitingForReturn, fee: 7_700)
      world.claim(.refused, fee: 3_100)
      world.claim(.returning)
      world.claim(.refused, fee: 2_000, parcel: true)
      world.claim(days: 2)
      world.claim(.refused, fee: 150_000)
      world.claim(fee: 11_111)
    },
    writes: 7, cap: 5_000_000)

  /// Refusals by the API, caught and not, errors that end an item alone, and random numbers that a replay must repeat.
  static let refusals = Workload(
    name: "refusals", file: "sweep/refusals.lua",
    source: """
      local aftersales = require "ebb.aftersales"
      local pages = require "ebb.pages"
      playbook { ebb = 1, name = "refusals", guards = { writes = { "taobao.refunds.cancel", "taobao.refunds.sendMessage" } } }
      local ok, missing = pcall(taobao.refunds.get, "1")
      local refused, sent = 0, {}
      each(pages(taobao.refunds.list, { refundEndTime = now() }), function(row)
        local refund = aftersales.reread(row)
        if refund.state == "waiting_receipt" then
          local well, problem = pcall(taobao.refunds.cancel, { refundId = refund.id })
          if not well then refused = refused + 1 end
          return keep(refund, "cannot be cancelled any more", well and "?" or problem.code)
        end
        if refund.state == "refunded" then error("paid back already") end
        local number = math.random(1000, 9999)
        sent[#sent + 1] = number
        taobao.refunds.sendMessage{ refundId = refund.id, refundMessage = "第" .. number .. "次提醒" }
        act(refund, "open for too long", taobao.refunds.cancel, { refundId = refund.id })
      end)
      return { missing = missing.code, refused = refused, sent = sent }
      """,
    scenario: Scenario(name: "refusals") { world in
      world.stockQuietly()
      world.claim(fee: 1_000)
      world.claim(.returning)
      world.claim(.refused, fee: 2_000)
      world.claim(.succeeded)
      world.claim(.returning)
      world.claim(fee: 3_000)
    },
    writes: 6, status: "failed")

  /// A cap that is reached to the fen by the second cancel: the third must never leave, whatever dies.
  static let budget = Workload(
    name: "budget", file: "sweep/budget.lua",
    source: """
      local pages = require "ebb.pages"
      playbook { ebb = 1, name = "budget", guards = { max_amount = { run = "333.33 CNY" } } }
      each(pages(taobao.refunds.list, { refundEndTime = now() }), function(row)
        act(row.refundOrder, "open for too long", taobao.refunds.cancel, { refundId = row.refundOrder.refundId })
      end)
      """,
    scenario: Scenario(name: "budget") { world in
      world.stockQuietly()
      world.claim(days: 12, fee: 1)
      world.claim(days: 13, fee: 11_111)
      world.claim(days: 14, fee: 22_222)
    },
    writes: 2, status: "waiting", isShort: true, cap: 33_333)
}
