-- 退款对账的测试。Money is compared to the fen, and every difference has a name.

local function refunded(amount) return { state = "refunded", age = "9d", amount = amount or "41 CNY" } end

local function bill(id, amount) return { { id = id, amount = amount } } end

test("settles what came in as it was paid", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local id = ids.refunds.one
  local run = play { params = { bills = bill(id, "41 CNY") } }
  expect(run.status).to_be "succeeded"
  expect(run.about[id]).to_match { decision = "kept", reason = "it is settled" }
  expect(run.result).to_be { settled = 1, on_its_way = 0, exceptions = 0 }
  expect(play().about[id]).to_match { decision = "kept", reason = "it was settled before" }
  expect(effects).to_be_empty()
end)

test("hands over %s: %s", {
  { "40.99 CNY", "only a part came in" },
  { "41.01 CNY", "more came in than was paid" },
  { "5.70 USD", "another currency came in" },
}, function(amount, reason)
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local run = play { params = { bills = bill(ids.refunds.one, amount) } }
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
  expect(run.result.exceptions).to_be(1)
end)

test("lets pass what is within the tolerance", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local run = play { params = { bills = bill(ids.refunds.one, "40.99 CNY"), tolerance = "0.01 CNY" } }
  expect(run.about[ids.refunds.one].reason).to_be "it is settled"
end)

test("adds up several payments of one refund", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local id = ids.refunds.one
  local run = play { params = { bills = { { id = id, amount = "40 CNY" }, { id = id, amount = "1 CNY" } } } }
  expect(run.about[id].reason).to_be "it is settled"
end)

test("waits for money, and then misses it", function()
  local ids = given { refunds = { one = refunded() } }
  local id = ids.refunds.one
  expect(play().about[id]).to_match { decision = "kept", reason = "its money may be on its way" }
  advance "2d"
  expect(play().about[id].decision).to_be "kept"
  advance "25h"
  expect(play().about[id]).to_match { decision = "handed_over", reason = "its money has not come in" }
  expect(play { params = { bills = bill(id, "41 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("compares what was paid with what was asked for", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "2d", left = "1h", amount = "30 CNY" } } }
  local id = ids.refunds.one
  expect(play().about[id]).to_match { decision = "kept", reason = "it goes on" }
  advance "2h"
  expect(play { params = { bills = bill(id, "30 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("tells of money for what is %s", {
  { "closed", { state = "closed", age = "9d" }, "it is closed, and money came in" },
  { "going on", { state = "refused", age = "2d", left = "2d" }, "it goes on, and money came in" },
}, function(_, refund, reason)
  local ids = given { refunds = { one = refund } }
  local run = play { params = { bills = bill(ids.refunds.one, "10 CNY") } }
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
end)

test("settles refunds of 1688", function()
  local ids = given { alibaba_refunds = { one = { seller = "prompt", amount = "72 CNY" } } }
  local id = ids.alibaba_refunds.one
  expect(play().about[id].reason).to_be "it goes on"
  advance "13h"
  expect(play { params = { bills = bill(id, "72 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("goes on where a bill names no refund that exists", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local bills = { { id = "119999999999", amount = "1 CNY" }, { id = ids.refunds.one, amount = "41 CNY" } }
  local run = play { params = { bills = bills } }
  expect(run.tally.failed).to_be(1)
  expect(run.about[ids.refunds.one].reason).to_be "it is settled"
end)

test("reads the same where the marketplace's numbers are texts", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  faults "flip-scalars"
  local run = play { params = { bills = bill(ids.refunds.one, "41 CNY") } }
  expect(run.about[ids.refunds.one].reason).to_be "it is settled"
end)

test("forgets in a plan, and writes nothing", function()
  local ids = given { refunds = { one = refunded() } }
  expect(play { mode = "plan" }.status).to_be "succeeded"
  advance "4d"
  expect(play().about[ids.refunds.one].decision).to_be "kept"
  expect(effects).to_be_empty()
end)

test("says that there is nothing to settle", function()
  local run = play()
  expect(run.result).to_be { settled = 0, on_its_way = 0, exceptions = 0 }
  expect(#run.reports).to_be(3)
end)
