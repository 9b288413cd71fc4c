-- 撤销超期逆向单的测试。What is cancelled is never paid back: most of these are about what is left alone.

test("cancels what stayed open for too long", function()
  local ids = given { refunds = {
    waiting = { state = "waiting_seller", age = "9d", left = "3d", amount = "120 CNY" },
    agreed = { state = "waiting_return", age = "8d", left = "2d", amount = "80 CNY" },
    refused = { state = "refused", age = "8d", left = "2d", amount = "50 CNY" },
  } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.tally).to_match { done = 3, failed = 0 }
  for _, id in pairs(ids.refunds) do
    expect(effects).to_contain { "taobao.refunds.cancel", refundId = id }
  end
end)

test("leaves alone what is %s", {
  { "fresh", { state = "waiting_seller", age = "2d", left = "1d" } },
  { "on its way back", { state = "waiting_receipt", age = "9d", left = "3d" } },
  { "refused, with a parcel", { state = "refused", age = "9d", left = "3d", waybill = true } },
  { "granted soon by silence", { state = "waiting_seller", age = "9d", left = "3h" } },
  { "paid back already", { state = "refunded", age = "20d" } },
  { "closed already", { state = "closed", age = "20d" } },
}, function(_, refund)
  given { refunds = { refund } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("stops at its limit and leaves the rest for the next run", function()
  local refunds = {}
  for index = 1, 5 do refunds[index] = { state = "waiting_seller", age = "9d", left = "3d", amount = "10 CNY" } end
  given { refunds = refunds }
  local run = play { params = { limit = 2 } }
  expect(run.tally).to_match { done = 2, kept = 3 }
  expect(#effects()).to_be(2)
  run = play()
  expect(run.tally.done).to_be(3)
end)

test("gives up no more money than it may", function()
  given { refunds = {
    { state = "waiting_seller", age = "9d", left = "3d", amount = "300 CNY" },
    { state = "waiting_seller", age = "9d", left = "3d", amount = "300 CNY" },
  } }
  local run = play { params = { max_amount = "500 CNY" } }
  expect(run.tally).to_match { done = 1, kept = 1 }
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = { state = "waiting_seller", age = "9d", left = "3d" } } }
  hold(ids.refunds.held)
  local run = play()
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("asks a person before it gives up much", function()
  local ids = given { refunds = { dear = { state = "waiting_seller", age = "9d", left = "4d", amount = "1200 CNY" } } }
  local run = play()
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  expect(approve(run).about[ids.refunds.dear].decision).to_be "done"
  expect(effects).to_be { { "taobao.refunds.cancel", refundId = ids.refunds.dear } }
end)

test("gives up nothing that a person refuses", function()
  given { refunds = { { state = "waiting_seller", age = "9d", left = "4d", amount = "1200 CNY" } } }
  reject(play())
  expect(effects).to_be_empty()
end)

test("cancels once where the answer is lost", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "9d", left = "3d" } } }
  faults "reset-after@taobao.refunds.cancel:1"
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.one].decision).to_be "done"
  expect(#effects()).to_be(1)
end)

test("only says what it would do in a plan", function()
  given { refunds = { { state = "waiting_seller", age = "9d", left = "3d" } } }
  local run = play { mode = "plan" }
  expect(run.decisions[1].decision).to_be "planned"
  expect(effects).to_be_empty()
end)

test("leaves alone what it cannot count: %s", {
  { "another currency", { currency = "USD" }, "its amount is unreadable, or of another currency" },
  { "a status that is new", { shows = "95" }, "its status is new to us" },
}, function(_, facts, reason)
  local ids = given { refunds = { odd = { state = "waiting_return", age = "9d", left = "3d" } } }
  change(ids.refunds.odd, facts)
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.odd]).to_match { decision = "kept", reason = reason }
  expect(effects).to_be_empty()
end)

