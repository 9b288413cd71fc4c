-- 退款对账的测试。Money is compared to the fen, and every difference has a name.

local function refunded(amount) return { state = "refunded", age = "9d", amount = amount or "41 CNY" } end

local function bill(id, amount) return { { id = id, amount = amount } } end

test("settles what came in as it was paid", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local id = ids.refunds.one
  local run = play { params = { bills = bill(id, "41 CNY") } }
  expect(run.status).to_be "succeeded"
  expect(run.about[id]).to_match { decision = "kept", reason = "it is settled" }
  expect(run.result).to_be { settled = 1, on_its_way = 0, exceptions = 0 }
  expect(play().about[id]).to_match { decision = "kept", reason = "it was settled before" }
  expect(effects).to_be_empty()
end)

test("hands over %s: %s", {
  { "40.99 CNY", "only a part came in" },
  { "41.01 CNY", "more came in than was paid" },
  { "5.70 USD", "another currency came in" },
}, function(amount, reason)
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local run = play { params = { bills = bill(ids.refunds.one, amount) } }
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
  expect(run.result.exceptions).to_be(1)
end)

test("lets pass what is within the tolerance", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local run = play { params = { bills = bill(ids.refunds.one, "40.99 CNY"), tolerance = "0.01 CNY" } }
  expect(run.about[ids.refunds.one].reason).to_be "it is settled"
end)

test("adds up several payments of one refund", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local id = ids.refunds.one
  local run = play { params = { bills = { { id = id, amount = "40 CNY" }, { id = id, amount = "1 CNY" } } } }
  expect(run.about[id].reason).to_be "it is settled"
end)

