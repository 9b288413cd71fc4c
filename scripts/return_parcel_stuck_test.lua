-- 退货包裹停滞的测试。Where a parcel is comes from the sheet; tests begin on 1 November 2026 at 08:00 in Shanghai.

local function returning(left) return { state = "waiting_receipt", age = "9d", left = left or "6d" } end

local function row(id, what, at) return { id = id, what = what, at = at or "2026-10-28 12:00:00" } end

test("tells the seller of a parcel that was signed for, with its waybill", function()
  local ids = given { refunds = { one = returning() } }
  local id = ids.refunds.one
  local run = play { params = { parcels = { row(id, "已签收") } } }
  expect(run.status).to_be "succeeded"
  expect(run.about[id]).to_match { decision = "done", reason = "signed for, and not confirmed" }
  expect(effects()[1]).to_match { "taobao.refunds.sendMessage", refundId = id }
  expect(effects()[1].refundMessage).to_contain "2026-10-28 12:00"
end)

test("tells it once a day, and three times in all", function()
  local ids = given { refunds = { one = returning "9d" } }
  local params = { parcels = { row(ids.refunds.one, "已签收") } }
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
  for _ = 1, 4 do
    advance "24h"
    play { params = params }
  end
  expect(#effects()).to_be(3)
end)

test("gives the seller time to confirm", function()
  local ids = given { refunds = { one = returning() } }
  local run = play { params = { parcels = { row(ids.refunds.one, "已签收", "2026-10-31 12:00:00") } } }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "the seller has time to confirm" }
end)

test("waits for what silence grants soon", function()
  local ids = given { refunds = { one = returning "30h" } }
  local run = play { params = { parcels = { row(ids.refunds.one, "已签收") } } }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "silence grants it soon" }
  expect(effects).to_be_empty()
end)

test("hands over a parcel that is %s", {
  { "丢失", "the parcel is lost: claim the insurance" },
  { "退回", "the parcel comes back to us" },
  { "异常", "the parcel is held: ask the carrier" },
}, function(what, reason)
  local ids = given { refunds = { one = returning() } }
  local run = play { params = { parcels = { row(ids.refunds.one, what, "2026-10-31 12:00:00") } } }
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
  expect(effects).to_be_empty()
end)

test("hands over a parcel that does not move", function()
  local ids = given { refunds = { still = returning(), moving = returning() } }
  local still, moving = ids.refunds.still, ids.refunds.moving
  local run = play { params = {
    parcels = { row(still, "运输中", "2026-10-26 12:00:00"), row(moving, "运输中", "2026-10-30 12:00:00") },
  } }
  expect(run.about[still]).to_match { decision = "handed_over", reason = "the parcel does not move: ask the carrier" }
  expect(run.about[moving]).to_match { decision = "kept", reason = "it is on its way" }
end)

test("takes the newest row of a parcel", function()
  local ids = given { refunds = { one = returning() } }
  local id = ids.refunds.one
  local parcels = { row(id, "已签收", "2026-10-31 12:00:00"), row(id, "运输中", "2026-10-20 12:00:00") }
  expect(play { params = { parcels = parcels } }.about[id].reason).to_be "the seller has time to confirm"
end)

test("counts from when it first saw a parcel that is on no sheet", function()
  local ids = given { refunds = { one = returning "9d" } }
  local id = ids.refunds.one
  expect(play().about[id].decision).to_be "kept"
  advance "121h"
  expect(play().about[id]).to_match { decision = "handed_over", reason = "nobody knows where the parcel is" }
end)

test("leaves alone what is %s", {
  { "agreed", { state = "waiting_return", age = "2d", left = "3d" } },
  { "refused", { state = "refused", age = "2d", left = "3d" } },
  { "paid back", { state = "refunded", age = "9d" } },
}, function(_, refund)
  local ids = given { refunds = { one = refund } }
  expect(play { params = { parcels = { row(ids.refunds.one, "已签收") } } }.tally).to_match { done = 0, handed_over = 0 }
end)

