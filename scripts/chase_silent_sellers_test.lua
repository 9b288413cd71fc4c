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
