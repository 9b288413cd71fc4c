-- 阻止自动确认收货的测试。An order is shipped a day after it is placed, and confirms itself ten days later.

local function shipped(age, amount) return { state = "waiting_receipt", age = age, amount = amount or "41 CNY" } end

local function row(id, reason, amount) return { id = id, arrived = "已到货", reason = reason, amount = amount } end

test("hands over what is not inspected and confirms itself soon", function()
  local ids = given { orders = { one = shipped "10d" }, alibaba_orders = { two = shipped "10d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local run = play { params = { pending = { { id = one }, { id = two } } } }
  expect(run.status).to_be "succeeded"
  expect(run.about[one]).to_match { decision = "handed_over", reason = "its inspection is pending" }
  expect(run.about[two]).to_match { decision = "handed_over", reason = "its inspection is pending" }
  expect(#run.reports[1].rows).to_be(2)
  expect(effects).to_be_empty()
end)

test("leaves alone what has time, and what is not pending", function()
  local ids = given { orders = { early = shipped "5d", inspected = shipped "10d" } }
  local run = play { params = { pending = { { id = ids.orders.early } } } }
  expect(run.about[ids.orders.early]).to_match { decision = "kept", reason = "there is time" }
  expect(run.about[ids.orders.inspected]).to_match { decision = "kept", reason = "nothing is pending" }
end)

test("lists an order whose open claim a confirmation would close", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "9d", left = "2d" } } }
  local run = play()
  expect(run.tally).to_match { handed_over = 1, done = 0 }
  expect(run.decisions[1]).to_match { reason = "a claim is open: confirming closes it", detail = ids.refunds.one }
  expect(effects).to_be_empty()
end)

