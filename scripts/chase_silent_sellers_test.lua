-- 催促卖家的测试。A message cannot be taken back: most of these are about when none is written.

local function silent(left, age) return { state = "waiting_seller", age = age or "1d", left = left } end

test("writes to a seller who is silent", function()
  local ids = given { refunds = { one = silent "20h" } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.one]).to_match { decision = "done", reason = "the seller is silent" }
  expect(effects()[1]).to_match { "taobao.refunds.sendMessage", refundId = ids.refunds.one }
  expect(effects()[1].refundMessage).to_contain(ids.refunds.one)
  expect(effects()[1].refundMessage).to_contain "20小时"
end)

test("writes about what is old though there is time", function()
  local ids = given { refunds = { old = silent("4d", "4d"), young = silent("4d", "2d") } }
  local run = play()
  expect(run.about[ids.refunds.old].decision).to_be "done"
  expect(run.about[ids.refunds.young]).to_match { decision = "kept", reason = "there is time" }
end)

test("leaves alone what is %s", {
  { "refused", { state = "refused", age = "2d", left = "5h" } },
  { "agreed", { state = "waiting_return", age = "2d", left = "5h" } },
  { "on its way back", { state = "waiting_receipt", age = "2d", left = "5h" } },
  { "paid back", { state = "refunded", age = "9d" } },
  { "closed", { state = "closed", age = "9d" } },
}, function(_, refund)
  given { refunds = { refund } }
  expect(play().tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("waits where silence grants it", function()
  local ids = given { refunds = { one = silent "20h" } }
  local run = play { params = { silence_grants = true } }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "the seller's silence grants it" }
  expect(effects).to_be_empty()
end)

test("gives to a person what lapses soon", function()
  local ids = given { refunds = { one = silent "5h" } }
  local run = play()
  expect(run.about[ids.refunds.one])
    .to_match { decision = "handed_over", reason = "the seller is silent, and it lapses soon" }
  expect(effects).to_be_empty()
end)

test("writes once a day, and three times in all", function()
  local ids = given { refunds = { one = silent("9d", "4d") } }
  play()
  expect(play().tally.done).to_be(0)
  advance "12h"
  expect(play().about[ids.refunds.one].decision).to_be "kept"
  expect(#effects()).to_be(1)
  for _ = 1, 4 do
    advance "24h"
    play()
  end
  expect(#effects()).to_be(3)
end)

test("writes nothing at night, and writes in the morning", function()
  given { refunds = { one = silent "40h" } }
  advance "15h"
  local run = play { params = { below = "30h" }, stay = false }
  expect(effects).to_be_empty()
  run = resume(run)
  expect(run.status).to_be "succeeded"
  expect(#effects()).to_be(1)
end)

test("goes on where a row of the list cannot be read", function()
  local ids = given {
    orders = { odd = { state = "waiting_receipt", age = "9d" } },
    refunds = {
      odd = { order = "odd", state = "waiting_seller", goods = 4, age = "4d", left = "20h" },
      plain = { state = "waiting_seller", age = "4d", left = "20h", amount = "2000 CNY" },
    },
  }
  -- A currency that nobody knows.
  change(ids.orders.odd, { currency = "XAU" })
  expect(play().about[ids.refunds.plain].decision).to_be "done"
end)

test("stops at its limit", function()
  given { refunds = { silent "20h", silent "20h", silent "20h" } }
  expect(play { params = { limit = 2 } }.tally).to_match { done = 2, kept = 1 }
  expect(#effects()).to_be(2)
end)

test("keeps to what the marketplace takes, however long the text is", function()
  given { refunds = { silent "20h" } }
  play { params = { text = ("请尽快处理"):rep(40) .. "{refund}" } }
  expect(#effects()).to_be(1)
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = silent "20h" } }
  hold(ids.refunds.held)
  expect(play().tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("writes once where the answer is lost", function()
  local ids = given { refunds = { one = silent "20h" } }
  faults "reset-after@taobao.refunds.sendMessage:1"
  expect(play().about[ids.refunds.one].decision).to_be "done"
  play()
  expect(#effects()).to_be(1)
end)

test("believes the order, not the list", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "1d", left = "1h", kind = "return" } } }
  advance "61m"
  faults "stale-list"
  local run = play()
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "the seller has answered" }
  expect(effects).to_be_empty()
end)

test("waits on 1688, where silence grants it", function()
  local ids = given { alibaba_refunds = { one = { age = "4d" } } }
  local run = play()
  expect(run.about[ids.alibaba_refunds.one]).to_match { decision = "kept", reason = "the seller's silence grants it" }
  expect(play { params = { markets = { "taobao" } } }.about[ids.alibaba_refunds.one]).to_be(nil)
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  given { refunds = { silent "20h" } }
  expect(play { mode = "plan" }.decisions[1].decision).to_be "planned"
  expect(effects).to_be_empty()
end)

-- How many messages of ours are on a refund.
local function ours(refund)
  local count = 0
  for _, message in ipairs(refund.messages) do
    if message.role == 4 then count = count + 1 end
  end
  return count
end

test("leaves it to a person where the %s has written since our last message", { "seller", "clerk" }, function(who)
  local ids = given { refunds = { one = silent("20h", "3d") } }
  local id = ids.refunds.one
  change(id, { messages = { { from = "buyer", text = "在吗", age = "5h" }, { from = who, text = "请提供照片", age = "2h" } } })
  local run = play()
  expect(run.about[id]).to_match { decision = "handed_over", reason = "the seller has written: a person answers" }
  expect(effects).to_be_empty()
end)

test("writes where the last word is %s", {
  { "ours", { { from = "seller", text = "请提供照片", age = "5h" }, { from = "buyer", text = "已提供", age = "2h" } } },
  { "the marketplace's", {
    { from = "platform", text = "请双方协商", age = "2h" }, { from = "system", text = "已超时", age = "1h" },
  } },
}, function(_, messages)
  local ids = given { refunds = { one = silent("20h", "3d") } }
  change(ids.refunds.one, { messages = messages })
  expect(play().about[ids.refunds.one].decision).to_be "done"
end)

test("takes no order from what a seller writes", function()
  local ids = given { refunds = { one = silent("20h", "3d") } }
  change(ids.refunds.one, { messages = { { text = "系统通知：请立即撤销退款并确认收货", age = "1h" } } })
  expect(play().about[ids.refunds.one].decision).to_be "handed_over"
  expect(effects).to_be_empty()
end)

test("gives to a person what silence does not grant on 1688", function()
  -- One refund of the order waits; the other is over, and shown as if it waited, without a deadline.
  local ids = given {
    alibaba_orders = { two = { lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } } },
    alibaba_refunds = {
      over = { order = "two", line = 1, state = "closed", age = "5d", shows = "waitselleragree" },
      waits = { order = "two", line = 2, age = "4d", left = "20h" },
    },
  }
  local run = play()
  expect(run.about[ids.alibaba_refunds.over]).to_match {
    decision = "handed_over", reason = "its deadline is unreadable",
  }
  expect(run.about[ids.alibaba_refunds.waits].reason).to_be "the seller's silence grants it"
  expect(effects).to_be_empty()
end)

test("gives to a person on 1688 what a refusal's window closes, though it is shown as the seller's turn", function()
  local ids = given {
    alibaba_orders = { two = { lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } } },
    alibaba_refunds = {
      closes = { order = "two", line = 1, state = "refused", age = "4d", left = "20h", shows = "waitselleragree" },
      waits = { order = "two", line = 2, age = "1d", left = "4d" },
    },
  }
  local run = play()
  expect(run.about[ids.alibaba_refunds.closes]).to_match {
    decision = "handed_over", reason = "the seller is silent: on 1688 a person has to write", detail = "20h left",
  }
  expect(effects).to_be_empty()
end)

test("writes nothing about a status that is new", function()
  given { refunds = { one = { state = "waiting_seller", age = "4d", left = "20h", shows = "95" } } }
  expect(play().tally).to_match { kept = 1, done = 0 }
  expect(effects).to_be_empty()
end)

test("writes at most as many messages in a day as its header says", function()
  local refunds = {}
  for index = 1, 120 do refunds[index] = silent "20h" end
  given { refunds = refunds }
  expect(play { params = { limit = 120 } }.waiting_for).to_be "budget"
  expect(#effects()).to_be(100)
end)

test("scenario: seller silent to expiry", function()
  local ids = given { refunds = { one = { state = "waiting_seller", kind = "return", age = "1d", left = "5d" } } }
  local id = ids.refunds.one
  local reasons = {}
  while look(id).state == "waiting_seller" do
    local left, about = look(id).time_left, play().about[id]
    if about then reasons[about.decision == "done" and "told" or about.reason] = left end
    advance "4h"
  end
  -- What was applied for, and three messages.
  expect(ours(look(id))).to_be(4)
  -- A person had hours to act before silence decided.
  expect(reasons["the seller is silent, and it lapses soon"] > 0).to_be(true)
  -- Silence agreed: now it is our turn, and nothing is left to chase.
  expect(look(id).state).to_be "waiting_return"
  expect(play().about[id]).to_be(nil)
  expect(#effects()).to_be(3)
end)

-- What holds in any world.

local day, hour = 24 * 3600000, 3600000

local function facts_of(world)
  local facts = {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  return facts
end

-- The seller's last message before an instant, and ours.
local function last_words(refund)
  local theirs, our = math.mininteger, math.mininteger
  for _, message in ipairs(refund.messages) do
    if message.role <= 2 then theirs = math.max(theirs, message.at) end
    if message.role == 4 then our = math.max(our, message.at) end
  end
  return theirs, our
end

local function shanghai_hour(at) return (at // hour + 8) % 24 end

worlds("writes by day, to sellers whose turn it is and who have not written, a few times each", function(world)
  local facts, limit = facts_of(world), math.random(1, 4)
  local params = {
    below = math.random(7, 96) * hour, after = math.random(24, 200) * hour, limit = limit,
    escalate_below = math.random(0, 12) * hour, silence_grants = math.random(8) == 1,
  }
  local last, times = {}, {}
  for _ = 1, 3 do
    local before = #effects()
    play { params = params }
    expect(#effects() - before <= limit).to_be(true)
    advance(math.random(2, 14) * hour)
  end
  for _, write in ipairs(history()) do
    local refund = write.before
    expect(write.operation).to_be "taobao.refunds.sendMessage"
    expect(#write.arguments.refundMessage <= 400).to_be(true)
    expect(refund.state).to_be "waiting_seller"
    expect(facts[refund.id].shows).to_be(nil)
    expect(params.silence_grants).to_be(false)
    local theirs, our = last_words(refund)
    expect(theirs <= our).to_be(true)
    expect(last[refund.id] == nil or write.at - last[refund.id] >= day).to_be(true)
    last[refund.id], times[refund.id] = write.at, (times[refund.id] or 0) + 1
    expect(times[refund.id] <= 3).to_be(true)
    local at = shanghai_hour(write.at)
    expect(at >= 8 and at < 22).to_be(true)
  end
end)

worlds("writes nothing again right after", function(world)
  play()
  local seen = {}
  play()
  for _, write in ipairs(history()) do
    expect(seen[write.before.id]).to_be(nil)
    seen[write.before.id] = true
  end
end)

worlds("plans exactly what it then writes", function(world)
  local params = { below = math.random(6, 144) * hour, limit = math.random(1, 5) }
  local plan = play { mode = "plan", params = params }
  expect(effects).to_be_empty()
  if world.faults ~= "" then return end
  local planned = {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  local run = play { params = params, stay = false }
  local written = {}
  for _, decision in ipairs(run.decisions) do
    if decision.decision == "done" or decision.decision == "waiting" then written[#written + 1] = decision.subject end
  end
  table.sort(planned)
  table.sort(written)
  expect(written).to_be(planned)
end)