test("believes the order, not the list", function()
  local ids = given { refunds = { one = returning "1h" } }
  advance "61m"
  faults "stale-list"
  local run = play { params = { parcels = { row(ids.refunds.one, "丢失") } } }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "it is not on its way back" }
end)

test("stops at its limit", function()
  local ids = given { refunds = { returning(), returning() } }
  local rows = { row(ids.refunds[1], "已签收"), row(ids.refunds[2], "已签收") }
  expect(play { params = { parcels = rows, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
end)

test("tells it once where the answer is lost", function()
  local ids = given { refunds = { one = returning() } }
  local params = { parcels = { row(ids.refunds.one, "已签收") } }
  faults "reset-after@taobao.refunds.sendMessage:1"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = returning() } }
  hold(ids.refunds.held)
  play { params = { parcels = { row(ids.refunds.held, "已签收") } } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { refunds = { one = returning() } }
  local run = play { mode = "plan", params = { parcels = { row(ids.refunds.one, "已签收") } } }
  expect(run.about[ids.refunds.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)

-- Two refunds of one order of 1688: one whose parcel is on its way, and one as `other` says.
local function on_1688(other)
  other.order, other.line = "two", 1
  local ids = given {
    alibaba_orders = {
      two = { state = "waiting_receipt", age = "20d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } },
    },
    alibaba_refunds = {
      other = other,
      sent = { order = "two", line = 2, state = "waiting_receipt", kind = "return", age = "9d", left = "6d" },
    },
  }
  return ids.alibaba_refunds.other, ids.alibaba_refunds.sent
end

test("leaves it to a person to write on 1688", function()
  local _, sent = on_1688 { state = "closed", age = "9d" }
  local run = play { params = { parcels = { row(sent, "已签收") } } }
  expect(run.about[sent]).to_match {
    decision = "handed_over", reason = "signed for, not confirmed: on 1688 a person writes",
  }
  expect(effects).to_be_empty()
end)

test("leaves to a person what was signed for and names no deadline", function()
  local other, sent = on_1688 { state = "closed", age = "9d", shows = "waitsellerreceive" }
  local run = play { params = { parcels = { row(other, "已签收"), row(sent, "运输中", "2026-10-31 12:00:00") } } }
  expect(run.about[other]).to_match {
    decision = "handed_over", reason = "signed for, and its deadline is unreadable",
  }
  expect(run.about[sent].reason).to_be "it is on its way"
end)

test("does not count a row of the future as standing still", function()
  local ids = given { refunds = { one = returning() } }
  local run = play { params = { parcels = { row(ids.refunds.one, "已签收", "2026-11-02 12:00:00") } } }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "the seller has time to confirm" }
end)

test("writes nothing at night, and writes in the morning", function()
  local ids = given { refunds = { one = returning "9d" } }
  local params = { parcels = { row(ids.refunds.one, "已签收") } }
  advance "15h"
  local run = play { params = params, stay = false }
  expect(effects).to_be_empty()
  expect(resume(run).status).to_be "succeeded"
  expect(#effects()).to_be(1)
end)

test("writes nothing about a status that is new", function()
  local ids = given { refunds = { one = returning() } }
  change(ids.refunds.one, { shows = "95" })
  local run = play { params = { parcels = { row(ids.refunds.one, "已签收") } } }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "it is not on its way back" }
  expect(effects).to_be_empty()
end)

test("keeps to what the marketplace takes, however long the text is", function()
  local ids = given { refunds = { one = returning() } }
  play { params = { text = ("请确认收货"):rep(40) .. "{waybill}", parcels = { row(ids.refunds.one, "已签收") } } }
  expect(#effects()).to_be(1)
  expect(#effects()[1].refundMessage <= 400).to_be(true)
end)

test("hears of a seller who refuses the parcel that was signed for", function()
  local ids = given { refunds = { one = returning() } }
  local id = ids.refunds.one
  play { params = { parcels = { row(id, "已签收") } } }
  happens(id, "refuse_return")
  expect(play { params = { parcels = { row(id, "已签收") } } }.about[id]).to_be(nil)
  local run = play { playbook = "refused_refunds.lua" }
  expect(run.about[id].decision).to_be "handed_over"
  expect(#effects()).to_be(1)
end)

test("names its columns in both languages", function()
  expect(play().reports[1].columns[2]).to_be { key = "waybill", heading = "运单号 Waybill" }
end)

-- What holds in any world.

local day, hour = 24 * 3600000, 3600000

local function at_clock(instant) return os.date("!%Y-%m-%d %H:%M:%S", instant // 1000 + 8 * 3600) end

-- Where some of the return parcels are, drawn at random; when each was signed for, by its refund.
local function sheet_of()
  local rows, signed, all = {}, {}, marketplace()
  local words = { "运输中", "已签收", "已签收", "已签收", "丢失", "退回", "异常" }
  for _, group in ipairs { all.refunds, all.alibaba_refunds } do
    for _, refund in ipairs(group) do
      if math.random(5) > 1 then
        local what, at = words[math.random(#words)], now() - math.random(0, 12 * 24) * hour
        rows[#rows + 1] = { id = refund.id, what = what, at = at_clock(at) }
        if what == "已签收" then signed[refund.id] = at // 1000 * 1000 end
      end
    end
  end
  return #rows > 0 and rows or nil, signed
end

worlds("tells a seller of what was signed for and lingers, by day, once a day, three times in all", function(world)
  local facts = {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  local rows, signed = sheet_of()
  local confirm, wait, limit = math.random(12, 96) * hour, math.random(0, 96) * hour, math.random(1, 2)
  local params = { parcels = rows, confirm_within = confirm, wait_below = wait, limit = limit }
  for _ = 1, 3 do
    local before = #effects()
    play { params = params }
    expect(#effects() - before <= limit).to_be(true)
    advance(math.random(2, 20) * hour)
  end
  local last, times = {}, {}
  for _, write in ipairs(history()) do
    local refund = write.before
    expect(write.operation).to_be "taobao.refunds.sendMessage"
    expect(refund.state).to_be "waiting_receipt"
    expect(facts[refund.id].shows).to_be(nil)
    expect(write.arguments.refundMessage:find(refund.waybill, 1, true) ~= nil).to_be(true)
    expect(write.at - signed[refund.id] >= confirm).to_be(true)
    -- What is decided at night is written up to ten hours later.
    expect(refund.time_left > wait - 10 * hour).to_be(true)
    expect(last[refund.id] == nil or write.at - last[refund.id] >= day).to_be(true)
    last[refund.id], times[refund.id] = write.at, (times[refund.id] or 0) + 1
    expect(times[refund.id] <= 3).to_be(true)
    local clock = (write.at // hour + 8) % 24
    expect(clock >= 8 and clock < 22).to_be(true)
  end
end)

worlds("accounts for every parcel that is on its way, once", function(world)
  local on_its_way, all = {}, marketplace()
  for _, group in ipairs { all.refunds, all.alibaba_refunds } do
    for _, refund in ipairs(group) do on_its_way[refund.id] = refund.state == "waiting_receipt" or nil end
  end
  local run = play { params = { parcels = (sheet_of()) }, stay = false }
  local times = {}
  for _, decision in ipairs(run.decisions) do
    times[decision.subject] = (times[decision.subject] or 0) + 1
    expect(times[decision.subject]).to_be(1)
  end
  if world.faults ~= "" then return end
  for id in pairs(on_its_way) do expect(times[id]).to_be(1) end
end)

worlds("plans exactly what it then writes", function(world)
  local params = { parcels = (sheet_of()), limit = math.random(1, 5) }
  local plan = play { mode = "plan", params = params }
  expect(effects).to_be_empty()
  if world.faults ~= "" then return end
  local planned, written = {}, {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  for _, decision in ipairs(play { params = params, stay = false }.decisions) do
    if decision.decision == "done" or decision.decision == "waiting" then written[#written + 1] = decision.subject end
  end
  expect(written).to_be(planned)
end)
