-- 未发货取消的测试。What is not paid is cancelled, what is not shipped is claimed for in full, and nothing is done twice.

local function taobao_row(id, parcel) return { market = "淘宝", id = id, parcel = parcel } end
local function row_1688(id, parcel) return { market = "1688", id = id, parcel = parcel } end

test("cancels what is not paid", function()
  local ids = given {
    orders = { one = { state = "waiting_payment", age = "1h" } },
    alibaba_orders = { two = { state = "waiting_payment", age = "1h" } },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local params = { cancelled = { taobao_row(one), row_1688(two) } }
  local run = play { params = params }
  expect(run.status).to_be "succeeded"
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.orders.cancel", orderId = one }
  expect(effects()[2]).to_match { "alibaba.orders.cancel", cancelReason = "buyerCancel" }
  run = play { params = params }
  expect(run.about[one]).to_match { decision = "kept", reason = "it is closed already" }
  expect(#effects()).to_be(2)
end)

test("claims what is not shipped in full", function()
  local ids = given {
    orders = { one = { state = "waiting_shipment", age = "1h", amount = "100 CNY" } },
    alibaba_orders = { two = { state = "waiting_shipment", age = "1h", amount = "100 CNY" } },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  local params = { cancelled = { taobao_row(one), row_1688(two) } }
  local run = play { params = params }
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two].decision).to_be "done"
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 1 }
  expect(effects()[2])
    .to_match { "alibaba.refunds.create", disputeRequest = "refund", goodsStatus = "refundWaitSellerSend" }
  run = play { params = params }
  expect(run.about[one]).to_match { decision = "kept", reason = "a claim is open already" }
  expect(#effects()).to_be(2)
end)

test("hears of a seller who ships over the claim", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h", seller = "ships_anyway" } } }
  local params = { cancelled = { taobao_row(ids.orders.one) } }
  play { params = params }
  advance "40h"
  local run = play { params = params }
  expect(run.about[ids.orders.one]).to_match {
    decision = "handed_over", reason = "the seller shipped over our claim: refuse or intercept the parcel",
  }
  expect(#effects()).to_be(1)
end)

test("sends back what arrived after all", function()
  local ids = given {
    orders = { one = { state = "waiting_receipt", age = "3d" } },
    alibaba_orders = { two = { state = "waiting_receipt", age = "3d" } },
  }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  play { params = { cancelled = { taobao_row(one, "签收"), row_1688(two, "签收") } } }
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 2, goodsStatus = 4 }
  expect(effects()[2]).to_match { "alibaba.refunds.create", disputeRequest = "returnRefund", applyCarriage = 0 }
end)

test("leaves to a person an order that is %s", {
  { "shipped", "waiting_receipt", nil, "it was shipped before it could be cancelled: refuse or intercept the parcel" },
  { "refused, by the sheet alone", "waiting_receipt", "拒收", "its trace does not show that the parcel was refused" },
  { "finished", "finished", nil, "its receipt is confirmed: a person files" },
}, function(_, state, parcel, reason)
  local ids = given { orders = { one = { state = state, age = "3d" } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one, parcel) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "handed_over", reason = reason }
  expect(effects).to_be_empty()
end)

test("leaves to a person what was refused on 1688", function()
  local ids = given { alibaba_orders = { one = { state = "waiting_receipt", age = "3d" } } }
  local run = play { params = { cancelled = { row_1688(ids.alibaba_orders.one, "拒收") } } }
  expect(run.about[ids.alibaba_orders.one].reason).to_be "its parcel was refused: on 1688 a person files"
end)

test("leaves to a person what no reason of ours fits", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h" } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one) }, reasons = { "别的原因" } } }
  expect(run.about[ids.orders.one].decision).to_be "handed_over"
  expect(effects).to_be_empty()
end)

test("asks a person before it claims much", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h", amount = "2500 CNY" } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one) } } }
  expect(run.waiting_for).to_be "approval"
  expect(effects).to_be_empty()
  expect(approve(run).about[ids.orders.one].decision).to_be "done"
end)

test("writes once where the answer of %s is lost", {
  { "taobao.orders.cancel", "waiting_payment" }, { "taobao.refunds.create", "waiting_shipment" },
}, function(operation, state)
  local ids = given { orders = { one = { state = state, age = "1h" } } }
  local params = { cancelled = { taobao_row(ids.orders.one) } }
  faults("reset-after@" .. operation .. ":1")
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("claims once on 1688 where the answer is lost", function()
  local ids = given { alibaba_orders = { one = { state = "waiting_shipment", age = "1h" } } }
  local params = { cancelled = { row_1688(ids.alibaba_orders.one) } }
  faults "reset-after@alibaba.refunds.create:1"
  play { params = params }
  play { params = params }
  expect(#effects()).to_be(1)
end)

test("stops at its limit, and takes an order that is listed twice once", function()
  local unpaid = { state = "waiting_payment", age = "1h" }
  local ids = given { orders = { unpaid, unpaid } }
  local one, two = ids.orders[1], ids.orders[2]
  local run = play { params = { cancelled = { taobao_row(one), taobao_row(one), taobao_row(two) }, limit = 1 } }
  expect(run.tally).to_match { done = 1, kept = 1 }
  expect(#effects()).to_be(1)
end)

test("goes on where one order of the sheet does not exist", function()
  local ids = given { orders = { one = { state = "waiting_payment", age = "1h" } } }
  local run = play { params = { cancelled = { taobao_row "123456789", taobao_row(ids.orders.one) } } }
  expect(run.tally).to_match { done = 1, failed = 1 }
end)

test("leaves alone what a person holds", function()
  local ids = given { orders = {
    { state = "waiting_shipment", age = "1h" }, { state = "waiting_payment", age = "1h" },
  } }
  local rows = {}
  for index, id in ipairs(ids.orders) do
    hold(id)
    rows[index] = taobao_row(id)
  end
  play { params = { cancelled = rows } }
  expect(effects).to_be_empty()
end)

test("only says what it would do in a plan", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h" } } }
  local run = play { mode = "plan", params = { cancelled = { taobao_row(ids.orders.one) } } }
  expect(run.about[ids.orders.one].decision).to_be "planned"
  expect(effects).to_be_empty()
end)

local two_lines = { { amount = "20 CNY" }, { amount = "30 CNY" } }

test("claims for each line of a Taobao order, and for all lines of one of 1688 at once", function()
  local ids = given { orders = { one = { lines = two_lines } }, alibaba_orders = { two = { lines = two_lines } } }
  local one, two = look(ids.orders.one), look(ids.alibaba_orders.two)
  local params = { cancelled = { taobao_row(one.id), row_1688(two.id) } }
  play { params = params }
  expect(#effects()).to_be(3)
  for _, line in ipairs(one.lines) do
    expect(effects()).to_contain { "taobao.refunds.create", purchaseOrderLineId = line.id, refundFee = line.fen }
  end
  local goods = two.lines[1].fen + two.lines[2].fen
  expect(effects()).to_contain {
    "alibaba.refunds.create", orderId = two.id, applyPayment = goods, applyCarriage = two.fen - goods,
  }
  expect(play { params = params }.tally).to_match { done = 0, kept = 2 }
end)

test("claims for what is left where a line was paid back, and for nothing where all were", function()
  local ids = given {
    orders = { some = { lines = two_lines }, all = {} },
    refunds = {
      { order = "some", line = 1, state = "refunded", goods = 1, age = "2d" },
      { order = "all", state = "refunded", goods = 1, age = "2d" },
    },
  }
  local some, all = look(ids.orders.some), ids.orders.all
  local run = play { params = { cancelled = { taobao_row(some.id), taobao_row(all) } } }
  expect(run.about[all]).to_match { decision = "kept", reason = "it is paid back already" }
  expect(#effects()).to_be(1)
  expect(effects()[1]).to_match { "taobao.refunds.create", purchaseOrderLineId = some.lines[2].id }
end)

test("waits for a claim that is open on one of the lines", function()
  local ids = given {
    orders = { one = { lines = two_lines } },
    refunds = { { order = "one", line = 1, state = "refused", goods = 1, age = "2d", left = "2d" } },
  }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one) } } }
  expect(run.about[ids.orders.one]).to_match { decision = "kept", reason = "a claim is open already" }
  expect(effects).to_be_empty()
end)

test("leaves to a person an order whose status is new, on either market", function()
  local ids = given { orders = { one = {} }, alibaba_orders = { two = {} } }
  local one, two = ids.orders.one, ids.alibaba_orders.two
  change(one, { shows = "WAIT_SOMEBODY" })
  change(two, { shows = "waitsomebody" })
  local run = play { params = { cancelled = { taobao_row(one), row_1688(two) } } }
  local reason = "its status is new to us"
  expect(run.about[one]).to_match { decision = "handed_over", reason = reason, detail = "WAIT_SOMEBODY" }
  expect(run.about[two]).to_match { decision = "handed_over", reason = reason, detail = "waitsomebody" }
  expect(effects).to_be_empty()
end)

test("leaves to a person what is too much to be read", function()
  -- 1688 writes yuan as numbers: from a certain size on they are not whole fen any more.
  local ids = given { alibaba_orders = { one = { amount = "1000000000000000 CNY" } } }
  local run = play { params = { cancelled = { row_1688(ids.alibaba_orders.one) } } }
  expect(run.about[ids.alibaba_orders.one]).to_match {
    decision = "handed_over", reason = "what may be asked for is unreadable",
  }
  expect(effects).to_be_empty()
end)

test("leaves to a person on 1688 what no reason of ours fits", function()
  local ids = given { alibaba_orders = { one = {} } }
  local run = play { params = { cancelled = { row_1688(ids.alibaba_orders.one) }, reasons = { "别的原因" } } }
  expect(run.about[ids.alibaba_orders.one].reason)
    .to_be "the marketplace offers none of our reasons without evidence"
end)

test("claims for a parcel that the sheet and its trace say was %s", { "REJECTED", "RETURNED" }, function(trace)
  local ids = given { orders = { one = { state = "waiting_receipt", age = "3d", trace = trace } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one, "拒收") } } }
  expect(run.about[ids.orders.one]).to_match { decision = "done", reason = "its parcel was refused" }
  expect(effects()[1]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 3 }
end)

