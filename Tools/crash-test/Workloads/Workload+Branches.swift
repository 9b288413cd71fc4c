import JSON
import Marketplace

extension Workload {
  /// Branches that write at once, some of them sleeping in between, with an error that one of them catches.
  static let branches = Workload(
    name: "branches", file: "sweep/branches.lua",
    source: """
      local aftersales = require "ebb.aftersales"
      local pages = require "ebb.pages"
      playbook { ebb = 1, name = "branches", guards = { max_writes = { run = 40 } } }
      local rows = pages(taobao.refunds.list, { refundEndTime = now() })
      local ids = {}
      for _, row in ipairs(rows) do ids[#ids + 1] = row.refundOrder.refundId end
      table.sort(ids)

      local function cancel(from, to)
        for index = from, to do
          local refund = aftersales.reread(ids[index])
          act(refund, "open for too long", taobao.refunds.cancel, { refundId = refund.id })
        end
        return to - from + 1
      end

      local first, second, third = parallel {
        function() return cancel(1, 3) end,
        function()
          local before = now()
          sleep("90s")
          local done = cancel(4, 5)
          wait_until(now() + 60000)
          return { done = done, slept = now() - before >= 150000 }
        end,
        function()
          local ok, problem = pcall(function()
            parallel {
              function() return taobao.refunds.messages{ refundId = ids[6], pageNo = 1, pageSize = 20 } end,
              function() return taobao.refunds.get("2") end,
            }
          end)
          taobao.refunds.sendMessage{ refundId = ids[6], refundMessage = "请尽快处理 " .. ids[6] }
          return { ok = ok, code = problem.code, branch = problem.branch }
        end,
      }
      -- What they are now is not told: an act whose answer was lost is carried out beside the script, and maybe later.
      each(ids, { concurrency = 3 }, function(id) aftersales.reread(id) end)
      return { first = first, second = second, third = third }
      """,
    scenario: Scenario(name: "branches") { world in
      world.stockQuietly()
      for fee: Int64 in 1...6 { world.claim(fee: fee * 1_000) }
    },
    writes: 6)

  /// Messages, which must not be repeated and are a person's to settle where their reading back is not clear; slept
  /// between, so that the run leaves memory.
  static let messages = Workload(
    name: "messages", file: "sweep/messages.lua",
    source: """
      local pages = require "ebb.pages"
      local p = playbook { ebb = 1, name = "messages", params = { last = { type = "id", required = true } } }
      each(pages(taobao.refunds.list, { refundEndTime = now() - 604800000 }), function(row)
        local id = row.refundOrder.refundId
        act(row.refundOrder, "asked for news", taobao.refunds.sendMessage,
          { refundId = id, refundMessage = "请问进展如何 " .. id })
        sleep("2m")
      end)
      taobao.refunds.sendMessage{ refundId = p.last, refundMessage = "今天的最后一条" }
      return "asked"
      """,
    scenario: Scenario(name: "messages") { world in
      world.stockQuietly()
      for _ in 1...3 { world.claim() }
      // Another one for the last message: what is in doubt keeps its refund from a second write.
      world.claim(days: 2)
    },
    parameters: { world, _ in ["last": .string(world.allReverseOrders.last?.id ?? "")] },
    writes: 4)

  /// Many runs in one process, each with a refund of its own: what they record is committed together.
  static let crowd = Workload(
    name: "crowd", file: "sweep/crowd.lua",
    source: """
      local aftersales = require "ebb.aftersales"
      local p = playbook { ebb = 1, name = "crowd", params = { refund = { type = "id", required = true } } }
      local refund = aftersales.reread(p.refund)
      taobao.refunds.sendMessage{ refundId = refund.id, refundMessage = "即将撤销 " .. math.random(100000) }
      sleep("45s")
      act(refund, "open for too long", taobao.refunds.cancel, { refundId = refund.id })
      return refund.id
      """,
    scenario: Scenario(name: "crowd") { world in
      world.stockQuietly()
      for fee: Int64 in 1...8 { world.claim(fee: fee * 1_000) }
    },
    runs: 8,
    parameters: { world, number in ["refund": .string(world.allReverseOrders[number].id)] },
    writes: 16)
}
