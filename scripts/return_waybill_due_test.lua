-- 退货运单到期提醒的测试。An agreed return that lapses is never paid back: none may do so in silence.

local function agreed(left, amount) return { state = "waiting_return", age = "1d", left = left, amount = amount } end

test("hands over a return with %s left: %s", {
  { "71h", "a return is due, and at most 3d is left" },
  { "20h", "a return is due, and at most 1d is left" },
  { "2h", "a return is due, and at most 6h is left" },
}, function(left, reason)
  local ids = given { refunds = { one = agreed(left) } }
  local run = play()
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
  expect(effects).to_be_empty()
end)

test("gives each threshold a reason of its own as time passes", function()
  local ids = given { refunds = { one = agreed "80h" } }
  local id = ids.refunds.one
  expect(play().about[id]).to_match { decision = "kept", reason = "a return is due, with time to spare" }
  advance "10h"
  expect(play().about[id].reason).to_be "a return is due, and at most 3d is left"
  advance "50h"
  expect(play().about[id].reason).to_be "a return is due, and at most 1d is left"
  advance "16h"
  expect(play().about[id].reason).to_be "a return is due, and at most 6h is left"
end)

test("lists what the warehouse has to send, the most urgent first", function()
  local ids = given { refunds = { later = agreed("6d", "100 CNY"), soon = agreed("5h", "41 CNY") } }
  local rows = play().reports[1].rows
  expect(rows[1]).to_match { refund = ids.refunds.soon, left = "5h left", amount = "41.00 CNY" }
  expect(rows[2].refund).to_be(ids.refunds.later)
  expect(rows[1].address).never.to_be "?"
end)

