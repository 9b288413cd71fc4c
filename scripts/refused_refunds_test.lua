-- 处理被拒绝的退款的测试。What is put before the seller again is sure; everything else goes to a person, with its class.

local function refused(left, amount) return { state = "refused", age = "2d", left = left or "4d", amount = amount } end

local function with_picture(id) return { evidence = { { id = id, first = "https://example.com/torn.jpg" } } } end

test("attaches the warehouse's evidence and puts it before the seller again", function()
  local ids = given { refunds = { one = refused("4d", "41 CNY") } }
  local id = ids.refunds.one
  local run = play { params = with_picture(id) }
  expect(run.status).to_be "succeeded"
  expect(run.about[id]).to_match { decision = "done", reason = "the warehouse has evidence" }
  expect(effects()[1]).to_match { "taobao.refunds.modify", refundId = id, refundFee = 4100 }
  expect(effects()[1].images).to_be { "https://example.com/torn.jpg" }
  expect(play { params = with_picture(id) }.about[id]).to_be(nil)
  expect(#effects()).to_be(1)
end)

test("attaches no more pictures than Taobao takes, each once", function()
  local ids = given { refunds = { one = refused() } }
  play { params = { evidence = { { id = ids.refunds.one, first = "https://a/1.jpg", second = "https://a/1.jpg" } } } }
  expect(effects()[1].images).to_be { "https://a/1.jpg" }
end)

test("hands over a second refusal", function()
  local ids = given { refunds = { one = { state = "refused", age = "2d", left = "4d", seller = "refusing" } } }
  local id = ids.refunds.one
  play { params = with_picture(id) }
  advance "37h"
  local run = play { params = with_picture(id) }
  expect(run.about[id]).to_match { decision = "handed_over", reason = "it was taken up before" }
  expect(#effects()).to_be(1)
end)

test("hands over what it has no answer to, with the class and the seller's words", function()
  local ids = given { refunds = { one = refused() } }
  local run = play()
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over" }
  local row = run.reports[1].rows[1]
  expect(row.refund).to_be(ids.refunds.one)
  expect(row.says).never.to_be ""
  expect({ "freight", "evidence", "amount", "shipped", "condition", "late", "unclear" }).to_contain(row.class)
  expect(effects).to_be_empty()
end)

test("tells of what closes soon", function()
  local ids = given { refunds = { one = refused "5h" } }
  expect(play().about[ids.refunds.one].reason).to_be "it closes soon, and nobody answered the refusal"
end)

test("leaves a claim before shipment as it is", function()
  -- It is for goods and freight, and its amount cannot be changed.
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h", seller = "refusing" } } }
  play {
    playbook = "unshipped_cancellation.lua", params = { cancelled = { { market = "淘宝", id = ids.orders.one } } },
  }
  advance "37h"
  expect(#effects()).to_be(1)
  expect(play().tally).to_match { done = 0, handed_over = 1 }
  expect(#effects()).to_be(1)
end)

test("leaves alone what is %s", {
  { "waiting for the seller", { state = "waiting_seller", age = "2d", left = "2d" } },
  { "agreed", { state = "waiting_return", age = "2d", left = "2d" } },
  { "paid back", { state = "refunded", age = "9d" } },
  { "closed", { state = "closed", age = "9d" } },
}, function(_, refund)
  local ids = given { refunds = { one = refund } }
  expect(play { params = with_picture(ids.refunds.one) }.tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("hands over what is refused on 1688", function()
  local ids = given { alibaba_refunds = { one = { seller = "refusing" } } }
  advance "37h"
  local run = play()
  expect(run.about[ids.alibaba_refunds.one].reason).to_be "on 1688 a person answers a refusal"
  expect(effects).to_be_empty()
end)

test("looks only at the refund that an event names", function()
  local ids = given { refunds = { one = refused(), two = refused() } }
  local run = play { event = { kind = "taobao.events.refundChanged", body = { refundId = ids.refunds.two } } }
  expect(run.about[ids.refunds.two].decision).to_be "handed_over"
  expect(run.about[ids.refunds.one]).to_be(nil)
end)

test("asks a person before it stakes much", function()
  local ids = given { refunds = { dear = refused("4d", "1500 CNY") } }
  local run = play { params = with_picture(ids.refunds.dear) }
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  expect(approve(run).about[ids.refunds.dear].decision).to_be "done"
end)

test("stops at its limit", function()
  local ids = given { refunds = { refused(), refused() } }
  local rows = {}
  for index, id in ipairs(ids.refunds) do rows[index] = { id = id, first = "https://a/1.jpg" } end
  expect(play { params = { evidence = rows, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
end)

test("changes once where the answer is lost", function()
  local ids = given { refunds = { one = refused() } }
  faults "reset-after@taobao.refunds.modify:1"
  play { params = with_picture(ids.refunds.one) }
  play { params = with_picture(ids.refunds.one) }
  expect(#effects()).to_be(1)
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = refused() } }
  hold(ids.refunds.held)
  play { params = with_picture(ids.refunds.held) }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { refunds = { one = refused() } }
  local run = play { mode = "plan", params = with_picture(ids.refunds.one) }
  expect(run.about[ids.refunds.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)
