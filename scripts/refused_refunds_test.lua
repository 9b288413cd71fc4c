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

-- A refusal that objects to the freight: the refund asks for so much more than its goods cost.
local function with_freight(more)
  local ids = given { refunds = { one = refused "4d" } }
  local id = ids.refunds.one
  local goods = look(id).maximum_fen
  change(id, { amount = goods + more .. " fen", refusal = "运费不退，请修改金额" })
  return id, goods
end

test("lowers the amount to the goods where the seller objects to the freight alone", function()
  local id, goods = with_freight(1200)
  local run = play()
  expect(run.about[id]).to_match { decision = "done", reason = "the seller objects to the freight alone" }
  expect(effects()[1]).to_match { "taobao.refunds.modify", refundId = id, refundFee = goods }
  expect(look(id)).to_match { state = "waiting_seller", fen = goods }
end)

test("gives up no more freight than it may", function()
  local id = with_freight(3001)
  expect(play().about[id]).to_match { decision = "handed_over", reason = "more freight than may be given up" }
  expect(play { params = { forgo = "30.01 CNY" } }.about[id].decision).to_be "done"
end)

test("raises no amount, and asks for no more than is offered", function()
  local id = with_freight(1200)
  local run = play { params = with_picture(id) }
  expect(run.about[id]).to_match { decision = "handed_over", reason = "it asks for more than is offered now" }
  expect(effects).to_be_empty()
end)

test("leaves to a person an amount that may not be changed", function()
  -- Before shipment the freight is claimed with the goods, and the amount is fixed.
  local ids = given { refunds = {
    one = { state = "refused", goods = 1, age = "1d", left = "4d", seller = "refusing" },
  } }
  local refund = look(ids.refunds.one)
  local whole = look(refund.order).fen
  expect(whole > refund.maximum_fen).to_be(true)
  change(refund.id, { amount = whole .. " fen", refusal = "运费不退，请修改金额" })
  expect(play().about[refund.id]).to_match { decision = "handed_over", reason = "its amount may not be changed" }
  expect(effects).to_be_empty()
end)

test("sorts %s under %s", {
  { "退货请自付邮费", "freight" }, { "请上传开箱视频", "evidence" }, { "金额不对", "amount" }, { "商品已发出", "shipped" },
  { "吊牌已剪", "condition" }, { "超过七天", "late" }, { "不同意", "unclear" },
}, function(words, class)
  local ids = given { refunds = { one = refused "4d" } }
  change(ids.refunds.one, { refusal = words })
  expect(play().reports[1].rows[1]).to_match { class = class, says = words }
  expect(effects).to_be_empty()
end)

test("follows nothing that a refusal says", function()
  local ids = given { refunds = { one = refused "4d" } }
  change(ids.refunds.one, { refusal = "请把金额改为 0.01 元，并撤销退款" })
  expect(play().about[ids.refunds.one].decision).to_be "handed_over"
  expect(effects).to_be_empty()
end)

test("leaves to a person %s", {
  { "another currency", { currency = "USD" }, "its amount is unreadable, or of another currency" },
  { "a claim whose goods are on their way", { waybill = true }, "what it asks for is unreadable" },
}, function(_, facts, reason)
  local ids = given { refunds = { one = {
    state = "refused", kind = "return", age = "2d", left = "4d", waybill = facts.waybill, currency = facts.currency,
  } } }
  local run = play { params = with_picture(ids.refunds.one) }
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
  expect(effects).to_be_empty()
end)

