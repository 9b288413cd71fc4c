-- 撤销超期逆向单的测试。What is cancelled is never paid back: most of these are about what is left alone.

test("cancels what stayed open for too long", function()
  local ids = given { refunds = {
    waiting = { state = "waiting_seller", age = "9d", left = "3d", amount = "120 CNY" },
    agreed = { state = "waiting_return", age = "8d", left = "2d", amount = "80 CNY" },
    refused = { state = "refused", age = "8d", left = "2d", amount = "50 CNY" },
  } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.tally).to_match { done = 3, failed = 0 }
  for _, id in pairs(ids.refunds) do
    expect(effects).to_contain { "taobao.refunds.cancel", refundId = id }
  end
end)

test("leaves alone what is %s", {
  { "fresh", { state = "waiting_seller", age = "2d", left = "1d" } },
  { "on its way back", { state = "waiting_receipt", age = "9d", left = "3d" } },
  { "refused, with a parcel", { state = "refused", age = "9d", left = "3d", waybill = true } },
  { "granted soon by silence", { state = "waiting_seller", age = "9d", left = "3h" } },
  { "paid back already", { state = "refunded", age = "20d" } },
  { "closed already", { state = "closed", age = "20d" } },
}, function(_, refund)
  given { refunds = { refund } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("stops at its limit and leaves the rest for the next run", function()
  local refunds = {}
  for index = 1, 5 do refunds[index] = { state = "waiting_seller", age = "9d", left = "3d", amount = "10 CNY" } end
  given { refunds = refunds }
  local run = play { params = { limit = 2 } }
  expect(run.tally).to_match { done = 2, kept = 3 }
  expect(#effects()).to_be(2)
  run = play()
  expect(run.tally.done).to_be(3)
end)

test("gives up no more money than it may", function()
  given { refunds = {
    { state = "waiting_seller", age = "9d", left = "3d", amount = "300 CNY" },
    { state = "waiting_seller", age = "9d", left = "3d", amount = "300 CNY" },
  } }
  local run = play { params = { max_amount = "500 CNY" } }
  expect(run.tally).to_match { done = 1, kept = 1 }
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = { state = "waiting_seller", age = "9d", left = "3d" } } }
  hold(ids.refunds.held)
  local run = play()
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("asks a person before it gives up much", function()
  local ids = given { refunds = { dear = { state = "waiting_seller", age = "9d", left = "4d", amount = "1200 CNY" } } }
  local run = play()
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  expect(approve(run).about[ids.refunds.dear].decision).to_be "done"
  expect(effects).to_be { { "taobao.refunds.cancel", refundId = ids.refunds.dear } }
end)

test("gives up nothing that a person refuses", function()
  given { refunds = { { state = "waiting_seller", age = "9d", left = "4d", amount = "1200 CNY" } } }
  reject(play())
  expect(effects).to_be_empty()
end)

test("cancels once where the answer is lost", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "9d", left = "3d" } } }
  faults "reset-after@taobao.refunds.cancel:1"
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.one].decision).to_be "done"
  expect(#effects()).to_be(1)
end)

test("only says what it would do in a plan", function()
  given { refunds = { { state = "waiting_seller", age = "9d", left = "3d" } } }
  local run = play { mode = "plan" }
  expect(run.decisions[1].decision).to_be "planned"
  expect(effects).to_be_empty()
end)
