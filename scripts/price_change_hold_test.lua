-- 改价核对的测试。What was approved, or first seen, is compared with what the seller asks now.

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

test("says of an order whose seller asks %s now: %s", {
  { "90 CNY", "kept", "it costs less than was approved" },
  { "110.01 CNY", "handed_over", "it costs more than was approved" },
  { "110 CNY", "kept", "it costs more, within the tolerance" },
}, function(price, decision, reason)
  local ids = given { orders = { one = unpaid }, alibaba_orders = { two = unpaid } }
  local params = { tolerance = "10 CNY", quotes = {
    { market = "淘宝", id = ids.orders.one, amount = "100 CNY" },
    { market = "1688", id = ids.alibaba_orders.two, amount = "100 CNY" },
  } }
  change(ids.orders.one, { price = price })
  change(ids.alibaba_orders.two, { price = price })
  local run = play { params = params }
  expect(run.about[ids.orders.one]).to_match { decision = decision, reason = reason }
  expect(run.about[ids.alibaba_orders.two]).to_match { decision = decision, reason = reason }
  expect(effects).to_be_empty()
end)

test("hears of a real change by its message, and not of an echo", function()
  local ids = given { orders = { one = unpaid } }
  local id = ids.orders.one
  play()
  local first = look(id).fen
  expect(play { event = told(id) }.about[id].reason).to_be "it costs what was approved"
  change(id, { price = first + 1 .. " fen" })
  local run = play { event = told(id) }
  expect(run.about[id]).to_match { decision = "handed_over", reason = "it costs more than was approved" }
  expect(run.reports[1].rows[1]).to_match { order = id, verdict = "do not pay" }
  change(id, { price = first .. " fen" })
  expect(play { event = told(id) }.about[id].reason).to_be "it costs what was approved"
end)

test("goes on to hold an order whose seller asks more, until a person approves it", function()
  local ids = given { alibaba_orders = { one = unpaid } }
  local id = ids.alibaba_orders.one
  play()
  change(id, { price = "99999 fen" })
  expect(play().about[id].decision).to_be "handed_over"
  expect(play().about[id].decision).to_be "handed_over"
  local run = play { params = { quotes = { { market = "1688", id = id, amount = "999.99 CNY" } } } }
  expect(run.about[id]).to_match { decision = "kept", reason = "it costs what was approved" }
end)

test("compares amounts of another currency with each other, without a tolerance", function()
  local ids = given { orders = { one = unpaid } }
  local id = ids.orders.one
  change(id, { price = "10 CNY", currency = "USD" })
  local function approved(amount)
    return { tolerance = "5 CNY", quotes = { { market = "淘宝", id = id, amount = amount } } }
  end
  expect(play { params = approved "10 USD" }.about[id].reason).to_be "it costs what was approved"
  expect(play { params = approved "9.99 USD" }.about[id].reason).to_be "it costs more than was approved"
  expect(play { params = approved "10 CNY" }.about[id].reason).to_be "it costs another currency"
end)

test("hands over an order of which a line was closed, though its price is what was approved", function()
  local ids = given { orders = { one = { state = "closed", age = "2d", lines = { { amount = "20 CNY" } } } } }
  -- The order is still shown as unpaid.
  change(ids.orders.one, { shows = "WAIT_BUYER_PAY" })
  local amount = look(ids.orders.one).fen .. " fen"
  local quotes = { { market = "淘宝", id = ids.orders.one, amount = amount } }
  local run = play { event = told(ids.orders.one), params = { quotes = quotes } }
  expect(run.about[ids.orders.one]).to_match {
    decision = "handed_over", reason = "a line of it was closed: it is cancelled in part",
  }
  expect(run.reports[1].rows[1].verdict).to_be "do not pay"
end)

test("lets nothing be paid whose price is too much to be read", function()
  -- 1688 writes yuan as numbers: from a certain size on they are not whole fen any more.
  local ids = given { alibaba_orders = { one = unpaid } }
  change(ids.alibaba_orders.one, { price = "1000000000000000 CNY" })
  expect(play().about[ids.alibaba_orders.one]).to_match {
    decision = "handed_over", reason = "what it costs is unreadable",
  }
end)

test("takes an order whose status is new for none that may be paid", function()
  local ids = given { orders = { one = unpaid } }
  change(ids.orders.one, { shows = "WAIT_SOMEBODY" })
  expect(play().about[ids.orders.one]).to_match { decision = "kept", reason = "it is not unpaid any more" }
end)

test("names its columns in both languages, and adds up amounts", function()
  local report = play().reports[1]
  expect(report.columns[2]).to_be { key = "verdict", heading = "结论 Verdict" }
  expect(report.totals).to_be { "approved", "now" }
end)

-- What holds in any world.

local harmless = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["stale-list=20m"] = true, ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

-- The unpaid orders, and what is shown instead of their states.
local function unpaid_orders(world)
  local strange, found = {}, {}
  for index, id in ipairs(world.orders) do strange[id] = world.given.orders[index].shows end
  for index, id in ipairs(world.alibaba_orders) do strange[id] = world.given.alibaba_orders[index].shows end
  local all = marketplace()
  for _, group in ipairs { all.orders, all.alibaba_orders } do
    for _, order in ipairs(group) do
      if order.state == "waiting_payment" and not strange[order.id] then found[#found + 1] = order end
    end
  end
  return found
end

worlds("lets be paid only what costs at most what was first seen, and the tolerance, and writes nothing",
  function(world)
    local tolerance = math.random(0, 3) * 500
    local params = { tolerance = tolerance .. " fen" }
    play { params = params }
    local first = {}
    for _, order in ipairs(unpaid_orders(world)) do
      first[order.id] = order.fen
      local price = math.max(1, order.fen + math.random(-2000, 2000))
      if math.random(3) > 1 then change(order.id, { price = price .. " fen" }) end
    end
    local run = play { params = params }
    local again = play { params = params }
    expect(effects).to_be_empty()
    if not harmless[world.faults] then return end
    local changed = 0
    for _, order in ipairs(unpaid_orders(world)) do
      local is_dearer = order.fen > first[order.id] + tolerance
      expect(run.about[order.id].decision).to_be(is_dearer and "handed_over" or "kept")
      -- What was said once is no approval.
      expect(again.about[order.id].reason).to_be(run.about[order.id].reason)
      if is_dearer or order.fen < first[order.id] then changed = changed + 1 end
    end
    expect(run.result.changed).to_be(changed)
    expect(#run.reports[1].rows).to_be(changed)
  end)

worlds("says the same again where nothing changed", function(world)
  play()
  local once = play()
  local again = play()
  if not harmless[world.faults] then return end
  for _, order in ipairs(unpaid_orders(world)) do
    expect(again.about[order.id].reason).to_be(once.about[order.id].reason)
    expect(again.about[order.id].reason).to_be "it costs what was approved"
  end
end)
