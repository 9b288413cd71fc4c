import JSON
import Marketplace

extension Workload {
  /// Orders with keys of Ebb's own, paid for: money out, capped to the fen.
  static let orders = Workload(
    name: "orders", file: "sweep/orders.lua",
    source: """
      local p = playbook { ebb = 1, name = "orders",
        params = { item = { type = "id", required = true }, sku = { type = "id", required = true },
          price = { type = "integer", required = true } },
        guards = { max_amount = { run = "20000 CNY" }, max_writes = { run = 4 } } }
      local receiver = { country = "中国", state = "浙江省", city = "杭州市", district = "余杭区", address = "测试地址1号",
        zip = "311121", name = "测试", mobile_phone = "10000000002" }
      local known = {}
      for quantity = 1, 2 do
        taobao.orders.create{
          orderLineList = { { itemId = p.item, skuId = p.sku, quantity = tostring(quantity), orderLineNo = "1",
            price = tostring(p.price), currency = "CNY" } },
          purchaseAmount = quantity * p.price + 5000, receiver = receiver, orderSource = "sweep",
          sellerOrderNumber = quantity == 1 and "sweep-1" or nil }
        -- The answer of a create may have been lost: the list alone names what was ordered.
        for _, row in ipairs(taobao.orders.list{ pageNo = 1, pageSize = 20 }.data) do
          if not known[row.orderId] then
            known[row.orderId] = true
            taobao.orders.pay{ orderIds = { row.orderId } }
          end
        end
      end
      local states = {}
      for id in pairs(known) do states[#states + 1] = taobao.orders.get(id).status end
      return states
      """,
    scenario: Scenario(name: "orders") { world in
      world.stockQuietly()
    },
    parameters: { world, _ in
      guard let product = world.taobaoProducts.first, let variant = product.variants.first else { return [:] }
      return [
        "item": .string(product.distributionID), "sku": .string(variant.distributionID),
        "price": .integer(variant.price),
      ]
    },
    writes: 4, cap: 2_000_000)

  /// Questions to a person: one that stops the script, and writes that wait while the others go on.
  static let questions = Workload(
    name: "questions", file: "sweep/questions.lua",
    source: """
      local aftersales = require "ebb.aftersales"
      local pages = require "ebb.pages"
      playbook { ebb = 1, name = "questions", guards = { require_approval = { amount = "100 CNY" } } }
      local refunds = {}
      for _, row in ipairs(pages(taobao.refunds.list, { refundEndTime = now() })) do
        refunds[#refunds + 1] = aftersales.reread(row)
      end
      approve{ title = "Go on with these?", items = { #refunds }, expires = "20h" }
      local well, problem = pcall(approve, { title = "Something nobody wants", items = { "no" }, expires = "20h" })
      each(refunds, function(refund)
        act(refund, "open for too long", taobao.refunds.cancel, { refundId = refund.id })
      end)
      return { well = well, code = problem and problem.code }
      """,
    scenario: Scenario(name: "questions") { world in
      world.stockQuietly()
      for fee: Int64 in [9_999, 10_000, 10_001, 500, 25_000] { world.claim(fee: fee) }
    },
    rejects: "nobody wants", writes: 5)
}
