-- 期限看板的测试。It writes nothing: what matters is who has to act, what is urgent, and what a person hears of.

local function rows_of(run)
  local rows = {}
  for _, table in ipairs(run.reports) do rows[table.title] = table.rows end
  return rows
end

local ours, sellers, platforms = "It is our turn · 轮到我方", "The seller's turn · 等待卖家", "The marketplace's turn · 等待平台"

test("shows every open order by who must act", function()
  local ids = given { refunds = {
    agreed = { state = "waiting_return", age = "2d", left = "5d" },
    refused = { state = "refused", age = "2d", left = "4d" },
    asked = { state = "waiting_seller", age = "1d", left = "2d" },
    returned = { state = "waiting_receipt", age = "9d", left = "6d" },
    paying = { state = "refunding", age = "9d", left = "5m" },
    paid = { state = "refunded", age = "9d" },
    closed = { state = "closed", age = "9d" },
  } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.result).to_be { us = 2, seller = 2, marketplace = 1, unknown = 0 }
  local rows = rows_of(run)
  expect(rows[ours][1]).to_match { refund = ids.refunds.refused, state = "refused", left = "4d left" }
  expect(rows[ours][2]).to_match { refund = ids.refunds.agreed, state = "waiting_return" }
  expect(rows[sellers][1]).to_match { refund = ids.refunds.asked }
  expect(rows[sellers][2]).to_match { refund = ids.refunds.returned }
  expect(rows[platforms][1]).to_match { refund = ids.refunds.paying }
  expect(run.about[ids.refunds.paid]).to_be(nil)
  expect(run.about[ids.refunds.closed]).to_be(nil)
  expect(effects).to_be_empty()
end)

test("hands over what is ours with %s left: %s", {
  { "71h", "it is our turn, and at most 3d is left" },
  { "23h", "it is our turn, and at most 1d is left" },
  { "5h", "it is our turn, and at most 6h is left" },
}, function(left, reason)
  local ids = given { refunds = {
    agreed = { state = "waiting_return", age = "2d", left = left },
    refused = { state = "refused", age = "2d", left = left },
  } }
  local run = play()
  for _, id in pairs(ids.refunds) do
    expect(run.about[id]).to_match { decision = "handed_over", reason = reason }
  end
end)

test("says nothing of what is ours and has time", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "1d", left = "73h" } } }
  expect(play().about[ids.refunds.agreed]).to_match { decision = "kept", reason = "it is our turn, with time to spare" }
end)

test("hands over nothing that the %s has to do", {
  { "seller", "waiting_seller" }, { "seller's warehouse", "waiting_receipt" }, { "marketplace", "refunding" },
}, function(_, state)
  given { refunds = { { state = state, age = "4d", left = "5m" } } }
  local run = play()
  expect(run.tally).to_match { kept = 1, handed_over = 0 }
end)

test("gives each threshold a reason of its own as time passes", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "1d", left = "80h" } } }
  local id = ids.refunds.agreed
  expect(play().about[id].decision).to_be "kept"
  advance "9h"
  expect(play().about[id].reason).to_be "it is our turn, and at most 3d is left"
  advance "50h"
  expect(play().about[id].reason).to_be "it is our turn, and at most 1d is left"
  advance "16h"
  expect(play().about[id].reason).to_be "it is our turn, and at most 6h is left"
end)

test("takes thresholds of one's own", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "1d", left = "90h" } } }
  local run = play { params = { alert_at = { "96h" } } }
  expect(run.about[ids.refunds.agreed].reason).to_be "it is our turn, and at most 4d is left"
end)

test("drops what the list still shows and is over", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "1d", left = "1h" } } }
  advance "61m"
  faults "stale-list"
  local run = play()
  expect(run.about[ids.refunds.agreed]).to_be(nil)
  expect(run.result.us).to_be(0)
end)

test("shows the same where the marketplace's numbers are texts", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "1d", left = "5h" } } }
  faults "flip-scalars"
  local run = play()
  expect(run.about[ids.refunds.agreed].reason).to_be "it is our turn, and at most 6h is left"