test("files the claim that the sheet describes, once", function()
  local ids = given { orders = { one = shipped "10d" }, alibaba_orders = { two = shipped "10d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local params = { pending = { row(one, "不想要了", "20 CNY"), row(two, "七天无理由", "15 CNY") } }
  local run = play { params = params }
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 4, refundFee = 2000 }
  expect(effects()[2]).to_match { "alibaba.refunds.create", applyPayment = 1500, applyCarriage = 0 }
  run = play { params = params }
  expect(run.about[one].reason).to_be "a claim is open: confirming closes it"
  expect(#effects()).to_be(2)
end)

test("leaves to a person a claim with %s", {
  { "a reason that is not offered", "不存在的原因", "20 CNY", "the marketplace does not offer this reason" },
  { "a reason that needs evidence", "质量问题", "20 CNY", "this reason needs evidence" },
  { "too high an amount", "不想要了", "4100 CNY", "the amount is more than may be asked for" },
}, function(_, reason, amount, why)
  local ids = given { orders = { one = shipped "10d" } }
  local run = play { params = { pending = { row(ids.orders.one, reason, amount) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "handed_over", reason = why }
  expect(effects).to_be_empty()
end)

test("asks a person before it claims much", function()
  local ids = given { orders = { one = shipped("10d", "800 CNY") } }
  local run = play { params = { pending = { row(ids.orders.one, "不想要了", "600 CNY") } } }
  expect(run.waiting_for).to_be "approval"
  reject(run)
  expect(effects).to_be_empty()
end)

test("leaves alone what is not shipped, and what is confirmed", function()
  local ids = given { orders = { waits = { state = "waiting_shipment", age = "1d" }, over = { state = "finished" } } }
  local run = play { params = { pending = { { id = ids.orders.waits }, { id = ids.orders.over } } } }
  expect(run.tally).to_match { handed_over = 0, done = 0 }
end)

test("believes the order, not the list", function()
  local ids = given { orders = { one = shipped "10d" } }
  advance "25h"
  faults "stale-list"
  local run = play { params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } } }
  expect(run.tally.done).to_be(0)
  expect(effects).to_be_empty()
end)

test("stops at its limit", function()
  local ids = given { orders = { shipped "10d", shipped "10d" } }
  local rows = { row(ids.orders[1], "不想要了", "20 CNY"), row(ids.orders[2], "不想要了", "20 CNY") }
  expect(play { params = { pending = rows, limit = 1 } }.tally).to_match { done = 1, kept = 1 }
end)

test("counts what waits for a person against its limit", function()
  local ids = given { orders = { shipped("10d", "800 CNY"), shipped("10d", "900 CNY") } }
  local rows = { row(ids.orders[1], "不想要了", "600 CNY"), row(ids.orders[2], "不想要了", "700 CNY") }
  local run = play { params = { pending = rows, limit = 1 } }
  expect(run.tally).to_match { waiting = 1, kept = 1 }
  approve(run)
  expect(#effects()).to_be(1)
end)

test("files once where the answer is lost", function()
  local ids = given { orders = { one = shipped "10d" } }
  local params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } }
  faults "reset-after@taobao.refunds.create:1"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("leaves alone what a person holds", function()
  local ids = given { orders = { held = shipped "10d" } }
  hold(ids.orders.held)
  play { params = { pending = { row(ids.orders.held, "不想要了", "20 CNY") } } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { orders = { one = shipped "10d" } }
  local run = play { mode = "plan", params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } } }
  expect(run.about[ids.orders.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)

test("finds that an order which the list shows as shipped is confirmed", function()
  local ids = given { orders = { one = shipped "10d" }, alibaba_orders = { two = shipped "10d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  faults "stale-list"
  happens(one, "confirm_receipt")
  happens(two, "confirm_receipt")
  local run = play { params = { pending = { row(one, "不想要了", "20 CNY"), row(two, "七天无理由", "15 CNY") } } }
  expect(run.about[one]).to_match { decision = "kept", reason = "it does not wait for receipt" }
  expect(run.about[two]).to_match { decision = "kept", reason = "it does not wait for receipt" }
  expect(effects).to_be_empty()
end)

test("leaves to a person on 1688 a claim with %s", {
  { "a reason that is not offered", "不存在的原因", "15 CNY", "the marketplace does not offer this reason" },
  { "a reason that needs evidence", "质量问题", "15 CNY", "this reason needs evidence" },
  { "too high an amount", "七天无理由", "4100 CNY", "the amount is more than may be asked for" },
}, function(_, reason, amount, why)
  local ids = given { alibaba_orders = { one = shipped "10d" } }
  local run = play { params = { pending = { row(ids.alibaba_orders.one, reason, amount) } } }
  expect(run.about[ids.alibaba_orders.one]).to_match { decision = "handed_over", reason = why }
  expect(effects).to_be_empty()
end)

test("says what did not arrive as such, on both markets", function()
  local ids = given { orders = { one = shipped "10d" }, alibaba_orders = { two = shipped "10d" } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  play { params = { pending = {
    { id = one, arrived = "未到货", reason = "快递一直未送达", amount = "20 CNY" },
    { id = two, arrived = "未到货", reason = "一直未收到货", amount = "15 CNY" },
  } } }
  expect(effects()[1]).to_match { "taobao.refunds.create", goodsStatus = 3 }
  expect(effects()[2]).to_match { "alibaba.refunds.create", goodsStatus = "refundWaitBuyerReceive" }
end)

test("leaves an order of several lines, or of several rows, to a person", function()
  local ids = given { orders = {
    lines = { state = "waiting_receipt", age = "10d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } },
    rows = shipped "10d",
  } }
  local lines, rows = ids.orders.lines, ids.orders.rows
  local run = play { params = { pending = {
    row(lines, "不想要了", "5 CNY"), row(rows, "不想要了", "5 CNY"), row(rows, "不想要了", "6 CNY"),
  } } }
  for _, id in ipairs { lines, rows } do
    expect(run.about[id]).to_match { decision = "handed_over", reason = "it has several lines: a person files" }
  end
  expect(effects).to_be_empty()
end)

test("leaves to a person an order that was paid back before", function()
  local ids = given {
    orders = { one = shipped "10d" },
    alibaba_orders = {
      two = { state = "waiting_receipt", age = "10d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } },
    },
    refunds = { { order = "one", state = "refunded", goods = 4, age = "5d", amount = "5 CNY" } },
    alibaba_refunds = {
      { order = "two", line = 1, kind = "return", state = "refunded", age = "5d", amount = "5 CNY" },
    },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local run = play { params = { pending = { row(one, "不想要了", "20 CNY"), row(two, "七天无理由", "15 CNY") } } }
  for _, id in ipairs { one, two } do
    expect(run.about[id]).to_match {
      decision = "handed_over", reason = "it was paid back, or its claim's status is new: a person files",
    }
  end
  expect(effects).to_be_empty()
end)

test("files no claim beside one whose status is new", function()
  local ids = given {
    orders = { one = shipped "10d" },
    refunds = { { order = "one", state = "waiting_seller", goods = 4, age = "5d", left = "2d", shows = "95" } },
  }
  local run = play { params = { pending = { row(ids.orders.one, "不想要了", "20 CNY") } } }
  expect(run.about[ids.orders.one]).to_match {
    decision = "handed_over", reason = "it was paid back, or its claim's status is new: a person files",
  }
  expect(effects).to_be_empty()
end)

test("lists an order of 1688 whose open claim a confirmation would close", function()
  local ids = given { alibaba_refunds = { one = { state = "refused", kind = "return", age = "9d", left = "2d" } } }
  local run = play()
  local order = look(ids.alibaba_refunds.one).order
  expect(run.about[order]).to_match { decision = "handed_over", reason = "a claim is open: confirming closes it" }
end)

test("touches no order whose status is new, and counts no claim of such a status as open", function()
  local ids = given {
    orders = { strange = shipped "10d" },
    refunds = { claim = { state = "waiting_seller", age = "9d", left = "2d", shows = "95" } },
  }
  change(ids.orders.strange, { shows = "WAIT_SOMEBODY" })
  local run = play { params = { pending = { row(ids.orders.strange, "不想要了", "20 CNY") } } }
  expect(run.tally).to_match { done = 0, handed_over = 0 }
  expect(effects).to_be_empty()
end)

test("names its columns in both languages", function()
  expect(play().reports[1].columns[3]).to_be { key = "confirms", heading = "自动确认 Confirms" }
end)

test("scenario: order confirmed while refund open", function()
  local ids = given {
    orders = { one = shipped "9d" },
    refunds = { claim = { order = "one", state = "waiting_seller", goods = 4, age = "3d", left = "4d" } },
  }
  local order, claim = ids.orders.one, ids.refunds.claim
  local params = { pending = { row(order, "不想要了", "20 CNY") } }
  -- A person hears of it while there is time; no second claim is made.
  local run = play { params = params }
  expect(run.about[order]).to_match {
    decision = "handed_over", reason = "a claim is open: confirming closes it", detail = claim,
  }
  expect(run.reports[1].rows[1]).to_match { order = order, confirms = "2d left" }
  -- Somebody confirms receipt all the same, and that closes the claim.
  happens(order, "confirm_receipt")
  expect(look(claim).state).to_be "closed"
  expect(look(order).state).to_be "finished"
  -- What is confirmed is beyond it: nothing is filed, and nothing confirmed by us.
  run = play { params = params }
  expect(run.about[order]).to_be(nil)
  expect(run.result).to_be { blocked = 0, filed = 0 }
  expect(effects).to_be_empty()
end)

-- What holds in any world.

local day = 24 * 3600000

local function answered(run)
  if run.waiting_for ~= "approval" then return run end
  return math.random(2) == 1 and approve(run) or reject(run)
end

-- The warehouse's sheet about some of the world's orders, drawn at random; what it claims, in fen.
local function sheet_of()
  local rows, claimed, all = {}, {}, marketplace()
  for _, group in ipairs { all.orders, all.alibaba_orders } do
    for _, order in ipairs(group) do
      if math.random(4) > 1 then
        local fen = math.random(1, order.lines[1].fen + 500)
        local reason = order.market == "taobao" and "不想要了" or "七天无理由"
        local is_told = math.random(3) > 1
        rows[#rows + 1] = row(order.id, is_told and reason or nil, is_told and fen .. " fen" or nil)
        claimed[order.id] = is_told and fen or nil
      end
    end
  end
  return #rows > 0 and rows or nil, claimed
end

worlds("claims what the sheet says, once, of shipped orders that confirm themselves soon", function(world)
  local strange = {}
  for index, id in ipairs(world.orders) do strange[id] = world.given.orders[index].shows end
  for index, id in ipairs(world.alibaba_orders) do strange[id] = world.given.alibaba_orders[index].shows end
  if math.random(2) == 1 then given { orders = { shipped("10d", "900 CNY"), shipped("10d", "800 CNY") } } end
  local rows, claimed = sheet_of()
  local after, within, limit = math.random(4, 14) * day, math.random(0, 8) * day, math.random(0, 3)
  local params = { pending = rows, confirm_after = after, within = within, limit = limit }
  for _ = 1, 2 do
    local before = #effects()
    answered(play { params = params })
    expect(#effects() - before <= limit).to_be(true)
  end
  local seen = {}
  for _, write in ipairs(history()) do
    local order, asked = write.before, write.arguments
    local is_taobao = order.market == "taobao"
    expect(write.operation).to_be(is_taobao and "taobao.refunds.create" or "alibaba.refunds.create")
    expect(order.state).to_be "waiting_receipt"
    expect(strange[order.id]).to_be(nil)
    expect(order.shipped_at + after - write.at <= within).to_be(true)
    expect(seen[order.id]).to_be(nil)
    seen[order.id] = true
    expect(#order.lines).to_be(1)
    for _, refund in ipairs(order.lines[1].refunds) do expect(refund.state).to_be "closed" end
    local amount = asked.refundFee or asked.applyPayment + asked.applyCarriage
    expect(amount).to_be(claimed[order.id])
    expect(amount <= order.lines[1].fen).to_be(true)
  end
end)

worlds("tells of every order that would be confirmed over an open claim, and plans exactly what it then claims",
  function(world)
    local facts, blocked = {}, {}
    for index, id in ipairs(world.orders) do facts[id] = world.given.orders[index] end
    for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
    local over = { refunded = true, closed = true }
    for _, order in ipairs(marketplace().orders) do
      for _, line in ipairs(order.lines) do
        local claim = line.refunds[#line.refunds]
        local is_strange = claim and (facts[claim.id] or {}).shows or (facts[order.id] or {}).shows
        if order.state == "waiting_receipt" and claim and not over[claim.state] and not is_strange then
          blocked[#blocked + 1] = order.id
        end
      end
    end
    local params = { pending = (sheet_of()), within = "20d", limit = math.random(1, 5) }
    local plan = play { mode = "plan", params = params }
    expect(effects).to_be_empty()
    local run = play { params = params }
    if world.faults ~= "" then return end
    -- Nothing is even tried in vain.
    expect(run.tally.failed).to_be(0)
    for _, id in ipairs(blocked) do
      expect(run.about[id]).to_match { decision = "handed_over", reason = "a claim is open: confirming closes it" }
    end
    local planned, claimed = {}, {}
    for _, decision in ipairs(plan.decisions) do
      if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
    end
    for _, decision in ipairs(run.decisions) do
      if decision.decision == "done" or decision.decision == "waiting" then claimed[#claimed + 1] = decision.subject end
    end
    expect(claimed).to_be(planned)
  end)
