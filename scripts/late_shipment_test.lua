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

test("looks at an order that the list shows as unshipped, and finds that it is on its way", function()
  local ids = given { orders = { one = paid "8d" }, alibaba_orders = { two = paid "8d" } }
  faults "stale-list"
  happens(ids.orders.one, "ship")
  happens(ids.alibaba_orders.two, "ship")
  local run = play { params = { claim = true } }
  expect(run.about[ids.orders.one]).to_match { decision = "kept", reason = "it does not wait for shipment" }
  expect(run.about[ids.alibaba_orders.two]).to_match { decision = "kept", reason = "it does not wait for shipment" }
  expect(effects).to_be_empty()
end)

test("claims for each line of a Taobao order, and for all lines of one of 1688 at once", function()
  local lines = { { amount = "20 CNY" }, { amount = "30 CNY" } }
  local ids = given {
    orders = { one = { age = "8d", lines = lines } }, alibaba_orders = { two = { age = "8d", lines = lines } },
  }
  local one, two = look(ids.orders.one), look(ids.alibaba_orders.two)
  local run = play { params = { claim = true } }
  expect(run.status).to_be "succeeded"
  expect(#effects()).to_be(3)
  for _, line in ipairs(one.lines) do
    expect(effects()).to_contain { "taobao.refunds.create", purchaseOrderLineId = line.id, refundFee = line.fen }
    expect(run.about[line.id].decision).to_be "done"
  end
  local goods = two.lines[1].fen + two.lines[2].fen
  expect(effects()).to_contain {
    "alibaba.refunds.create", orderId = two.id, applyPayment = goods, applyCarriage = two.fen - goods,
  }
end)

test("leaves an order to a claim that was %s on one of its lines", {
  { "made", "waiting_seller", 0 }, { "refused", "refused", 0 }, { "paid", "refunded", 0 }, { "closed", "closed", 2 },
}, function(_, state, claims)
  given {
    orders = { one = { age = "8d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } } },
    refunds = { { order = "one", line = 1, state = state, goods = 1, age = "2d" } },
  }
  play { params = { claim = true } }
  expect(#effects()).to_be(claims)
end)

test("leaves to a person what is too much to be read", function()
  -- 1688 writes yuan as numbers: from a certain size on they are not whole fen any more.
  local ids = given { alibaba_orders = { one = paid("8d", "1000000000000000 CNY") } }
  local run = play { params = { claim = true } }
  expect(run.about[ids.alibaba_orders.one]).to_match {
    decision = "handed_over", reason = "what may be asked for is unreadable",
  }
  expect(effects).to_be_empty()
end)

test("touches no order whose status is new", function()
  given {
    orders = { { age = "8d", shows = "WAIT_SOMEBODY" } }, alibaba_orders = { { age = "8d", shows = "waitsomebody" } },
  }
  expect(play { params = { claim = true } }.tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("names its columns in both languages", function()
  expect(play().reports[1].columns[1]).to_be { key = "order", heading = "订单号 Order" }
end)

-- What holds in any world.

local day = 24 * 3600000

-- The lines that a claim is for.
local function lines_of(write)
  if write.operation == "taobao.refunds.create" then return { write.arguments.purchaseOrderLineId } end
  return write.arguments.orderEntryIds
end

local function answered(run)
  if run.waiting_for ~= "approval" then return run end
  return math.random(2) == 1 and approve(run) or reject(run)
end

worlds("claims once for what is paid, unshipped and late, in full and within its limits", function(world)
  local strange = {}
  for index, id in ipairs(world.orders) do strange[id] = world.given.orders[index].shows end
  for index, id in ipairs(world.alibaba_orders) do strange[id] = world.given.alibaba_orders[index].shows end
  local after, limit = math.random(2, 12) * day, math.random(0, 4)
  -- Some of them dear: what waits for a person counts as well.
  if math.random(2) == 1 then given { orders = { paid("13d", "1500 CNY"), paid("13d", "1600 CNY") } } end
  answered(play { params = { claim = true, claim_after = after, limit = limit } })
  local seen, claims = {}, history()
  expect(#claims <= limit).to_be(true)
  for _, write in ipairs(claims) do
    local order = write.before
    expect(order.state).to_be "waiting_shipment"
    expect(strange[order.id]).to_be(nil)
    expect(write.at - order.paid_at >= after).to_be(true)
    local lines, worth = {}, 0
    for _, line in ipairs(order.lines) do lines[line.id] = line end
    for _, id in ipairs(lines_of(write)) do
      expect(seen[id]).to_be(nil)
      seen[id], worth = true, worth + lines[id].fen
      for _, refund in ipairs(lines[id].refunds) do expect(refund.state).to_be "closed" end
    end
    local asked = write.arguments.refundFee or write.arguments.applyPayment + write.arguments.applyCarriage
    -- All that was paid for the lines, and freight at most.
    expect(asked >= worth and asked <= order.fen).to_be(true)
  end
end)

-- Where every request is answered.
local answered_all = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["stale-list=20m"] = true, ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

worlds("claims for nothing twice in two runs, and tells a person of nothing twice in a day", function(world)
  local params = { claim = math.random(2) == 1 }
  play { params = params }
  local run = play { params = params }
  local seen = {}
  for _, write in ipairs(history()) do
    for _, id in ipairs(lines_of(write)) do
      expect(seen[id]).to_be(nil)
      seen[id] = true
    end
  end
  if not answered_all[world.faults] then return end
  for _, decision in ipairs(run.decisions) do
    expect(decision.reason).never.to_be "it is late: urge the seller"
  end
end)

worlds("plans exactly what it then claims", function(world)
  local params = { claim = true, claim_after = math.random(2, 8) * day, limit = math.random(1, 5) }
  local plan = play { mode = "plan", params = params }
  expect(effects).to_be_empty()
  if world.faults ~= "" then return end
  local planned, claimed = {}, {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  for _, decision in ipairs(play { params = params }.decisions) do
    if decision.decision == "done" or decision.decision == "waiting" then claimed[#claimed + 1] = decision.subject end
  end
  expect(claimed).to_be(planned)
end)