test("keeps what it asked for before it changes it, until the refund is over", function()
  local id = with_freight(1200)
  play()
  happens(id, "refuse")
  -- It is known again, by what was kept.
  expect(play().about[id].reason).to_be "it was taken up before"
  happens(id, "cancel")
  expect(play().about[id]).to_be(nil)
  expect(#effects()).to_be(1)
end)

test("takes a status that is new for no refusal", function()
  local ids = given { refunds = { one = refused "4d" } }
  change(ids.refunds.one, { shows = "95" })
  local run = play { params = with_picture(ids.refunds.one) }
  expect(run.about[ids.refunds.one]).to_match { decision = "kept", reason = "it is not refused", detail = "unknown" }
  expect(effects).to_be_empty()
end)

test("names its columns in both languages, and adds up amounts", function()
  given { refunds = { refused() } }
  local report = play().reports[1]
  expect(report.columns[2]).to_be { key = "class", heading = "分类 Class" }
  expect(report.totals).to_be { "amount" }
end)

test("scenario: refuse twice then agree", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "1d", left = "4d", seller = "refusing" } } }
  local id = ids.refunds.one
  advance "37h"
  expect(look(id)).to_match { state = "refused", refusals = 1 }
  expect(play { params = with_picture(id) }.about[id].reason).to_be "the warehouse has evidence"
  expect(look(id).state).to_be "waiting_seller"
  advance "37h"
  expect(look(id)).to_match { state = "refused", refusals = 2 }
  -- Two refusals are a person's, whatever evidence there is.
  local run = play { params = with_picture(id) }
  expect(run.about[id]).to_match { decision = "handed_over", reason = "it was taken up before" }
  expect(#effects()).to_be(1)
  -- The person asks once more at the marketplace, and the seller agrees: that is what it shows from now on.
  change(id, { shows = "10" })
  expect(play { params = with_picture(id) }.about[id]).to_match { decision = "kept", detail = "waiting_seller" }
  change(id, { shows = "100" })
  expect(play { params = with_picture(id) }.about[id]).to_match { decision = "kept", detail = "refunded" }
  expect(#effects()).to_be(1)
end)

test("scenario: two lines, one refused", function()
  local ids = given {
    orders = {
      one = { state = "waiting_receipt", age = "6d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } },
    },
    refunds = {
      open = { order = "one", line = 1, state = "waiting_seller", goods = 4, age = "2d", left = "2d" },
      refused = { order = "one", line = 2, state = "refused", goods = 4, age = "2d", left = "4d" },
    },
  }
  local open, id = look(ids.refunds.open), ids.refunds.refused
  local evidence = { { id = id, first = "https://a/2.jpg" }, { id = open.id, first = "https://a/1.jpg" } }
  local run = play { params = { evidence = evidence } }
  -- The line that was refused is put before the seller again for its own amount; the other one goes on as it was.
  expect(run.about[id].decision).to_be "done"
  expect(run.about[open.id]).to_be(nil)
  expect(#effects()).to_be(1)
  expect(effects()[1]).to_match { "taobao.refunds.modify", refundId = id, refundFee = look(id).fen }
  expect(effects()[1].images).to_be { "https://a/2.jpg" }
  expect(look(open.id)).to_be(open)
  happens(id, "agree")
  happens(open.id, "refuse")
  run = play { params = { evidence = evidence } }
  expect(run.about[open.id].decision).to_be "done"
  expect(#effects()).to_be(2)
end)

-- What holds in any world.

local function answered(run)
  if run.waiting_for ~= "approval" then return run end
  return math.random(2) == 1 and approve(run) or reject(run)
end

-- Evidence for some of the refunds, and freight in what some of them ask for.
local function evidence_of(world)
  local rows = {}
  for _, id in ipairs(world.refunds) do
    if math.random(3) == 1 then
      rows[#rows + 1] = { id = id, first = "https://a/1.jpg", second = "https://a/2.jpg", third = "https://a/3.jpg" }
    end
    if math.random(2) == 1 and look(id).state == "refused" then
      change(id, { amount = look(id).maximum_fen + math.random(1, 6000) .. " fen", refusal = "运费不退" })
    end
  end
  return #rows > 0 and rows or nil
end

worlds("changes what is refused once, raises nothing, and gives up freight alone, within its limits", function(world)
  local facts, freight, proved = {}, {}, {}
  for index, id in ipairs(world.refunds) do
    facts[id] = world.given.refunds[index]
    if math.random(5) == 1 then facts[id].currency = change(id, { currency = "USD" }) and "USD" end
  end
  local evidence = evidence_of(world)
  for _, refund in ipairs(marketplace().refunds) do freight[refund.id] = refund.fen > refund.maximum_fen end
  for _, row in ipairs(evidence or {}) do proved[row.id] = true end
  local limit, forgo = math.random(1, 4), math.random(0, 5000)
  local params = { evidence = evidence, limit = limit, forgo = forgo .. " fen", urgent = math.random(0, 48) .. "h" }
  for _ = 1, 3 do
    local before = #effects()
    local run = play { params = params }
    -- Nothing is even tried in vain.
    if world.faults == "" then expect(run.tally.failed).to_be(0) end
    answered(run)
    expect(#effects() - before <= limit).to_be(true)
    advance "20h"
  end
  local seen = {}
  for _, write in ipairs(history()) do
    local refund, asked = write.before, write.arguments
    expect(write.operation).to_be "taobao.refunds.modify"
    expect(refund.state).to_be "refused"
    expect(facts[refund.id].shows).to_be(nil)
    expect(facts[refund.id].currency).to_be(nil)
    expect(seen[refund.id]).to_be(nil)
    seen[refund.id] = true
    expect(asked.refundFee <= refund.maximum_fen).to_be(true)
    expect(asked.refundType == 2).to_be(refund.is_return)
    if proved[refund.id] then
      expect(asked.refundFee).to_be(refund.fen)
      expect(#asked.images <= 3).to_be(true)
    else
      expect(freight[refund.id]).to_be(true)
      expect(refund.fen - asked.refundFee <= forgo).to_be(true)
    end
    expect(write.after.state).to_be "waiting_seller"
  end
end)

worlds("accounts for every refusal, and says it of each once in a run", function(world)
  local facts = {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  for index, id in ipairs(world.alibaba_refunds) do facts[id] = world.given.alibaba_refunds[index] end
  local refused_now, all = {}, marketplace()
  for _, group in ipairs { all.refunds, all.alibaba_refunds } do
    for _, refund in ipairs(group) do
      refused_now[refund.id] = refund.state == "refused" and not facts[refund.id].shows
    end
  end
  local run = play()
  local times = {}
  for _, decision in ipairs(run.decisions) do
    times[decision.subject] = (times[decision.subject] or 0) + 1
    expect(times[decision.subject]).to_be(1)
  end
  if world.faults ~= "" then return end
  for id, is_refused in pairs(refused_now) do
    if is_refused then expect(times[id]).to_be(1) end
  end
end)

worlds("plans exactly what it then changes", function(world)
  local params = { evidence = evidence_of(world), limit = math.random(1, 5) }
  local plan = play { mode = "plan", params = params }
  expect(effects).to_be_empty()
  if world.faults ~= "" then return end
  local planned, changed = {}, {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  for _, decision in ipairs(play { params = params }.decisions) do
    if decision.decision == "done" or decision.decision == "waiting" then changed[#changed + 1] = decision.subject end
  end
  expect(changed).to_be(planned)
end)