end)

test("writes nothing in a plan, and nothing when it runs again", function()
  given { refunds = { { state = "refused", age = "1d", left = "5h" } } }
  expect(play { mode = "plan" }.status).to_be "succeeded"
  play()
  expect(play().tally).to_match { handed_over = 1, done = 0 }
  expect(effects).to_be_empty()
end)

test("shows what a person holds as well", function()
  local ids = given { refunds = { held = { state = "refused", age = "1d", left = "5h" } } }
  hold(ids.refunds.held)
  expect(play().result.us).to_be(1)
  expect(effects).to_be_empty()
end)

test("shows an empty board where nothing is open", function()
  local run = play()
  expect(run.result).to_be { us = 0, seller = 0, marketplace = 0, unknown = 0 }
  expect(#run.reports).to_be(3)
end)

test("hands over a status that nobody has seen before, and shows it by itself", function()
  local ids = given { refunds = {
    strange = { state = "waiting_seller", age = "5d", left = "3d", shows = "95" },
    over = { state = "closed", age = "5d", shows = "96" },
  } }
  local run = play()
  expect(run.about[ids.refunds.strange]).to_match {
    decision = "handed_over", reason = "its status is new to us", detail = "95",
  }
  -- No list by status shows what is none of them.
  expect(run.about[ids.refunds.over].detail).to_be "96"
  local rows = rows_of(run)["Status unknown · 未知状态"]
  expect(rows).to_contain { refund = ids.refunds.strange, state = "unknown" }
  expect(run.result).to_match { seller = 0, unknown = 2 }
end)

test("hands over what was ours and is over by the clock, though it still waits", function()
  local ids = given { refunds = { one = { state = "waiting_return", age = "2d", left = "1h" } } }
  advance "61m"
  faults "stale-list"
  change(ids.refunds.one, { shows = "20" })
  local run = play()
  expect(run.about[ids.refunds.one]).to_match {
    decision = "handed_over", reason = "it was our turn, and its time is over",
  }
  expect(run.result.us).to_be(1)
end)

test("shows amounts in the currency that they are in", function()
  given { refunds = { { state = "refused", age = "1d", left = "5h", amount = "40 CNY", currency = "USD" } } }
  expect(rows_of(play())[ours][1].amount).to_be "40.00 USD"
end)

test("names its columns in both languages, and adds up amounts", function()
  for _, each in ipairs(play().reports) do
    expect(each.columns[1]).to_be { key = "refund", heading = "逆向单号 Refund" }
    expect(each.totals).to_be { "amount" }
  end
end)

test("tells the channel of each once for its reason", function()
  local ids = given { refunds = {
    agreed = { state = "waiting_return", age = "1d", left = "71h", amount = "30 CNY" },
    theirs = { state = "waiting_seller", age = "1d", left = "1h" },
  } }
  local params = { channel = "ops" }
  play { params = params }
  expect(#notices()).to_be(1)
  expect(notices()[1]).to_match { channel = "ops", title = "Deadlines · 期限提醒" }
  expect(notices()[1].text).to_be "it is our turn, and at most 3d is left: 1"
  expect(notices()[1].lines[1]).to_contain(ids.refunds.agreed)
  play { params = params }
  expect(#notices()).to_be(1)
  advance "48h"
  play { params = params }
  expect(#notices()).to_be(2)
  expect(notices()[2].text).to_be "it is our turn, and at most 1d is left: 1"
end)

test("forgets what nobody has to hear of any more", function()
  local ids = given { refunds = { one = { state = "refused", age = "1d", left = "5h" } } }
  local params = { channel = "ops" }
  play { params = params }
  change(ids.refunds.one, { left = "4d" })
  play { params = params }
  change(ids.refunds.one, { left = "5h" })
  play { params = params }
  expect(#notices()).to_be(2)
end)

test("tells nobody where there is nothing to say, where no channel is named, and in a plan", function()
  given { refunds = { { state = "waiting_seller", age = "1d", left = "1h" } } }
  play { params = { channel = "ops" } }
  given { refunds = { { state = "refused", age = "1d", left = "5h" } } }
  play()
  play { mode = "plan", params = { channel = "ops" } }
  expect(notices).to_be_empty()
end)

test("does not fail where its channel does not exist, and tells it later", function()
  given { refunds = { { state = "refused", age = "1d", left = "5h" } } }
  local params = { channel = "nobody" }
  expect(play { params = params, channels = { "ops" } }.status).to_be "succeeded"
  expect(notices).to_be_empty()
  play { params = params }
  expect(#notices()).to_be(1)
end)

test("names at most two hundred in a message, and the rest in the next", function()
  local refunds = {}
  for index = 1, 205 do refunds[index] = { state = "refused", age = "1d", left = "5h", amount = "10 CNY" } end
  given { refunds = refunds }
  play { params = { channel = "ops" } }
  expect(#notices()[1].lines).to_be(200)
  play { params = { channel = "ops" } }
  expect(#notices()).to_be(2)
  expect(#notices()[2].lines).to_be(5)
end)

test("scenario: string/int flips", function()
  local contents = { refunds = {
    agreed = { state = "waiting_return", age = "1d", left = "5h", amount = "41 CNY" },
    refused = { state = "refused", age = "1d", left = "20h", amount = "0.01 CNY" },
    asked = { state = "waiting_seller", age = "1d", left = "2d", amount = "1200 CNY" },
  } }
  given(contents)
  local plain = play()
  -- Numbers come as texts, texts as numbers, truth as "true", ids as integers: the board is the same.
  faults "flip-scalars,integer-ids"
  local flipped = play()
  expect(flipped.result).to_be(plain.result)
  expect(flipped.reports).to_be(plain.reports)
  for id, about in pairs(plain.about) do
    expect(flipped.about[id]).to_match { decision = about.decision, reason = about.reason, amount = about.amount }
  end
end)

-- What holds in any world.

local harmless = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["stale-list=20m"] = true, ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

-- What is so of all refunds, as text, to see whether anything happened meanwhile.
local function states()
  local texts = {}
  for index, refund in ipairs(marketplace().refunds) do texts[index] = refund.id .. refund.state end
  return table.concat(texts, " ")
end

local turns = {
  waiting_return = "us", refused = "us", waiting_seller = "seller", waiting_receipt = "seller",
  refunding = "marketplace",
}

worlds("puts every open refund on the board once, where it belongs, and writes nothing", function(world)
  local strange = {}
  for index, id in ipairs(world.refunds) do strange[id] = world.given.refunds[index].shows ~= nil end
  local before = states()
  local run = play { params = { channel = "ops" } }
  expect(effects).to_be_empty()
  expect(#notices() <= 1 or notices()[2].repeated).to_be(true)
  if not harmless[world.faults] or states() ~= before then return end
  local expected = { us = 0, seller = 0, marketplace = 0, unknown = 0 }
  local total = 0
  for _, refund in ipairs(marketplace().refunds) do
    local turn = turns[refund.state]
    -- A refund that is over and shows a status that is new may not be.
    if strange[refund.id] then turn = "unknown" end
    if turn then
      expected[turn], total = expected[turn] + 1, total + 1
      local urgent = turn == "us" and refund.time_left <= 72 * 3600000
      expect(run.about[refund.id].decision).to_be(
        (turn == "unknown" or urgent) and "handed_over" or "kept")
    end
  end
  expect(run.result).to_be(expected)
  expect(#run.decisions).to_be(total)
  local rows, last = rows_of(run)[ours], math.mininteger
  for _, row in ipairs(rows) do
    expect(look(row.refund).time_left >= last).to_be(true)
    last = look(row.refund).time_left
  end
end)

worlds("tells the channel of nothing twice for one reason", function(world)
  for _ = 1, 2 do play { params = { channel = "ops" } } end
  if world.faults ~= "" then return end
  local seen = {}
  for _, notice in ipairs(notices()) do
    for _, line in ipairs(notice.repeated and {} or notice.lines) do
      expect(seen[line]).to_be(nil)
      seen[line] = true
    end
  end
end)