test("leaves alone what is %s", {
  { "on its way back", { state = "waiting_receipt", age = "2d", left = "2d" } },
  { "filed already", { state = "waiting_return", age = "2d", left = "5h", waybill = true } },
  { "not agreed", { state = "waiting_seller", age = "2d", left = "5h" } },
  { "refused", { state = "refused", age = "2d", left = "5h" } },
  { "closed", { state = "closed", age = "20d" } },
}, function(_, refund)
  given { refunds = { refund } }
  expect(play().tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("asks the seller for time, once a day and three times in all", function()
  local ids = given { refunds = { one = agreed "6d" } }
  local id = ids.refunds.one
  local params = { impossible = { { id = id, what = "延期" } } }
  expect(play { params = params }.about[id].decision).to_be "done"
  expect(play { params = params }.about[id]).to_match { decision = "kept", reason = "it was asked for time today" }
  expect(#effects()).to_be(1)
  for _ = 1, 2 do
    advance "24h"
    play { params = params }
  end
  advance "24h"
  expect(play { params = params }.about[id].reason).to_be "it was asked for time three times"
  expect(#effects()).to_be(3)
  expect(effects()[1]).to_match { "taobao.refunds.sendMessage", refundId = id }
end)

test("hands over in the last hours though time was asked for", function()
  local ids = given { refunds = { one = agreed "5h" } }
  local run = play { params = { impossible = { { id = ids.refunds.one, what = "延期" } } } }
  expect(run.about[ids.refunds.one].decision).to_be "handed_over"
  expect(effects).to_be_empty()
end)

test("cancels what the warehouse's sheet says, and nothing else", function()
  local ids = given { refunds = { bad = agreed("3d", "80 CNY"), good = agreed("3d", "80 CNY") } }
  local params = { impossible = { { id = ids.refunds.bad, what = "撤销" } } }
  expect(play { params = params }.about[ids.refunds.bad].decision).to_be "done"
  play { params = params }
  expect(effects).to_be { { "taobao.refunds.cancel", refundId = ids.refunds.bad } }
end)

test("asks a person before it gives up much", function()
  local ids = given { refunds = { dear = agreed("3d", "900 CNY") } }
  local run = play { params = { impossible = { { id = ids.refunds.dear, what = "撤销" } } } }
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  expect(approve(run).about[ids.refunds.dear].decision).to_be "done"
end)

test("does not cancel what has been sent meanwhile", function()
  local ids = given { refunds = { sent = { state = "waiting_return", age = "1d", left = "3d", waybill = true } } }
  play { params = { impossible = { { id = ids.refunds.sent, what = "撤销" } } } }
  expect(effects).to_be_empty()
end)

test("asks for time where the sheet says both", function()
  local ids = given { refunds = { one = agreed("3d", "80 CNY") } }
  local id = ids.refunds.one
  play { params = { impossible = { { id = id, what = "延期" }, { id = id, what = "撤销" } } } }
  expect(effects()[1][1]).to_be "taobao.refunds.sendMessage"
end)

test("asks in the morning for what it meant to ask at night, and once", function()
  local ids = given { refunds = { one = agreed "6d" } }
  local params = { impossible = { { id = ids.refunds.one, what = "延期" } } }
  advance "15h"
  local run = play { params = params }
  expect(run.about[ids.refunds.one].reason).to_be "it is night: it is asked for time in the morning"
  expect(effects).to_be_empty()
  advance "10h"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("stops at its limit", function()
  local ids = given { refunds = { agreed("3d", "10 CNY"), agreed("3d", "10 CNY") } }
  local rows = {}
  for index, id in ipairs(ids.refunds) do rows[index] = { id = id, what = "撤销" } end
  expect(play { params = { impossible = rows, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
  expect(#effects()).to_be(1)
end)

test("asks once where the answer is lost", function()
  local ids = given { refunds = { one = agreed "6d" } }
  local params = { impossible = { { id = ids.refunds.one, what = "延期" } } }
  faults "reset-after@taobao.refunds.sendMessage:1"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("does not count what a person holds as asked", function()
  local ids = given { refunds = { held = agreed "6d" } }
  local params = { impossible = { { id = ids.refunds.held, what = "延期" } } }
  hold(ids.refunds.held)
  play { params = params }
  expect(play { params = params }.about[ids.refunds.held].reason).to_be "a person holds it"
  expect(effects).to_be_empty()
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = agreed("3d", "80 CNY") } }
  hold(ids.refunds.held)
  play { params = { impossible = { { id = ids.refunds.held, what = "撤销" } } } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { refunds = { one = agreed("3d", "80 CNY") } }
  local run = play { mode = "plan", params = { impossible = { { id = ids.refunds.one, what = "撤销" } } } }
  expect(run.about[ids.refunds.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)

test("looks at a return that the list shows as due, and finds that it is sent", function()
  local ids = given { refunds = { one = { state = "waiting_seller", kind = "return", age = "1d", left = "1h" } } }
  local id = ids.refunds.one
  happens(id, "agree")
  faults "stale-list"
  advance "11m"
  play { playbook = "submit_return_tracking.lua", params = { returns = {
    { id = id, carrier = "顺丰", waybill = "SF1234567890123", phone = "13800000001" },
  } } }
  expect(play().about[id]).to_match { decision = "kept", reason = "no return is due", detail = "waiting_receipt" }
end)

test("hands over a return whose time is over by the clock, though it still waits", function()
  local ids = given { refunds = { one = agreed "1h" } }
  advance "61m"
  faults "stale-list"
  change(ids.refunds.one, { shows = "20" })
  expect(play().about[ids.refunds.one]).to_match {
    decision = "handed_over", reason = "a return was due, and its time is over",
  }
end)

test("cancels nothing whose status is new, and nothing of which the address changed", function()
  local ids = given { refunds = { strange = agreed("3d", "80 CNY"), moved = agreed("3d", "80 CNY") } }
  play()
  change(ids.refunds.strange, { shows = "95" })
  change(ids.refunds.moved, { address = "新疆乌鲁木齐市天山区1号" })
  local run = play { params = { impossible = {
    { id = ids.refunds.strange, what = "撤销" }, { id = ids.refunds.moved, what = "撤销" },
  } } }
  expect(run.about[ids.refunds.strange]).to_match { decision = "kept", reason = "no return is due", detail = "unknown" }
  expect(run.about[ids.refunds.moved].reason).to_be "the return address changed"
  expect(effects).to_be_empty()
end)

test("counts what waits for a person against its limit", function()
  local ids = given { refunds = { agreed("3d", "600 CNY"), agreed("3d", "700 CNY") } }
  local rows = {}
  for index, id in ipairs(ids.refunds) do rows[index] = { id = id, what = "撤销" } end
  local run = play { params = { impossible = rows, limit = 1 } }
  expect(run.tally).to_match { waiting = 1, kept = 1 }
  approve(run)
  expect(#effects()).to_be(1)
end)

test("gives up no more in a run than its header says", function()
  local refunds, rows = {}, {}
  for index = 1, 12 do refunds[index] = agreed("3d", "490 CNY") end
  for index, id in ipairs(given { refunds = refunds }.refunds) do rows[index] = { id = id, what = "撤销" } end
  local run = play { params = { impossible = rows } }
  expect(run.waiting_for).to_be "budget"
  expect(#effects()).to_be(10)
end)

test("names its columns in both languages, and adds up amounts", function()
  local report = play().reports[1]
  expect(report.columns[8]).to_be { key = "address", heading = "地址 Address" }
  expect(report.totals).to_be { "amount" }
end)

test("tells the channel of each once for its reason, and not of what has time", function()
  local ids = given { refunds = { soon = agreed("71h", "30 CNY"), later = agreed "6d" } }
  local params = { channel = "ops" }
  play { params = params }
  play { params = params }
  expect(#notices()).to_be(1)
  expect(notices()[1]).to_match { channel = "ops", title = "Returns to be sent · 待寄回" }
  expect(notices()[1].text).to_be "a return is due, and at most 3d is left: 1"
  expect(#notices()[1].lines).to_be(1)
  expect(notices()[1].lines[1]).to_contain(ids.refunds.soon)
  advance "48h"
  play { params = params }
  expect(#notices()).to_be(2)
  expect(notices()[2].text).to_be "a return is due, and at most 1d is left: 1"
end)

test("tells the channel anew of what had time in between", function()
  local ids = given { refunds = { one = agreed "5h" } }
  for _, left in ipairs { "5h", "4d", "5h" } do
    change(ids.refunds.one, { left = left })
    play { params = { channel = "ops" } }
  end
  expect(#notices()).to_be(2)
end)

test("tells nobody where there is nothing to say, where no channel is named, and in a plan", function()
  given { refunds = { agreed "6d" } }
  play { params = { channel = "ops" } }
  given { refunds = { agreed "5h" } }
  play()
  play { mode = "plan", params = { channel = "ops" } }
  expect(notices).to_be_empty()
end)

test("does not fail where its channel does not exist, and tells it later", function()
  given { refunds = { agreed "5h" } }
  local params = { channel = "nobody" }
  expect(play { params = params, channels = { "ops" } }.status).to_be "succeeded"
  expect(notices).to_be_empty()
  play { params = params }
  expect(#notices()).to_be(1)
end)

test("scenario: address appears then disappears", function()
  local ids = given { refunds = { one = { state = "waiting_seller", kind = "return", age = "1d", left = "4d" } } }
  local id = ids.refunds.one
  local function address() return play().reports[1].rows[1].address end
  -- Before the seller agrees there is none, and nothing to send.
  expect(play().reports[1].rows).to_be_empty()
  happens(id, "agree")
  local first = address()
  expect(first).never.to_be "?"
  -- What vanishes is remembered: the warehouse still knows where to send it, and nobody is alarmed.
  change(id, { address = false })
  expect(address()).to_be(first)
  expect(play().about[id].decision).to_be "kept"
  -- What comes back as another one is a person's.
  change(id, { address = "新疆乌鲁木齐市天山区1号" })
  expect(play().about[id]).to_match {
    decision = "handed_over", reason = "the return address changed", detail = "detailAddress",
  }
  expect(address()).to_be(first)
  change(id, { address = true })
  expect(play().about[id].decision).to_be "kept"
  expect(effects).to_be_empty()
end)

-- What holds in any world.

local day, hour = 24 * 3600000, 3600000

local function answered(run)
  if run.waiting_for ~= "approval" then return run end
  return math.random(2) == 1 and approve(run) or reject(run)
end

-- What the warehouse cannot send, drawn at random, by refund.
local function wishes_of(world)
  local rows, wishes = {}, {}
  for _, id in ipairs(world.refunds) do
    if math.random(3) > 1 then
      rows[#rows + 1] = { id = id, what = ({ "延期", "撤销" })[math.random(2)] }
      wishes[id] = rows[#rows].what
    end
  end
  return #rows > 0 and rows or nil, wishes
end

worlds("asks for time and cancels as the sheet says, only what waits for its return and was not sent", function(world)
  local facts = {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  local rows, wishes = wishes_of(world)
  local limit = math.random(1, 3)
  for _ = 1, 3 do
    local before = #effects()
    answered(play { params = { impossible = rows, limit = limit } })
    expect(#effects() - before <= limit).to_be(true)
    advance(math.random(1, 26) * hour)
  end
  local last, times, cancelled = {}, {}, {}
  for _, write in ipairs(history()) do
    local refund, is_message = write.before, write.operation == "taobao.refunds.sendMessage"
    expect(is_message or write.operation == "taobao.refunds.cancel").to_be(true)
    expect(refund.state).to_be "waiting_return"
    expect(refund.waybill).to_be(nil)
    expect(facts[refund.id].shows).to_be(nil)
    expect(wishes[refund.id]).to_be(is_message and "延期" or "撤销")
    expect(cancelled[refund.id]).to_be(nil)
    if is_message then
      expect(refund.time_left > 6 * hour).to_be(true)
      expect(last[refund.id] == nil or write.at - last[refund.id] >= day).to_be(true)
      last[refund.id], times[refund.id] = write.at, (times[refund.id] or 0) + 1
      expect(times[refund.id] <= 3).to_be(true)
    else
      cancelled[refund.id] = true
    end
    local clock = (write.at // hour + 8) % 24
    expect(clock >= 8 and clock < 22).to_be(true)
  end
end)

worlds("lists every return that is due once, the most urgent first, and hands over what runs out", function(world)
  local facts, due = {}, {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  for _, refund in ipairs(marketplace().refunds) do
    local is_due = refund.state == "waiting_return" and not refund.waybill and not facts[refund.id].shows
    if is_due then due[#due + 1] = refund end
  end
  local run = play { params = { channel = "ops" } }
  expect(effects).to_be_empty()
  expect(#notices() <= 1 or notices()[2].repeated).to_be(true)
  if world.faults ~= "" then return end
  expect(run.result.due).to_be(#due)
  local last = math.mininteger
  for _, row in ipairs(run.reports[1].rows) do
    expect(look(row.refund).time_left >= last).to_be(true)
    last = look(row.refund).time_left
  end
  for _, refund in ipairs(due) do
    expect(run.about[refund.id].decision).to_be(refund.time_left <= 72 * hour and "handed_over" or "kept")
  end
end)

worlds("plans exactly what it then writes", function(world)
  local params = { impossible = (wishes_of(world)), limit = math.random(1, 5) }
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