test("believes no sheet that its trace contradicts: %s", { "SIGNED", "EXCEPTION", "FAILED" }, function(trace)
  local ids = given { orders = { one = { state = "waiting_receipt", age = "3d", trace = trace } } }
  local run = play { params = { cancelled = { taobao_row(ids.orders.one, "拒收") } } }
  expect(run.about[ids.orders.one].reason).to_be "its trace does not show that the parcel was refused"
  expect(effects).to_be_empty()
end)

test("claims for an order that was paid before it could be cancelled", function()
  local ids = given { orders = { one = { state = "waiting_payment", age = "1h" } } }
  local id = ids.orders.one
  happens(id, "pay")
  local run = play { params = { cancelled = { taobao_row(id) } } }
  expect(run.about[id]).to_match { decision = "done", reason = "the customer cancelled, and it is not shipped" }
  expect(effects()[1][1]).to_be "taobao.refunds.create"
end)

test("scenario: seller ships over claim", function()
  local ids = given { orders = { one = { state = "waiting_shipment", age = "1h", seller = "ships_anyway" } } }
  local id = ids.orders.one
  local function run(parcel) return play { params = { cancelled = { taobao_row(id, parcel) } } } end
  expect(run().about[id].reason).to_be "the customer cancelled, and it is not shipped"
  advance "40h"
  -- The shipment closed the claim. Nothing is confirmed, nothing is claimed: a person has the parcel refused.
  expect(look(id).state).to_be "waiting_receipt"
  expect(marketplace().refunds[1].state).to_be "closed"
  expect(run().about[id]).to_match {
    decision = "handed_over", reason = "the seller shipped over our claim: refuse or intercept the parcel",
  }
  -- The warehouse says that it was refused; until the trace shows that too, nothing is claimed.
  expect(run "拒收".about[id].reason).to_be "its trace does not show that the parcel was refused"
  expect(#effects()).to_be(1)
  change(id, { trace = "REJECTED" })
  expect(run "拒收".about[id]).to_match { decision = "done", reason = "its parcel was refused" }
  expect(effects()[2]).to_match { "taobao.refunds.create", refundType = 1, goodsStatus = 3 }
  expect(run "拒收".about[id].reason).to_be "a claim is open already"
  -- The money comes back, and that is the end of it.
  happens(marketplace().refunds[2].id, "agree")
  advance "11m"
  expect(marketplace().refunds[2].state).to_be "refunded"
  expect(run "拒收".about[id].decision).to_be "kept"
  expect(#effects()).to_be(2)
end)

test("scenario: id > 2^53", function()
  local ids = given { alibaba_orders = { one = {}, two = {} } }
  local one, two = ids.alibaba_orders.one, ids.alibaba_orders.two
  expect(math.tointeger(one) > 2 ^ 53).to_be(true)
  -- On the wire they are numbers, as 1688 has them: no digit may be lost, or another order is claimed for.
  faults "integer-ids"
  local lines = look(two).lines
  local run = play { params = { cancelled = { row_1688(two) } } }
  expect(run.about[two].decision).to_be "done"
  expect(effects()).to_be { {
    "alibaba.refunds.create", orderId = two, orderEntryIds = { lines[1].id }, disputeRequest = "refund",
    goodsStatus = "refundWaitSellerSend", applyPayment = lines[1].fen, applyCarriage = look(two).fen - lines[1].fen,
    applyReasonId = 20019, description = "客户取消订单，申请退款。",
  } }
  expect(look(two).lines[1].refunds[1].order).to_be(two)
  expect(look(one).lines[1].refunds).to_be_empty()
  -- What is remembered of it, and decided about it, has all its digits.
  happens(two, "ship")
  expect(play { params = { cancelled = { row_1688(two) } } }.about[two].decision).to_be "handed_over"
end)

-- What holds in any world.

local function answered(run)
  if run.waiting_for ~= "approval" then return run end
  return math.random(2) == 1 and approve(run) or reject(run)
end

-- Some of the world's orders, and where their parcels are, drawn at random.
local function sheet_of(world)
  local rows, parcels = {}, {}
  local function add(made)
    if math.random(5) == 1 then return end
    rows[#rows + 1], parcels[made.id] = made, made.parcel or "?"
  end
  local words = { "拒收", "签收" }
  for _, id in ipairs(world.orders) do add(taobao_row(id, words[math.random(3)])) end
  for _, id in ipairs(world.alibaba_orders) do add(row_1688(id, words[math.random(3)])) end
  if #rows == 0 then rows[1] = taobao_row "123456789" end
  return rows, parcels
end

-- The lines that a claim is for.
local function lines_of(write)
  if write.operation == "taobao.refunds.create" then return { write.arguments.purchaseOrderLineId } end
  return write.arguments.orderEntryIds or {}
end

worlds("cancels what is unpaid and claims for what is not shipped, refused or arrived, each line once", function(world)
  local facts = {}
  for index, id in ipairs(world.orders) do facts[id] = world.given.orders[index] end
  for index, id in ipairs(world.alibaba_orders) do facts[id] = world.given.alibaba_orders[index] end
  local rows, parcels = sheet_of(world)
  local limit = math.random(1, 6)
  for _ = 1, 2 do
    local before = #effects()
    answered(play { params = { cancelled = rows, limit = limit } })
    expect(#effects() - before <= limit).to_be(true)
  end
  local seen = {}
  for _, write in ipairs(history()) do
    local order, asked = write.before, write.arguments
    local parcel, is_taobao = parcels[order.id], order.market == "taobao"
    expect(parcel).never.to_be(nil)
    expect(facts[order.id].shows).to_be(nil)
    expect(write.operation:find(is_taobao and "^taobao" or "^alibaba")).to_be(1)
    if write.operation:find "orders.cancel$" then
      expect(order.state).to_be "waiting_payment"
      expect(seen[order.id]).to_be(nil)
      seen[order.id] = true
    else
      expect(order.state == "waiting_shipment" or order.state == "waiting_receipt" and parcel ~= "?").to_be(true)
      local is_return = asked.refundType == 2 or asked.disputeRequest == "returnRefund"
      expect(is_return).to_be(order.state == "waiting_receipt" and parcel == "签收")
      if order.state == "waiting_receipt" and parcel == "拒收" then
        local trace = facts[order.id].trace
        expect(is_taobao and (trace == "REJECTED" or trace == "RETURNED")).to_be(true)
      end
      local lines, worth = {}, 0
      for _, line in ipairs(order.lines) do lines[line.id] = line end
      for _, id in ipairs(lines_of(write)) do
        expect(seen[id]).to_be(nil)
        seen[id], worth = true, worth + lines[id].fen
        for _, refund in ipairs(lines[id].refunds) do expect(refund.state).to_be "closed" end
      end
      -- All that was paid for the lines, and freight at most.
      local amount = asked.refundFee or asked.applyPayment + asked.applyCarriage
      expect(amount >= worth and amount <= order.fen).to_be(true)
    end
  end
end)

worlds("accounts for every order of the sheet, and plans exactly what it then writes", function(world)
  local rows = sheet_of(world)
  local params = { cancelled = rows, limit = math.random(1, 6) }
  local facts, claimed = {}, {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  for index, id in ipairs(world.orders) do facts[id] = world.given.orders[index] end
  for _, order in ipairs(marketplace().orders) do
    for _, line in ipairs(order.lines) do
      local claim = line.refunds[#line.refunds]
      local is_strange = claim and facts[claim.id].shows or (facts[order.id] or {}).shows
      if claim and not is_strange then
        claimed[order.id] = claimed[order.id] or claim.state ~= "refunded" and claim.state ~= "closed"
      end
    end
  end
  local plan = play { mode = "plan", params = params }
  expect(effects).to_be_empty()
  local run = play { params = params }
  if world.faults ~= "" then return end
  local planned, written, told = {}, {}, {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  for _, decision in ipairs(run.decisions) do
    told[decision.subject] = true
    if decision.decision == "done" or decision.decision == "waiting" then written[#written + 1] = decision.subject end
  end
  expect(written).to_be(planned)
  -- Nothing is even tried in vain, but for an order that does not exist.
  expect(run.tally.failed).to_be(rows[1].id == "123456789" and 1 or 0)
  for _, row in ipairs(rows) do
    if claimed[row.id] then expect(run.about[row.id].reason).to_be "a claim is open already" end
    -- Where an order has several lines each of them is told.
    local order = look(row.id)
    expect(told[row.id] or order and told[order.lines[1].id]).never.to_be(nil)
  end
end)
