-- 发货超时的测试。Orders of `given` are paid five minutes after they are placed.

local function paid(age, amount) return { state = "waiting_shipment", age = age, amount = amount } end

test("hands a late order of either market to a person, once a day", function()
  local ids = given { orders = { one = paid "3d" }, alibaba_orders = { two = paid "3d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[one]).to_match { decision = "handed_over", reason = "it is late: urge the seller" }
  expect(run.about[two]).to_match { decision = "handed_over", reason = "it is late: urge the seller" }
  expect(run.result).to_be { late = 2, claimed = 0 }
  expect(play().about[one]).to_match { decision = "kept", reason = "a person was told within a day" }
  advance "24h"
  expect(play().about[two].decision).never.to_be "kept"
  expect(effects).to_be_empty()
end)

test("leaves alone what is %s", {
  { "in time", paid "1d" },
  { "not paid", { state = "waiting_payment", age = "3d" } },
  { "shipped", { state = "waiting_receipt", age = "3d" } },
  { "finished", { state = "finished", age = "20d" } },
  { "closed", { state = "closed", age = "20d" } },
}, function(_, order)
  given { orders = { order }, alibaba_orders = { order } }
  expect(play { params = { claim = true } }.tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("leaves an order with a claim to that claim", function()
  given {
    refunds = { { state = "waiting_seller", goods = 1, age = "8d", left = "1d" } },
    alibaba_refunds = { { age = "8d" } },
  }
  expect(play { params = { claim = true } }.tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("claims for what stays late, where it may, and once", function()
  local ids = given { orders = { one = paid("8d", "100 CNY") }, alibaba_orders = { two = paid("8d", "100 CNY") } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  expect(play().about[one]).to_match { decision = "handed_over", reason = "it is far too late: claim for it" }
  local run = play { params = { claim = true } }
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 1 }
  expect(effects()[2]).to_match { "alibaba.refunds.create", disputeRequest = "refund" }
  expect(play { params = { claim = true } }.tally).to_match { done = 0 }
  expect(#effects()).to_be(2)
end)

test("does not count holidays", function()
  -- Paid on 28 October, looked at on 1 November.
  local ids = given { orders = { one = paid "4d" } }
  local run = play { params = { holidays = { "2026-10-29..2026-10-31" } } }
  expect(run.about[ids.orders.one]).to_match { decision = "kept", reason = "there is time" }
  run = play { params = { holidays = { "2026-10-31" } } }
  expect(run.about[ids.orders.one].decision).to_be "handed_over"
end)

test("asks a person before it claims much", function()
  given { orders = { one = paid("8d", "1500 CNY") } }
  local run = play { params = { claim = true } }
  expect(run.waiting_for).to_be "approval"
  reject(run)
  expect(effects).to_be_empty()
end)

test("stops at its limit", function()
  given { orders = { paid "8d", paid "8d" } }
  expect(play { params = { claim = true, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
end)

test("leaves to a person what no reason of ours fits", function()
  local ids = given { orders = { one = paid "8d" } }
  local run = play { params = { claim = true, reasons = { "别的原因" } } }
  expect(run.about[ids.orders.one].decision).to_be "handed_over"
  expect(effects).to_be_empty()
end)

test("believes the order, not the list", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "8d", seller = "prompt" } } }
  advance "31h"
  faults "stale-list=40h"
  local run = play { params = { claim = true } }
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("claims once where the answer of %s is lost", { "taobao.refunds.create", "alibaba.refunds.create" },
  function(operation)
    local group = operation:find "^taobao" and "orders" or "alibaba_orders"
    given { [group] = { paid "8d" } }
    faults("reset-after@" .. operation .. ":1")
    play { params = { claim = true } }
    play { params = { claim = true } }
    expect(#effects()).to_be(1)
  end)

test("leaves alone what a person holds", function()
  local ids = given { orders = { held = paid "8d" } }
  hold(ids.orders.held)
  play { params = { claim = true } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { orders = { one = paid "8d" } }
  expect(play { mode = "plan", params = { claim = true } }.about[ids.orders.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)
