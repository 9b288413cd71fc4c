-- 改价核对的测试。Prices of `given` do not change: what was approved differs instead.

local unpaid = { state = "waiting_payment", age = "1h" }

local function told(id, market)
  return { kind = (market or "taobao") .. ".events.orderPriceChanged", body = { orderId = id } }
end

-- What an order costs, as the playbook reads it, and that much more in fen.
local function cost(id, more)
  local fen = play().about[id].amount.fen + (more or 0)
  return ("%d.%02d CNY"):format(fen // 100, fen % 100)
end

test("remembers what an order costs when it is first seen", function()
  local ids = given { orders = { one = unpaid }, alibaba_orders = { two = unpaid } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[one].reason).to_be "its amount is remembered as approved"
  expect(run.about[two].reason).to_be "its amount is remembered as approved"
  run = play()
  expect(run.about[one].reason).to_be "it costs what was approved"
  expect(run.about[two].reason).to_be "it costs what was approved"
  expect(effects).to_be_empty()
end)

test("says of an order that costs %s fen than was approved: %s", {
  { 1, "kept", "it costs less than was approved" },
  { -1, "handed_over", "it costs more than was approved" },
  { 0, "kept", "it costs what was approved" },
}, function(more, decision, reason)
  local ids = given { orders = { one = unpaid }, alibaba_orders = { two = unpaid } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local run = play { params = { quotes = {
    { market = "淘宝", id = one, amount = cost(one, more) }, { market = "1688", id = two, amount = cost(two, more) },
  } } }
  expect(run.about[one]).to_match { decision = decision, reason = reason }
  expect(run.about[two]).to_match { decision = decision, reason = reason }
  expect(run.result.changed).to_be(more == 0 and 0 or 2)
end)

test("lets pass what is within the tolerance", function()
  local ids = given { orders = { one = unpaid } }
  local one = ids.orders.one
  local quotes = { { market = "淘宝", id = one, amount = cost(one, -50) } }
  expect(play { params = { quotes = quotes, tolerance = "0.50 CNY" } }.about[one]).to_match {
    decision = "kept", reason = "it costs more, within the tolerance",
  }
  expect(play { params = { quotes = quotes, tolerance = "0.49 CNY" } }.about[one].decision).to_be "handed_over"
end)

test("reads the order that a message is about, and no other", function()
  local ids = given { orders = { one = unpaid, two = unpaid }, alibaba_orders = { three = unpaid } }
  local run = play { event = told(ids.orders.one) }
  expect(run.about[ids.orders.one]).to_match {
    decision = "handed_over", reason = "its price changed, and no amount was approved",
  }
  expect(run.about[ids.orders.two]).to_be(nil)
  run = play { event = told(ids.alibaba_orders.three, "alibaba") }
  expect(run.about[ids.alibaba_orders.three].decision).to_be "handed_over"
end)

test("knows from before what was approved when a message comes", function()
  local ids = given { orders = { one = unpaid } }
  play()
  expect(play { event = told(ids.orders.one) }.about[ids.orders.one].reason).to_be "it costs what was approved"
end)

test("hands over another currency", function()
  local ids = given { orders = { one = unpaid } }
  local run = play { params = { quotes = { { market = "淘宝", id = ids.orders.one, amount = "9 USD" } } } }
  expect(run.about[ids.orders.one].reason).to_be "it costs another currency"
end)

test("leaves alone an order that is %s", { "waiting_shipment", "waiting_receipt", "finished", "closed" },
  function(state)
    local ids = given { orders = { one = { state = state, age = "2d" } } }
    local run = play { event = told(ids.orders.one) }
    expect(run.about[ids.orders.one]).to_match { decision = "kept", reason = "it is not unpaid any more" }
  end)

test("forgets an order that is no longer unpaid", function()
  local ids = given { orders = { one = unpaid } }
  play()
  advance "6d"
  expect(play().about[ids.orders.one].reason).to_be "it is not unpaid any more"
  expect(play().about[ids.orders.one]).to_be(nil)
end)

test("forgets in a plan, and writes nothing", function()
  local ids = given { orders = { one = unpaid } }
  expect(play { mode = "plan" }.status).to_be "succeeded"
  expect(play().about[ids.orders.one].reason).to_be "its amount is remembered as approved"
  expect(effects).to_be_empty()
end)
