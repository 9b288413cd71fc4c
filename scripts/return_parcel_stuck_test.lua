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
