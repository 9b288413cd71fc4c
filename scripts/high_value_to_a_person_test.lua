-- 高额与异常转人工的测试。What is odd goes to a person with what is proposed; the rest is left to the rules.

local function waiting(amount) return { state = "waiting_seller", age = "1d", left = "3d", amount = amount } end

test("hands over what is high, with what is proposed and until when", function()
  local ids = given { refunds = { dear = waiting "1000 CNY", cheap = waiting "999.99 CNY" } }
  local dear, cheap = ids.refunds.dear, ids.refunds.cheap
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[dear]).to_match { decision = "handed_over", reason = "its amount is high" }
  expect(run.about[cheap]).to_match { decision = "kept", reason = "rules may settle it" }
  expect(run.reports[1].rows[1]).to_match {
    refund = dear, answer_in = "12h", who = "值班主管", proposed = "wait for the seller, or write",
  }
  expect(effects).to_be_empty()
end)

test("asks for an answer before the marketplace's deadline", function()
  given { refunds = { { state = "refused", age = "1d", left = "5h", amount = "2000 CNY" } } }
  expect(play().reports[1].rows[1].answer_in).to_be "5h"
end)

test("hands over a second refusal on Taobao", function()
  local ids = given { refunds = { one = { state = "refused", age = "1d", left = "4d", seller = "refusing" } } }
  local id = ids.refunds.one
  expect(play().about[id].decision).to_be "kept"
  expect(play().about[id].decision).to_be "kept"
  play { playbook = "refused_refunds.lua", params = { evidence = { { id = id, first = "https://a/1.jpg" } } } }
  advance "37h"
  local run = play()
  expect(run.about[id]).to_match { decision = "handed_over", reason = "it was refused again" }
end)

test("counts a first refusal on 1688 where one is enough", function()
  local ids = given { alibaba_refunds = { one = { seller = "refusing", amount = "72 CNY" } } }
  advance "37h"
  expect(play().about[ids.alibaba_refunds.one].decision).to_be "kept"
  local run = play { params = { refusals = 1 } }
  expect(run.about[ids.alibaba_refunds.one].reason).to_be "it was refused again"
end)

test("hands over what is about law, a brand, or safety", function()
  local ids = given { refunds = { one = waiting "10 CNY" } }
  local run = play { params = { words = { "不想要" } } }
  expect(run.about[ids.refunds.one]).to_match {
    decision = "handed_over", reason = "it is about law, a brand, or safety", detail = "不想要",
  }
end)

test("hands over what is of a seller on the watch list", function()
  local ids = given { refunds = { one = waiting "10 CNY" } }
  local id = ids.refunds.one
  play { params = { amount = "1 CNY" } }
  local seller = play { params = { amount = "1 CNY" } }.reports[1].rows[1].seller
  expect(play { params = { sellers = { seller } } }.about[id].reason).to_be "its seller is on the watch list"
  expect(play { params = { sellers = { "别的卖家" } } }.about[id].decision).to_be "kept"
end)

test("says all that speaks for a person", function()
  given { refunds = { one = waiting "1500 CNY" } }
  local run = play { params = { words = { "不想要" } } }
  expect(run.decisions[1].detail).to_be "不想要; 1,500.00 CNY"
end)

test("leaves alone what is over", function()
  local ids = given { refunds = {
    paid = { state = "refunded", age = "9d", amount = "2000 CNY" },
    closed = { state = "closed", age = "9d", amount = "2000 CNY" },
  } }
  expect(play().tally.handed_over).to_be(0)
  local event = { kind = "taobao.events.refundChanged", body = { refundId = ids.refunds.paid } }
  expect(play { event = event }.about[ids.refunds.paid]).to_match { decision = "kept", reason = "it is over" }
end)

test("looks only at the refund that an event names", function()
  local ids = given { refunds = { one = waiting "2000 CNY", two = waiting "2000 CNY" } }
  local run = play { event = { kind = "taobao.events.refundChanged", body = { refundId = ids.refunds.two } } }
  expect(run.about[ids.refunds.two].decision).to_be "handed_over"
  expect(run.about[ids.refunds.one]).to_be(nil)
end)

test("judges the same where the marketplace's numbers are texts", function()
  local ids = given { refunds = { dear = waiting "1000 CNY" } }
  faults "flip-scalars"
  expect(play().about[ids.refunds.dear].reason).to_be "its amount is high"
end)

test("writes nothing in a plan, nothing when it runs again, and nothing to what a person holds", function()
  local ids = given { refunds = { dear = waiting "1000 CNY" } }
  hold(ids.refunds.dear)
  expect(play { mode = "plan" }.status).to_be "succeeded"
  play()
  expect(play().tally).to_match { handed_over = 1, done = 0 }
  expect(effects).to_be_empty()
end)