test("counts what waits for a person against its limit", function()
  given { refunds = {
    { state = "waiting_return", age = "9d", left = "3d", amount = "1200 CNY" },
    { state = "waiting_return", age = "9d", left = "3d", amount = "1300 CNY" },
  } }
  local run = play { params = { limit = 1 } }
  expect(run.tally).to_match { waiting = 1, kept = 1 }
  approve(run)
  expect(#effects()).to_be(1)
end)

test("asks again where the amount changed while a person thought it over", function()
  local ids = given { refunds = { dear = { state = "refused", age = "9d", left = "4d", amount = "1200 CNY" } } }
  local run = play()
  change(ids.refunds.dear, { amount = "1500 CNY" })
  run = approve(run)
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  approve(run)
  expect(effects).to_be { { "taobao.refunds.cancel", refundId = ids.refunds.dear } }
end)

test("asks again where the seller agreed while a person thought it over", function()
  local ids = given { refunds = {
    dear = { state = "waiting_seller", kind = "return", age = "9d", left = "4d", amount = "1200 CNY" },
  } }
  local run = play()
  happens(ids.refunds.dear, "agree")
  run = approve(run)
  expect(run.waiting_for).to_be "approval"
  reject(run)
  expect(look(ids.refunds.dear).state).to_be "waiting_return"
  expect(effects).to_be_empty()
end)

test("gives up no more in a day than its header says", function()
  local refunds = {}
  for index = 1, 60 do refunds[index] = { state = "refused", age = "9d", left = "4d", amount = "990 CNY" } end
  given { refunds = refunds }
  local run = play { params = { max_amount = "90000 CNY" } }
  expect(run.waiting_for).to_be "budget"
  expect(#effects()).to_be(50)
end)

test("scenario: cancel times out but succeeded", function()
  local ids = given { refunds = {
    lost = { state = "waiting_seller", age = "9d", left = "3d" },
    late = { state = "refused", age = "9d", left = "3d" },
  } }
  -- One answer never comes, another request arrives twenty seconds after it was given up.
  faults "reset-after@taobao.refunds.cancel:nth-1,late=20s@taobao.refunds.cancel:nth-2"
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.tally).to_match { done = 2, failed = 0 }
  for _, id in pairs(ids.refunds) do
    expect(look(id).state).to_be "closed"
    expect(run.about[id]).to_match { decision = "done", reason = "open for too long" }
  end
  -- It was read, not sent again: cancelling twice may burn an attempt.
  expect(#effects()).to_be(2)
end)

test("scenario: unknown status 90", function()
  local ids = given { refunds = {
    paying = { state = "refunding", age = "9d", left = "9m" },
    strange = { state = "waiting_seller", age = "9d", left = "3d", shows = "95" },
    plain = { state = "waiting_seller", age = "9d", left = "3d" },
  } }
  local run = play()
  -- 90 is money on its way; what 95 means nobody knows. Neither is given up.
  expect(run.about[ids.refunds.paying]).to_match {
    decision = "kept", reason = "its state does not allow it", detail = "refunding",
  }
  expect(run.about[ids.refunds.strange]).to_match {
    decision = "kept", reason = "its status is new to us", detail = "95",
  }
  expect(effects()).to_be { { "taobao.refunds.cancel", refundId = ids.refunds.plain } }
  -- Once it shows what it is, it is dealt with as that.
  change(ids.refunds.strange, { shows = "" })
  expect(play().about[ids.refunds.strange].decision).to_be "done"
  expect(look(ids.refunds.strange).state).to_be "closed"
  advance "10m"
  expect(look(ids.refunds.paying).state).to_be "refunded"
end)

test("scenario: list stale vs query", function()
  local ids = given { refunds = {
    agreed = { state = "waiting_seller", age = "9d", left = "30h", kind = "return" },
    same = { state = "waiting_seller", age = "9d", left = "4d" },
  } }
  local agreed = ids.refunds.agreed
  faults "stale-list=2h"
  happens(agreed, "agree")
  play { playbook = "submit_return_tracking.lua", params = { returns = {
    { id = agreed, carrier = "中通", waybill = "ZT1234567890123", phone = "13800000001" },
  } } }
  -- The list still says that it waits for its seller; the goods are on their way.
  local run = play()
  expect(run.about[agreed]).to_match {
    decision = "kept", reason = "its state does not allow it", detail = "waiting_receipt",
  }
  expect(look(agreed).state).to_be "waiting_receipt"
  expect(run.about[ids.refunds.same].decision).to_be "done"
end)

-- What holds in any world.

-- A person answers what a run asks, now yes and now no.
local function answered(run)
  if run.waiting_for ~= "approval" then return run end
  return math.random(2) == 1 and approve(run) or reject(run)
end

-- What was given of each refund: what answers show of it `look` does not say.
local function facts_of(world)
  local facts = {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  return facts
end

-- Something happens to some of them, which lists that lag do not show yet.
local function stir(world)
  for _, id in ipairs(world.refunds) do
    if math.random(3) == 1 then pcall(happens, id, ({ "agree", "refuse", "window_ends" })[math.random(3)]) end
  end
end

-- Where every request is answered with the truth, whatever lists say, nothing may even be tried in vain.
local honest = { [""] = true, ["stale-list=20m"] = true, ["integer-ids"] = true, ["duplicate-rows"] = true }

local hour = 3600000

worlds("cancels only what is stale, may be cancelled and cannot end well, each once and within its limits",
  function(world)
    local stale, favourable = math.random(1, 12) * 24 * hour, math.random(0, 72) * hour
    local limit, fen = math.random(0, 6), math.random(0, 5) * math.random(0, 60000)
    stir(world)
    local facts, began = facts_of(world), now()
    local run = play { params = {
      stale_after = stale, favourable = favourable, limit = limit, max_amount = fen .. " fen",
    } }
    if honest[world.faults] then expect(run.tally.failed).to_be(0) end
    answered(run)
    local may = { waiting_seller = true, waiting_return = true, refused = true }
    local seen, given_up = {}, 0
    for _, write in ipairs(history()) do
      local refund = write.before
      expect(write.operation).to_be "taobao.refunds.cancel"
      expect(may[refund.state]).to_be(true)
      expect(refund.waybill).to_be(nil)
      expect(refund.applied_at <= began - stale).to_be(true)
      expect(refund.state ~= "waiting_seller" or refund.time_left > favourable).to_be(true)
      expect(facts[refund.id].shows).to_be(nil)
      expect(facts[refund.id].currency).to_be(nil)
      expect(write.after.state).to_be "closed"
      expect(seen[refund.id]).to_be(nil)
      seen[refund.id], given_up = true, given_up + refund.fen
    end
    expect(#history() <= limit).to_be(true)
    expect(given_up <= fen).to_be(true)
  end)

worlds("cancels nothing twice in two runs, and nothing new right after a run that failed in nothing", function(world)
  answered(play())
  local once = #effects()
  local run = play()
  local seen = {}
  for _, write in ipairs(history()) do
    expect(seen[write.before.id]).to_be(nil)
    seen[write.before.id] = true
  end
  if world.faults == "" then
    expect(run.tally.done).to_be(0)
    expect(#effects()).to_be(once)
  end
end)

worlds("plans exactly what it then does", function(world)
  local params = { limit = math.random(1, 6), max_amount = math.random(100000, 900000) .. " fen" }
  local plan = play { mode = "plan", params = params }
  expect(effects).to_be_empty()
  if world.faults ~= "" then return end
  local planned = {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  local run = play { params = params }
  if run.waiting_for == "approval" then run = approve(run) end
  local done = {}
  for _, effect in ipairs(effects()) do done[#done + 1] = effect.refundId end
  table.sort(planned)
  table.sort(done)
  expect(done).to_be(planned)
end)
