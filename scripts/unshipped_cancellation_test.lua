-- 未发货取消的测试。What is not paid is cancelled, what is not shipped is claimed for in full, and nothing is done twice.

local function taobao_row(id, parcel) return { market = "淘宝", id = id, parcel = parcel } end
local function row_1688(id, parcel) return { market = "1688", id = id, parcel = parcel } end

test("cancels what is not paid", function()
  local ids = given {
    orders = { one = { state = "waiting_payment", age = "1h" } },
    alibaba_orders = { two = { state = "waiting_payment", age = "1h" } },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local params = { cancelled = { taobao_row(one), row_1688(two) } }
  local run = play { params = params }
  expect(run.status).to_be "succeeded"
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.orders.cancel", orderId = one }
  expect(effects()[2]).to_match { "alibaba.orders.cancel", cancelReason = "buyerCancel" }
  run = play { params = params }
  expect(run.about[one]).to_match { decision = "kept", reason = "it is closed already" }
  expect(#effects()).to_be(2)
end)

test("claims what is not shipped in full", function()
  local ids = given {
    orders = { one = { state = "waiting_shipment", age = "1h", amount = "100 CNY" } },
    alibaba_orders = { two = { state = "waiting_shipment", age = "1h", amount = "100 CNY" } },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local params = { cancelled = { taobao_row(one), row_1688(two) } }
  local run = play { params = params }
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 1 }
  expect(effects()[2])
    .to_match { "alibaba.refunds.create", disputeRequest = "refund", goodsStatus = "refundWaitSellerSend" }
  run = play { params = params }
  expect(run.about[one]).to_match { decision = "kept", reason = "a claim is open already" }
  expect(#effects()).to_be(2)
end)

test("hears of a seller who ships over the claim", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h", seller = "ships_anyway" } } }
  local params = { cancelled = { taobao_row(ids.orders.one) } }
  play { params = params }
  advance "40h"
  local run = play { params = params }
  expect(run.about[ids.orders.one]).to_match {
    decision = "handed_over", reason = "the seller shipped over our claim: refuse or intercept the parcel",
  }
  expect(#effects()).to_be(1)
end)

test("sends back what arrived after all", function()
  local ids = given {
    orders = { one = { state = "waiting_receipt", age = "3d" } },
    alibaba_orders = { two = { state = "waiting_receipt", age = "3d" } },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  play { params = { cancelled = { taobao_row(one, "签收"), row_1688(two, "签收") } } }
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 2, goodsStatus = 4 }
  expect(effects()[2]).to_match { "alibaba.refunds.create", disputeRequest = "returnRefund", applyCarriage = 0 }
end)

test("leaves to a person an order that is %s", {
  { "shipped", "waiting_receipt", nil, "it was shipped before it could be cancelled: refuse or intercept the parcel" },
  { "refused, by the sheet alone", "waiting_receipt", "拒收", "its trace does not show that the parcel was refused" },
  { "finished", "finished", nil, "its receipt is confirmed: a person files" },
}, function(_, state, parcel, reason)
  local ids = given { orders = { one = { state = state, age = "3d" } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one, parcel) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "handed_over", reason = reason }
  expect(effects).to_be_empty()
end)

test("leaves to a person what was refused on 1688", function()
  local ids = given { alibaba_orders = { one = { state = "waiting_receipt", age = "3d" } } }
  local run = play { params = { cancelled = { row_1688(ids.alibaba_orders.one, "拒收") } } }
  expect(run.about[ids.alibaba_orders.one].reason).to_be "its parcel was refused: on 1688 a person files"
end)

test("leaves to a person what no reason of ours fits", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h" } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one) }, reasons = { "别的原因" } } }
  expect(run.about[ids.orders.one].decision).to_be "handed_over"
  expect(effects).to_be_empty()
end)

test("asks a person before it claims much", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h", amount = "2500 CNY" } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one) } } }
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  expect(approve(run).about[ids.orders.one].decision).to_be "done"
end)

test("writes once where the answer of %s is lost", {
  { "taobao.orders.cancel", "waiting_payment" }, { "taobao.refunds.create", "waiting_shipment" },
}, function(operation, state)
  local ids = given { orders = { one = { state = state, age = "1h" } } }
  local params = { cancelled = { taobao_row(ids.orders.one) } }
  faults("reset-after@" .. operation .. ":1")
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("claims once on 1688 where the answer is lost", function()
  local ids = given { alibaba_orders = { one = { state = "waiting_shipment", age = "1h" } } }
  local params = { cancelled = { row_1688(ids.alibaba_orders.one) } }
  faults "reset-after@alibaba.refunds.create:1"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("stops at its limit, and takes an order that is listed twice once", function()
  local unpaid = { state = "waiting_payment", age = "1h" }
  local ids = given { orders = { unpaid, unpaid } }
  local one, two = ids.orders[1], ids.orders[2]
  local run = play { params = { cancelled = { taobao_row(one), taobao_row(one), taobao_row(two) }, limit = 1 } }
  expect(run.tally).to_match { done = 1, kept = 1 }
  expect(#effects()).to_be(1)
end)

test("goes on where one order of the sheet does not exist", function()
  local ids = given { orders = { one = { state = "waiting_payment", age = "1h" } } }
  local run = play { params = { cancelled = { taobao_row "123456789", taobao_row(ids.orders.one) } } }
  expect(run.tally).to_match { done = 1, failed = 1 }
end)

test("leaves alone what a person holds", function()
  local ids = given { orders = {
    { state = "waiting_shipment", age = "1h" }, { state = "waiting_payment", age = "1h" },
  } }
  local rows = {}
  for index, id in ipairs(ids.orders) do
    hold(id)
    rows[index] = taobao_row(id)
  end
  play { params = { cancelled = rows } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h" } } }
  local run = play { mode = "plan", params = { cancelled = { taobao_row(ids.orders.one) } } }
  expect(run.about[ids.orders.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)
