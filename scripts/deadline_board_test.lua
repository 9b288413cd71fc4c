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
