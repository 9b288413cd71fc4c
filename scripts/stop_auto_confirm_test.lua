-- 阻止自动确认收货的测试。An order is shipped a day after it is placed, and confirms itself ten days later.

local function shipped(age, amount) return { state = "waiting_receipt", age = age, amount = amount or "41 CNY" } end

local function row(id, reason, amount) return { id = id, arrived = "已到货", reason = reason, amount = amount } end

test("hands over what is not inspected and confirms itself soon", function()
  local ids = given { orders = { one = shipped "10d" }, alibaba_orders = { two = shipped "10d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local run = play { params = { pending = { { id = one }, { id = two } } } }
  expect(run.status).to_be "succeeded"
  expect(run.about[one]).to_match { decision = "handed_over", reason = "its inspection is pending" }
  expect(run.about[two]).to_match { decision = "handed_over", reason = "its inspection is pending" }
  expect(#run.reports[1].rows).to_be(2)
  expect(effects).to_be_empty()
end)

test("leaves alone what has time, and what is not pending", function()
  local ids = given { orders = { early = shipped "5d", inspected = shipped "10d" } }
  local run = play { params = { pending = { { id = ids.orders.early } } } }
  expect(run.about[ids.orders.early]).to_match { decision = "kept", reason = "there is time" }
  expect(run.about[ids.orders.inspected]).to_match { decision = "kept", reason = "nothing is pending" }
end)

test("lists an order whose open claim a confirmation would close", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "9d", left = "2d" } } }
  local run = play()
  expect(run.tally).to_match { handed_over = 1, done = 0 }
  expect(run.decisions[1]).to_match { reason = "a claim is open: confirming closes it", detail = ids.refunds.one }
  expect(effects).to_be_empty()
end)

test("files the claim that the sheet describes, once", function()
  local ids = given { orders = { one = shipped "10d" }, alibaba_orders = { two = shipped "10d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local params = { pending = { row(one, "不想要了", "20 CNY"), row(two, "七天无理由", "15 CNY") } }
  local run = play { params = params }
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 4, refundFee = 2000 }
  expect(effects()[2]).to_match { "alibaba.refunds.create", applyPayment = 1500, applyCarriage = 0 }
  run = play { params = params }
  expect(run.about[one].reason).to_be "a claim is open: confirming closes it"
  expect(#effects()).to_be(2)
end)

test("leaves to a person a claim with %s", {
  { "a reason that is not offered", "不存在的原因", "20 CNY", "the marketplace does not offer this reason" },
  { "a reason that needs evidence", "质量问题", "20 CNY", "this reason needs evidence" },
  { "too high an amount", "不想要了", "4100 CNY", "the amount is more than may be asked for" },
}, function(_, reason, amount, why)
  local ids = given { orders = { one = shipped "10d" } }
  local run = play { params = { pending = { row(ids.orders.one, reason, amount) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "handed_over", reason = why }
  expect(effects).to_be_empty()
end)

test("asks a person before it claims much", function()
  local ids = given { orders = { one = shipped("10d", "800 CNY") } }
  local run = play { params = { pending = { row(ids.orders.one, "不想要了", "600 CNY") } } }
  expect(run.waiting_for).to_be "approval"
  reject(run)
  expect(effects).to_be_empty()
end)

test("leaves alone what is not shipped, and what is confirmed", function()
  local ids = given { orders = { waits = { state = "waiting_shipment", age = "1d" }, over = { state = "finished" } } }
  local run = play { params = { pending = { { id = ids.orders.waits }, { id = ids.orders.over } } } }
  expect(run.tally).to_match { handed_over = 0, done = 0 }
end)

test("believes the order, not the list", function()
  local ids = given { orders = { one = shipped "10d" } }
  advance "25h"
  faults "stale-list"
  local run = play { params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } } }
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("stops at its limit", function()
  local ids = given { orders = { shipped "10d", shipped "10d" } }
  local rows = { row(ids.orders[1], "不想要了", "20 CNY"), row(ids.orders[2], "不想要了", "20 CNY") }
  expect(play { params = { pending = rows, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
end)

test("files once where the answer is lost", function()
  local ids = given { orders = { one = shipped "10d" } }
  local params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } }
  faults "reset-after@taobao.refunds.create:1"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("leaves alone what a person holds", function()
  local ids = given { orders = { held = shipped "10d" } }
  hold(ids.orders.held)
  play { params = { pending = { row(ids.orders.held, "不想要了", "20 CNY") } } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { orders = { one = shipped "10d" } }
  local run = play { mode = "plan", params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } } }
  expect(run.about[ids.orders.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)
