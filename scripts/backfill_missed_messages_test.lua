-- 补漏消息的测试。No callback ever comes here: all that changes has to be found by asking.

local function world()
  return given {
    refunds = {
      open = { state = "waiting_seller", age = "1d", left = "1d" },
      agreed = { state = "waiting_return", age = "2d", left = "3d" },
      over = { state = "closed", age = "5d" },
    },
    orders = {
      unpaid = { state = "waiting_payment", age = "10m" }, shipped = { state = "waiting_receipt", age = "2d" },
    },
    alibaba_refunds = { open = {} },
    alibaba_orders = { unpaid = { state = "waiting_payment", age = "10m" }, done = { state = "finished", age = "9d" } },
  }
end

local raised = "no callback told it: its event is raised"

test("takes stock first and raises nothing", function()
  world()
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.decisions).to_be_empty()
  expect(run.reports[1].rows).to_contain { source = "taobao.refunds", what = "taken stock of", count = 3 }
end)

test("raises nothing where nothing changed", function()
  local ids = world()
  play()
  advance "5m"
  local run = play { params = { list_kept = true } }
  expect(run.status).to_be "succeeded"
  for _, decision in ipairs(run.decisions) do expect(decision.reason).never.to_be(raised) end
  expect(run.about[ids.refunds.open].decision).to_be "kept"
end)

test("raises what changed meanwhile, once", function()
  local ids = world()
  play()
  -- Silence grants one claim and ends another.
  advance "4d"
  local run = play()
  expect(run.about[ids.refunds.open]).to_match { reason = raised, detail = "10 → 100" }
  expect(run.about[ids.refunds.agreed]).to_match { reason = raised, detail = "20 → -20" }
  expect(run.about[ids.refunds.over]).to_be(nil)
  expect(run.reports[2].rows).to_contain { id = ids.refunds.open, event = "taobao.events.refundChanged" }
  advance "30m"
  expect(play().decisions).to_be_empty()
end)

test("looks at %s alone where told so", { "taobao", "1688" }, function(market)
  local ids = world()
  play { params = { markets = market, orders = false } }
  advance "4d"
  local run = play { params = { markets = market, orders = false } }
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.open] ~= nil).to_be(market == "taobao")
end)

test("reads everything once a week", function()
  local ids = world()
  play()
  advance "8d"
  expect(play().about[ids.refunds.open].reason).to_be(raised)
end)

test("goes on where a list cannot be read", function()
  local ids = world()
  play()
  advance "4d"
  faults "server-error@taobao.refunds.list:1"
  expect(play().about[ids.refunds.open].reason).to_be(raised)
end)

test("only shows in a plan what it would raise", function()
  world()
  play()
  advance "4d"
  play { mode = "plan" }
  expect(effects).to_be_empty()
  -- A plan keeps nothing: what changed is still to be told.
  expect(play().tally.kept > 0).to_be(true)
end)

test("raises a change of each kind by the event that a callback would have been", function()
  local ids = given {
    refunds = { open = { state = "waiting_seller", age = "1d", left = "4d" } },
    orders = { paid = { state = "waiting_shipment", age = "2d" }, dearer = { state = "waiting_payment", age = "1h" } },
    alibaba_refunds = { open = { age = "1d", left = "1d" } },
    alibaba_orders = {
      paid = { state = "waiting_shipment", age = "2d" }, dearer = { state = "waiting_payment", age = "1h" },
    },
  }
  play()
  advance "5m"
  happens(ids.refunds.open, "refuse")
  happens(ids.alibaba_refunds.open, "refuse")
  happens(ids.orders.paid, "ship")
  happens(ids.alibaba_orders.paid, "ship")
  change(ids.orders.dearer, { price = "777 CNY" })
  change(ids.alibaba_orders.dearer, { price = "777 CNY" })
  local run = play()
  local events = {}
  for _, row in ipairs(run.reports[2].rows) do events[row.id] = row.event end
  expect(events).to_be {
    [ids.refunds.open] = "taobao.events.refundChanged", [ids.alibaba_refunds.open] = "alibaba.events.refundChanged",
    [ids.orders.paid] = "taobao.events.orderStatusChanged",
    [ids.alibaba_orders.paid] = "alibaba.events.orderStatusChanged",
    [ids.orders.dearer] = "taobao.events.orderPriceChanged",
    [ids.alibaba_orders.dearer] = "alibaba.events.orderPriceChanged",
  }
  expect(run.reports[2].columns[2]).to_be { key = "event", heading = "事件 Event" }
  expect(play().decisions).to_be_empty()
end)

