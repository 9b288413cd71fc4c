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
