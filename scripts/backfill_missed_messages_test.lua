-- 补漏消息的测试。No callback ever comes here: all that changes has to be found by asking.

local function world()
  return given {
    refunds = {
      open = { state = "waiting_seller", age = "1d", left = "1d" },
      agreed = { state = "waiting_return", age = "2d", left = "3d" },
      over = { state = "closed", age = "5d" },
    },
    orders = { unpaid = { state = "waiting_payment", age = "10m" }, shipped = { state = "waiting_receipt", age = "2d" } },
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