test("raises nothing where a change is none that a callback tells of", function()
  local ids = given { orders = { one = { state = "waiting_payment", age = "1h" } } }
  local id = ids.orders.one
  play()
  advance "5m"
  -- The seller sets the price that it had: the order was changed, and is the same.
  change(id, { price = look(id).fen .. " fen" })
  local run = play()
  expect(run.about[id]).to_match { decision = "kept", reason = "changed in what no callback tells" }
  expect(#run.reports).to_be(1)
  expect(play().decisions).to_be_empty()
end)

test("believes what is read singly, not a list that lags", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "1d", left = "4d" } } }
  local id = ids.refunds.one
  play()
  advance "5m"
  happens(id, "refuse")
  expect(play().about[id].reason).to_be(raised)
  -- The list shows it as it was before the refusal: that is no news.
  faults "stale-list=1h"
  local run = play { params = { list_kept = true } }
  expect(run.about[id]).to_match { decision = "kept", reason = "known and unchanged" }
  expect(#run.reports).to_be(1)
end)

test("raises a status that is new, and what becomes of it", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "1d", left = "4d" } } }
  local id = ids.refunds.one
  play()
  change(id, { shows = "95" })
  expect(play().about[id]).to_match { reason = raised, detail = "10 → 95" }
  change(id, { shows = "" })
  expect(play().about[id]).to_match { reason = raised, detail = "95 → 10" }
end)

test("forgets what is over and older than it looks back", function()
  local ids = given { refunds = {
    over = { state = "closed", age = "55d" }, open = { state = "refused", age = "1d", left = "5d" },
  } }
  play()
  advance "8d"
  local run = play()
  expect(run.reports[1].rows).to_contain { source = "taobao.refunds", what = "over and forgotten", count = 1 }
  expect(run.about[ids.refunds.over]).to_be(nil)
end)

test("names its columns in both languages", function()
  expect(play().reports[1].columns).to_be {
    { key = "source", heading = "来源 Source" }, { key = "what", heading = "结果 What" },
    { key = "count", heading = "数量 Count" },
  }
end)

-- What holds in any world.

local harmless = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

-- Something happens to some of what is there.
local function stir()
  local acts = { "agree", "refuse", "ship", "pay", "confirm_return", "cancel", "confirm_receipt" }
  local all = marketplace()
  for _, group in ipairs { all.refunds, all.orders, all.alibaba_refunds, all.alibaba_orders } do
    for _, subject in ipairs(group) do
      if math.random(3) == 1 then pcall(happens, subject.id, acts[math.random(#acts)]) end
    end
  end
end

-- The state of every refund and order.
local function states()
  local found, all = {}, marketplace()
  for _, group in ipairs { all.refunds, all.orders, all.alibaba_refunds, all.alibaba_orders } do
    for _, subject in ipairs(group) do found[subject.id] = subject.state end
  end
  return found
end

local function strange_of(world)
  local strange = {}
  for _, group in ipairs { "refunds", "orders", "alibaba_refunds", "alibaba_orders" } do
    for index, id in ipairs(world[group]) do strange[id] = world.given[group][index].shows ~= nil end
  end
  return strange
end

local function changes_of(run)
  local changes = {}
  for _, row in ipairs(run.reports and run.reports[2] and run.reports[2].rows or {}) do
    changes[#changes + 1] = row.id .. " " .. row.event .. " " .. row.change
  end
  return changes
end

worlds("takes stock, then raises every change of state, and what did not change never", function(world)
  local first = play()
  expect(changes_of(first)).to_be_empty()
  local before = states()
  advance "10m"
  stir()
  local stirred = states()
  local run = play()
  local after = states()
  expect(effects).to_be_empty()
  if not harmless[world.faults] then return end
  local strange = strange_of(world)
  for id, state in pairs(after) do
    local about = run.about[id]
    local is_raised = about ~= nil and about.reason == raised
    -- What went on while it looked may be seen or not.
    if stirred[id] == state and not strange[id] then expect(is_raised).to_be(before[id] ~= state) end
  end
end)

worlds("raises no change twice, and nothing where nothing happens", function(world)
  play()
  local seen = {}
  advance "10m"
  stir()
  for _, change in ipairs(changes_of(play())) do seen[change] = true end
  local before = states()
  local run = play()
  for _, change in ipairs(changes_of(run)) do expect(seen[change]).to_be(nil) end
  expect(effects).to_be_empty()
  if not harmless[world.faults] then return end
  local after = states()
  for _, row in ipairs(run.reports[2] and run.reports[2].rows or {}) do
    expect(after[row.id]).never.to_be(before[row.id])
  end
end)
