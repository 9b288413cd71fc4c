-- 小额仅退款的测试。What no rule allows goes to a person, and a line is claimed for once.

local function received(amount) return { state = "waiting_receipt", age = "4d", amount = amount or "100 CNY" } end

local function row(order, changes)
  local made = {
    order = order, reason = "质量问题", amount = "20 CNY", customer = "C1", picture = "https://example.com/torn.jpg",
  }
  for name, value in pairs(changes or {}) do made[name] = value end
  return made
end

test("files a small claim with its picture, once", function()
  local ids = given { orders = { one = received() } }
  local id = ids.orders.one
  local run = play { params = { defects = { row(id) } } }
  expect(run.status).to_be "succeeded"
  expect(run.about[id]).to_match { decision = "done", reason = "small amount" }
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 4, refundFee = 2000 }
  expect(effects()[1].images).to_be { "https://example.com/torn.jpg" }
  expect(run.reports[1].rows[1]).to_match { order = id, rule = "small amount", amount = "20.00 CNY" }
  expect(play { params = { defects = { row(id) } } }.about[id].reason).to_be "it was claimed for before"
  expect(#effects()).to_be(1)
end)

test("files where the return would cost too much", function()
  local ids = given { orders = { one = received() } }
  local run = play { params = { defects = { row(ids.orders.one, { amount = "80 CNY", cost = "80 CNY" }) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "done", reason = "the return costs too much" }
end)

test("hands over what is %s", {
  { "above the threshold", { amount = "80 CNY", cost = "10 CNY" }, "it is above the threshold" },
  { "more than was paid", { amount = "900 CNY" }, "its amount is none, or more than was paid" },
  { "for another reason", { reason = "不想要了" }, "its reason is not on the list" },
  { "of an excluded category", { category = "锂电池" }, "its category is excluded" },
  { "without evidence", { picture = "" }, "its reason needs evidence" },
}, function(_, changes, reason)
  local ids = given { orders = { one = received() } }
  local run = play { params = { defects = { row(ids.orders.one, changes) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "handed_over", reason = reason }
  expect(effects).to_be_empty()
end)

test("hands over what is above the ceiling", function()
  local ids = given { orders = { one = received "400 CNY" } }
  local run = play { params = { defects = { row(ids.orders.one, { amount = "300 CNY", cost = "300 CNY" }) } } }
  expect(run.about[ids.orders.one].reason).to_be "it is above the ceiling"
end)

test("hands over a reason that the marketplace does not offer", function()
  local ids = given { orders = { one = received() } }
  local run = play { params = { reasons = { "划痕" }, defects = { row(ids.orders.one, { reason = "划痕" }) } } }
  expect(run.about[ids.orders.one].reason).to_be "the marketplace does not offer its reason"
end)

test("hands over an order that is %s", { "waiting_shipment", "closed" }, function(state)
  local ids = given { orders = { one = { state = state, age = "2d" } } }
  local run = play { params = { defects = { row(ids.orders.one) } } }
  expect(run.about[ids.orders.one].reason).to_be "its order is not shipped, or closed"
  expect(effects).to_be_empty()
end)

test("counts claims of a customer, and of a seller, within 30 days", function()
  local ids = given { orders = { received(), received(), received() } }
  local rows = {}
  for index, id in ipairs(ids.orders) do rows[index] = row(id) end
  local run = play { params = { defects = rows } }
  expect(run.tally).to_match { done = 2, handed_over = 1 }
  expect(run.about[ids.orders[3]].reason).to_be "its customer claims often"
  for index, each in ipairs(rows) do each.customer = "D" .. index end
  run = play { params = { defects = rows, per_seller = 2 } }
  expect(run.about[ids.orders[3]].reason).to_be "its seller is claimed against often"
  expect(#effects()).to_be(2)
  advance "31d"
  expect(play { params = { defects = rows, per_seller = 2 } }.about[ids.orders[3]].decision).to_be "done"
end)

test("keeps to its limit and to its day's amount", function()
  local ids = given { orders = { received(), received() } }
  local rows = { row(ids.orders[1]), row(ids.orders[2]) }
  expect(play { params = { defects = rows, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
  local run = play { params = { defects = rows, day_amount = "30 CNY" } }
  expect(run.about[ids.orders[2]]).to_match { decision = "kept", reason = "over this day's amount" }
  expect(#effects()).to_be(1)
end)

test("takes a row that comes twice once", function()
  local ids = given { orders = { one = received() } }
  play { params = { defects = { row(ids.orders.one), row(ids.orders.one) } } }
  expect(#effects()).to_be(1)
end)

test("files once where the answer is lost", function()
  local ids = given { orders = { one = received() } }
  faults "reset-after@taobao.refunds.create:1"
  play { params = { defects = { row(ids.orders.one) } } }
  play { params = { defects = { row(ids.orders.one) } } }
  expect(#effects()).to_be(1)
end)

test("leaves alone what a person holds, and does not count it", function()
  local ids = given { orders = { held = received() } }
  hold(ids.orders.held)
  local run = play { params = { defects = { row(ids.orders.held) } } }
  expect(run.result.filed).to_be(0)
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { orders = { one = received() } }
  local run = play { mode = "plan", params = { defects = { row(ids.orders.one) } } }
  expect(run.about[ids.orders.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)