test("waits for money, and then misses it", function()
  local ids = given { refunds = { one = refunded() } }
  local id = ids.refunds.one
  expect(play().about[id]).to_match { decision = "kept", reason = "its money may be on its way" }
  advance "2d"
  expect(play().about[id].decision).to_be "kept"
  advance "25h"
  expect(play().about[id]).to_match { decision = "handed_over", reason = "its money has not come in" }
  expect(play { params = { bills = bill(id, "41 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("compares what was paid with what was asked for", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "2d", left = "1h", amount = "30 CNY" } } }
  local id = ids.refunds.one
  expect(play().about[id]).to_match { decision = "kept", reason = "it goes on" }
  advance "2h"
  expect(play { params = { bills = bill(id, "30 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("tells of money for what is %s", {
  { "closed", { state = "closed", age = "9d" }, "it is closed, and money came in" },
  { "going on", { state = "refused", age = "2d", left = "2d" }, "it goes on, and money came in" },
}, function(_, refund, reason)
  local ids = given { refunds = { one = refund } }
  local run = play { params = { bills = bill(ids.refunds.one, "10 CNY") } }
  expect(run.about[ids.refunds.one]).to_match { decision = "handed_over", reason = reason }
end)

test("settles refunds of 1688", function()
  local ids = given { alibaba_refunds = { one = { seller = "prompt", amount = "72 CNY" } } }
  local id = ids.alibaba_refunds.one
  expect(play().about[id].reason).to_be "it goes on"
  advance "13h"
  expect(play { params = { bills = bill(id, "72 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("counts the freight that 1688 pays back", function()
  local ids = given { alibaba_orders = { one = { state = "waiting_shipment", age = "8d", seller = "refusing" } } }
  play { playbook = "late_shipment.lua", params = { claim = true } }
  local refund = marketplace().alibaba_refunds[1]
  expect(effects()[1].applyCarriage > 0).to_be(true)
  expect(refund.fen).to_be(look(ids.alibaba_orders.one).fen)
  happens(refund.id, "agree")
  local run = play { params = { bills = bill(refund.id, refund.fen .. " fen") } }
  expect(run.about[refund.id].reason).to_be "it is settled"
end)

test("goes on where a bill names no refund that exists", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local bills = { { id = "119999999999", amount = "1 CNY" }, { id = ids.refunds.one, amount = "41 CNY" } }
  local run = play { params = { bills = bills } }
  expect(run.tally.failed).to_be(1)
  expect(run.about[ids.refunds.one].reason).to_be "it is settled"
end)

test("reads the same where the marketplace's numbers are texts", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  faults "flip-scalars"
  local run = play { params = { bills = bill(ids.refunds.one, "41 CNY") } }
  expect(run.about[ids.refunds.one].reason).to_be "it is settled"
end)

test("forgets in a plan, and writes nothing", function()
  local ids = given { refunds = { one = refunded() } }
  expect(play { mode = "plan" }.status).to_be "succeeded"
  advance "4d"
  expect(play().about[ids.refunds.one].decision).to_be "kept"
  expect(effects).to_be_empty()
end)

test("says that there is nothing to settle", function()
  local run = play()
  expect(run.result).to_be { settled = 0, on_its_way = 0, exceptions = 0 }
  expect(#run.reports).to_be(3)
end)

-- The freight of a refund's order, in fen.
local function freight_of(refund)
  local order = look(refund.order)
  local goods = 0
  for _, line in ipairs(order.lines) do goods = goods + line.fen end
  return order.fen - goods
end

test("says that the freight was withheld where that is what is missing", function()
  local ids = given { refunds = { one = { state = "refunded", age = "9d", amount = "41 CNY", seller = "refusing" } } }
  local refund = look(ids.refunds.one)
  local freight = freight_of(refund)
  expect(freight > 0).to_be(true)
  local run = play { params = { bills = bill(refund.id, refund.fen - freight .. " fen") } }
  expect(run.about[refund.id]).to_match { decision = "handed_over", reason = "the freight was withheld" }
  run = play { params = { bills = bill(refund.id, refund.fen - freight - 1 .. " fen") } }
  expect(run.about[refund.id].reason).to_be "only a part came in"
end)

test("says that less, or more, was paid than we asked for", function()
  local asked = { state = "waiting_seller", age = "2d", left = "1h", amount = "30 CNY" }
  local ids = given { refunds = { less = asked, more = asked } }
  local less, more = ids.refunds.less, ids.refunds.more
  play()
  change(less, { amount = "29.99 CNY" })
  change(more, { amount = "30.01 CNY" })
  -- As a change by the seller would be: nobody looks before it is paid.
  advance "2h"
  local run = play { params = { bills = { { id = less, amount = "29.99 CNY" }, { id = more, amount = "30.01 CNY" } } } }
  expect(run.about[less]).to_match { decision = "handed_over", reason = "less was paid than we asked for" }
  expect(run.about[more]).to_match { decision = "handed_over", reason = "more was paid than we asked for" }
  expect(run.about[less].detail).to_be "30.00 CNY asked, 29.99 CNY paid"
end)

test("owes no money for what closed while it was watched", function()
  local ids = given { refunds = { one = { state = "refused", age = "2d", left = "1h", amount = "30 CNY" } } }
  play()
  advance "2h"
  expect(look(ids.refunds.one).state).to_be "closed"
  expect(play().about[ids.refunds.one]).to_match { decision = "kept", reason = "it is closed: no money is due" }
  -- And it is forgotten.
  expect(play().about[ids.refunds.one]).to_be(nil)
end)

test("hands over a status that is new, and settles it once it is known", function()
  local ids = given { refunds = { one = refunded "41 CNY" } }
  local id = ids.refunds.one
  change(id, { shows = "95" })
  local run = play { params = { bills = bill(id, "41 CNY") } }
  expect(run.about[id]).to_match { decision = "handed_over", reason = "its status is new to us", detail = "95" }
  expect(run.result).to_be { settled = 0, on_its_way = 0, exceptions = 0 }
  change(id, { shows = "" })
  expect(play { params = { bills = bill(id, "41 CNY") } }.about[id].reason).to_be "it is settled"
end)

test("reconciles several lines of an order each by itself", function()
  local ids = given {
    orders = {
      one = { state = "waiting_receipt", age = "9d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } },
    },
    refunds = {
      first = { order = "one", line = 1, state = "refunded", age = "3d" },
      second = { order = "one", line = 2, state = "refunded", age = "3d" },
    },
  }
  local first, second = look(ids.refunds.first), look(ids.refunds.second)
  local run = play { params = { bills = {
    { id = first.id, amount = first.fen .. " fen" }, { id = second.id, amount = second.fen - 1 .. " fen" },
  } } }
  expect(run.about[first.id].reason).to_be "it is settled"
  expect(run.about[second.id].reason).to_be "only a part came in"
end)

test("applies a tolerance to its own currency alone", function()
  local ids = given { refunds = { one = { state = "refunded", age = "9d", amount = "41 CNY", currency = "USD" } } }
  local id = ids.refunds.one
  local function run(amount) return play { params = { bills = bill(id, amount), tolerance = "1 CNY" } } end
  expect(run "40.99 USD".about[id].reason).to_be "only a part came in"
  expect(run "41 USD".about[id].reason).to_be "it is settled"
end)

test("names its columns in both languages, and adds up amounts", function()
  for _, each in ipairs(play().reports) do
    expect(each.columns[3]).to_be { key = "asked", heading = "申请金额 Asked" }
    expect(each.totals).to_be { "asked", "paid", "received" }
  end
end)

test("scenario: refund 1 fen short", function()
  local ids = given { refunds = { one = { state = "waiting_seller", age = "2d", left = "1h", amount = "30 CNY" } } }
  local id = ids.refunds.one
  expect(play().about[id]).to_match { decision = "kept", reason = "it goes on" }
  advance "2h"
  local run = play { params = { bills = bill(id, "29.99 CNY") } }
  expect(run.about[id]).to_match {
    decision = "handed_over", reason = "only a part came in", detail = "30.00 CNY paid, 29.99 CNY received",
  }
  expect(run.reports[1].rows[1]).to_match {
    refund = id, asked = "30.00 CNY", paid = "30.00 CNY", received = "29.99 CNY",
  }
  -- It stays an exception until the fen is there, or is tolerated.
  expect(play { params = { bills = bill(id, "29.99 CNY") } }.result.exceptions).to_be(1)
  run = play { params = { bills = { { id = id, amount = "29.99 CNY" }, { id = id, amount = "0.01 CNY" } } } }
  expect(run.about[id]).to_match { decision = "kept", reason = "it is settled", detail = "30.00 CNY" }
  expect(play().about[id].reason).to_be "it was settled before"
end)

test("scenario: refund paid in another currency", function()
  local asked = { state = "waiting_seller", age = "2d", left = "1h", amount = "30 CNY" }
  local ids = given { refunds = { billed = asked, shown = asked } }
  local billed, shown = ids.refunds.billed, ids.refunds.shown
  play()
  advance "2h"
  -- One is paid in yuan by the marketplace and comes in as dollars; the other it says itself that it paid in dollars.
  change(shown, { currency = "USD" })
  local bills = { { id = billed, amount = "4.21 USD" }, { id = shown, amount = "30 USD" } }
  local run = play { params = { bills = bills } }
  expect(run.about[billed]).to_match {
    decision = "handed_over", reason = "another currency came in", detail = "4.21 USD",
  }
  expect(run.about[shown]).to_match {
    decision = "handed_over", reason = "it was paid in another currency than we asked for",
    detail = "30.00 CNY asked, 30.00 USD paid",
  }
  -- Nothing is converted: neither counts as settled.
  expect(run.result).to_be { settled = 0, on_its_way = 0, exceptions = 2 }
  bills[1] = { id = billed, amount = "15 CNY" }
  bills[3] = { id = billed, amount = "2.10 USD" }
  expect(play { params = { bills = bills } }.about[billed].detail).to_be "15.00 CNY + 2.10 USD"
end)

-- What holds in any world.

local harmless = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["stale-list=20m"] = true, ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

local function fen_of(amount)
  local whole, cents = amount:gsub(",", ""):match "^(%d+)%.(%d%d)"
  return math.tointeger(whole) * 100 + math.tointeger(cents)
end

-- A sheet on which every refund that was paid is exact, a fen short, in another currency, or missing, and what that
-- makes of it; a refund whose status is new is nothing yet.
local function sheet_of(world)
  local facts = {}
  for index, id in ipairs(world.refunds) do facts[id] = world.given.refunds[index] end
  for index, id in ipairs(world.alibaba_refunds) do
    -- 1688 names no currency.
    facts[id] = { shows = world.given.alibaba_refunds[index].shows }
  end
  local bills, wanted, all = {}, {}, marketplace()
  for _, group in ipairs { all.refunds, all.alibaba_refunds } do
    for _, refund in ipairs(group) do
      local currency, draw = facts[refund.id].currency or "CNY", math.random(4)
      if refund.state == "refunded" and not facts[refund.id].shows then
        wanted[refund.id] = ({ "settled", "exceptions", "exceptions", "on_its_way" })[draw]
        local amount = draw == 2 and refund.fen - 1 or refund.fen
        local text = ("%d.%02d %s"):format(amount // 100, amount % 100, draw == 3 and "EUR" or currency)
        if draw < 4 then bills[#bills + 1] = { id = refund.id, amount = text } end
      end
    end
  end
  return bills, wanted, facts
end

worlds("settles what came in to the fen, and nothing else, and writes nothing", function(world)
  local bills, wanted, facts = sheet_of(world)
  local run = play { params = { bills = #bills > 0 and bills or nil } }
  expect(effects).to_be_empty()
  if not harmless[world.faults] then return end
  for id, fact in pairs(facts) do
    if fact.shows then expect(run.about[id].reason).to_be "its status is new to us" end
  end
  local counts, billed, received = { settled = 0, on_its_way = 0, exceptions = 0 }, {}, 0
  for _, row in ipairs(bills) do billed[row.id] = fen_of(row.amount) end
  for id, class in pairs(wanted) do
    counts[class] = counts[class] + 1
    expect(run.about[id].decision).to_be(class == "exceptions" and "handed_over" or "kept")
    if class == "settled" then received = received + billed[id] end
  end
  expect(run.result).to_be(counts)
  local total = 0
  for _, row in ipairs(run.reports[3].rows) do total = total + fen_of(row.received) end
  expect(total).to_be(received)
end)

worlds("knows what it settled, and misses what has not come after three days", function(world)
  local bills, wanted = sheet_of(world)
  play { params = { bills = #bills > 0 and bills or nil } }
  advance "3d"
  local run = play()
  if not harmless[world.faults] then return end
  for id, class in pairs(wanted) do
    expect(run.about[id].reason).to_be(
      class == "settled" and "it was settled before" or "its money has not come in")
  end
end)
