-- 回填退货运单号的测试。

test("files what the warehouse sent back", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "2d", left = "4d" } } }
  local run = play { params = { returns = {
    { id = ids.refunds.agreed, carrier = "顺丰", waybill = "SF1234567890123", phone = "13800000001" },
  } } }
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.agreed]).to_match { decision = "done" }
  expect(effects).to_contain { "taobao.refunds.submitReturn", refundId = ids.refunds.agreed }
end)

test("files nothing twice", function()
  local ids = given { refunds = { agreed = { state = "waiting_return", age = "2d", left = "4d" } } }
  local sheet = { { id = ids.refunds.agreed, carrier = "顺丰", waybill = "SF1234567890123", phone = "13800000001" } }
  play { params = { returns = sheet } }
  local run = play { params = { returns = sheet } }
  expect(run.about[ids.refunds.agreed]).to_match { decision = "kept", reason = "filed already" }
  expect(#effects()).to_be(1)
end)

local function agreed(left) return { state = "waiting_return", age = "2d", left = left or "4d" } end

local function row(id, waybill, carrier)
  return { id = id, carrier = carrier or "顺丰", waybill = waybill or "SF1234567890123", phone = "13800000001" }
end

test("leaves alone, or to a person, what is %s", {
  { "not agreed yet", { state = "waiting_seller", age = "2d" }, "kept", "no return is due" },
  { "refused", { state = "refused", age = "2d" }, "kept", "no return is due" },
  { "closed", { state = "closed", age = "9d" }, "kept", "no return is due" },
  { "filed otherwise", { state = "waiting_receipt", age = "2d" }, "handed_over",
    "the marketplace holds another waybill" },
  { "waiting, with a parcel", { state = "waiting_return", age = "2d", waybill = true }, "handed_over",
    "the marketplace holds another waybill" },
  { "of a status that is new", { state = "waiting_return", age = "2d", shows = "95" }, "kept", "no return is due" },
}, function(_, refund, decision, reason)
  local ids = given { refunds = { one = refund } }
  local run = play { params = { returns = { row(ids.refunds.one) } } }
  expect(run.about[ids.refunds.one]).to_match { decision = decision, reason = reason }
  expect(effects).to_be_empty()
end)

test("leaves refunds of 1688 to a person", function()
  local ids = given { alibaba_refunds = { one = { state = "waiting_return", kind = "return" } } }
  local run = play { params = { returns = { row(ids.alibaba_refunds.one) } } }
  expect(run.about[ids.alibaba_refunds.one]).to_match {
    decision = "handed_over", reason = "this playbook files on Taobao only",
  }
  expect(effects).to_be_empty()
end)

test("files one waybill for one refund, whichever comes first", function()
  local ids = given { refunds = { one = agreed(), two = agreed() } }
  local one, two = ids.refunds.one, ids.refunds.two
  local run = play { params = { returns = { row(one), row(two) } } }
  expect(run.about[one].decision).to_be "done"
  expect(run.about[two]).to_match {
    decision = "handed_over", reason = "another refund has this waybill", detail = one,
  }
  -- Another run, and however it is written.
  run = play { params = { returns = { row(two, " sf1234567890123 ") } } }
  expect(run.about[two].reason).to_be "another refund has this waybill"
  expect(#effects()).to_be(1)
end)

test("leaves to a person a refund with two waybills, and takes a row that comes twice once", function()
  local ids = given { refunds = { two = agreed(), twice = agreed() } }
  local two, twice = ids.refunds.two, ids.refunds.twice
  local run = play { params = { returns = {
    row(two, "SF1111111111111"), row(two, "SF2222222222222"), row(twice), row(twice),
  } } }
  expect(run.about[two]).to_match {
    decision = "handed_over", reason = "the sheet has more than one waybill for it",
    detail = "SF1111111111111, SF2222222222222",
  }
  expect(run.about[twice].decision).to_be "done"
  expect(#effects()).to_be(1)
end)

test("leaves to a person a carrier that the marketplace does not offer", function()
  local ids = given { refunds = { one = agreed() } }
  local run = play { params = { returns = { row(ids.refunds.one, nil, "蜗牛快递") } } }
  expect(run.about[ids.refunds.one]).to_match {
    decision = "handed_over", reason = "the marketplace does not offer this carrier",
  }
  expect(run.about[ids.refunds.one].detail).to_contain "蜗牛快递; it offers 顺丰"
  expect(effects).to_be_empty()
end)

test("finds the carrier that the warehouse calls %s", {
  { "顺丰速运", "SF" }, { "sf", "SF" }, { "中通快递", "ZTO" }, { "圆通", "YTO" },
}, function(name, code)
  local ids = given { refunds = { one = agreed() } }
  play { params = { returns = { row(ids.refunds.one, nil, name) } } }
  expect(effects()[1]).to_match { "taobao.refunds.submitReturn", logisticsCompanyCode = code }
end)

test("leaves to a person a return whose address is no longer the first one", function()
  local ids = given { refunds = { one = agreed() } }
  local id = ids.refunds.one
  -- The first sight of it: its address is remembered, and nothing can be filed yet.
  play { params = { returns = { row(id, nil, "蜗牛快递") } } }
  change(id, { address = "新疆乌鲁木齐市天山区1号" })
  local run = play { params = { returns = { row(id) } } }
  expect(run.about[id]).to_match {
    decision = "handed_over", reason = "the return address changed", detail = "detailAddress",
  }
  expect(effects).to_be_empty()
end)

test("files where the address can no longer be read", function()
  local ids = given { refunds = { one = agreed() } }
  local id = ids.refunds.one
  play { params = { returns = { row(id, nil, "蜗牛快递") } } }
  change(id, { address = false })
  expect(play { params = { returns = { row(id) } } }.about[id].decision).to_be "done"
end)

test("files once where the answer is lost", function()
  local ids = given { refunds = { one = agreed() } }
  faults "reset-after@taobao.refunds.submitReturn:1"
  expect(play { params = { returns = { row(ids.refunds.one) } } }.about[ids.refunds.one].decision).to_be "done"
  play { params = { returns = { row(ids.refunds.one) } } }
  expect(#effects()).to_be(1)
end)

test("goes on where one refund of the sheet does not exist", function()
  local ids = given { refunds = { one = agreed() } }
  local run = play { params = { returns = { row("119999999999", "SF1111111111111"), row(ids.refunds.one) } } }
  expect(run.tally).to_match { done = 1, failed = 1 }
end)

test("leaves alone what a person holds", function()
  local ids = given { refunds = { held = agreed() } }
  hold(ids.refunds.held)
  play { params = { returns = { row(ids.refunds.held) } } }
  expect(effects).to_be_empty()
  release(ids.refunds.held)
  play { params = { returns = { row(ids.refunds.held) } } }
  expect(#effects()).to_be(1)
end)

test("only says what it would do in a plan, and claims no waybill", function()
  local ids = given { refunds = { one = agreed(), two = agreed() } }
  local run = play { mode = "plan", params = { returns = { row(ids.refunds.one) } } }
  expect(run.about[ids.refunds.one].decision).to_be "planned"
  expect(effects).to_be_empty()
  expect(play { params = { returns = { row(ids.refunds.two) } } }.about[ids.refunds.two].decision).to_be "done"
end)

test("scenario: waybill rejected", function()
  local ids = given { refunds = { one = agreed "30h" } }
  local id = ids.refunds.one
  -- Too short for a waybill: the marketplace takes none of it, and the return is still due.
  local run = play { params = { returns = { row(id, "SF123") } } }
  expect(run.status).to_be "failed"
  expect(run.about[id].decision).to_be "failed"
  expect(look(id)).to_match { state = "waiting_return" }
  expect(effects).to_be_empty()
  -- The same sheet once more is refused once more, and nothing else happens.
  expect(play { params = { returns = { row(id, "SF123") } } }.about[id].decision).to_be "failed"
  -- The warehouse reminds itself meanwhile, and corrects its sheet.
  expect(play { playbook = "return_waybill_due.lua" }.about[id].decision).to_be "handed_over"
  run = play { params = { returns = { row(id, "SF1234567890123") } } }
  expect(run.about[id]).to_match { decision = "done", reason = "the warehouse sent it back" }
  expect(look(id)).to_match { state = "waiting_receipt", waybill = "SF1234567890123" }
  expect(#effects()).to_be(1)
end)

-- What holds in any world.

-- Waybills for some of the refunds, drawn at random from few, so that some come twice.
local function sheet_of(world)
  local rows = {}
  for _, id in ipairs(world.refunds) do
    for _ = 1, math.random(0, 2) do
      rows[#rows + 1] = row(id, "SF123456789000" .. math.random(9), ({ "顺丰", "中通", "蜗牛快递" })[math.random(3)])
    end
  end
  for _, id in ipairs(world.alibaba_refunds) do rows[#rows + 1] = row(id, "YT123456789000" .. math.random(9)) end
  if #rows == 0 then rows[1] = row(world.refunds[1]) end
  return rows
end

worlds("files one waybill for each agreed return, each waybill once, and nothing else", function(world)
  local facts, sheet, wanted = {}, sheet_of(world), {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  for _, each in ipairs(sheet) do
    -- Of a refund with two waybills neither is filed.
    wanted[each.id] = (wanted[each.id] or each.waybill) == each.waybill and each.waybill or "none"
  end
  local run = play { params = { returns = sheet } }
  -- Nothing is even tried in vain.
  if world.faults == "" then expect(run.tally.failed).to_be(0) end
  local once = #effects()
  -- What was filed stays filed, whatever a later sheet says.
  play { params = { returns = sheet_of(world) } }
  local filed, owners = {}, {}
  for index, write in ipairs(history()) do
    local refund, asked = write.before, write.arguments
    expect(write.operation).to_be "taobao.refunds.submitReturn"
    expect(refund.state).to_be "waiting_return"
    expect(refund.waybill).to_be(nil)
    expect(facts[refund.id].shows).to_be(nil)
    expect(filed[refund.id]).to_be(nil)
    filed[refund.id] = true
    expect(owners[asked.logisticsNo]).to_be(nil)
    owners[asked.logisticsNo] = refund.id
    if index <= once then expect(wanted[refund.id]).to_be(asked.logisticsNo) end
    expect(write.after).to_match { state = "waiting_receipt", waybill = asked.logisticsNo }
  end
  if world.faults ~= "" then return end
  local returning = {}
  for _, refund in ipairs(marketplace().refunds) do
    if refund.waybill then
      expect(returning[refund.waybill]).to_be(nil)
      returning[refund.waybill] = true
    end
  end
end)

worlds("accounts for every refund of the sheet, and plans exactly what it then files", function(world)
  local sheet = sheet_of(world)
  local plan = play { mode = "plan", params = { returns = sheet } }
  expect(effects).to_be_empty()
  local run = play { params = { returns = sheet } }
  for _, each in ipairs(sheet) do expect(run.about[each.id]).never.to_be(nil) end
  if world.faults ~= "" then return end
  local planned, filed = {}, {}
  for _, decision in ipairs(plan.decisions) do
    if decision.decision == "planned" then planned[#planned + 1] = decision.subject end
  end
  for _, decision in ipairs(run.decisions) do
    if decision.decision == "done" then filed[#filed + 1] = decision.subject end
  end
  expect(filed).to_be(planned)
end)
