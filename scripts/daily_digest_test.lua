-- 每日摘要的测试。Every section is there, also an empty one, and money is added up to the fen.

local function section(run, what)
  for _, row in ipairs(run.reports[1].rows) do
    if row.what:find(what, 1, true) then return row end
  end
end

test("counts what is there by section", function()
  given { refunds = {
    new = { state = "waiting_seller", age = "2h", left = "2d", amount = "10 CNY" },
    silent = { state = "waiting_seller", age = "3d", left = "5h", amount = "20.50 CNY" },
    agreed = { state = "waiting_return", age = "3d", left = "3d", amount = "30 CNY" },
    refused = { state = "refused", age = "3d", left = "3d", amount = "40 CNY" },
    stuck = { state = "waiting_receipt", age = "15d", left = "3d", amount = "1 CNY" },
    moving = { state = "waiting_receipt", age = "5d", left = "3d", amount = "2 CNY" },
    closed = { state = "closed", age = "5d", amount = "99 CNY" },
  } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.result).to_be {
    new = 1, ours = 2, silent = 1, refused = 1, stuck = 1, open = 6, came = 0, unknown = 0,
  }
  expect(section(run, "Money out").amount).to_be "103.50 CNY"
  expect(section(run, "Needs us")).to_match { count = 2, amount = "70.00 CNY" }
  expect(effects).to_be_empty()
end)

test("shows the most urgent first, with what is left", function()
  local ids = given { refunds = {
    later = { state = "waiting_return", age = "1d", left = "5d" },
    soon = { state = "refused", age = "1d", left = "5h" },
  } }
  local rows = play().reports[2].rows
  expect(rows[1]).to_match { refund = ids.refunds.soon, left = "5h left", state = "卖家已拒绝" }
  expect(rows[2].refund).to_be(ids.refunds.later)
end)

test("shows empty sections as zero", function()
  local run = play()
  expect(run.result).to_be {
    new = 0, ours = 0, silent = 0, refused = 0, stuck = 0, open = 0, came = 0, unknown = 0,
  }
  expect(#run.reports[1].rows).to_be(8)
  expect(#run.reports).to_be(5)
end)

test("counts money on the day on which it came, and once", function()
  given { refunds = {
    before = { state = "refunded", age = "9d", amount = "99 CNY" },
    coming = { state = "waiting_seller", age = "2d", left = "5h", amount = "25 CNY" },
  } }
  expect(play().result.came).to_be(0)
  advance "6h"
  local run = play()
  expect(section(run, "Money came back")).to_match { count = 1, amount = "25.00 CNY" }
  expect(play().result.came).to_be(1)
  advance "24h"
  expect(play().result.came).to_be(0)
end)

test("counts refunds of 1688 as well", function()
  given { alibaba_refunds = {
    one = { age = "1h", amount = "72 CNY" }, two = { seller = "refusing", age = "1h" },
  } }
  expect(play().result).to_match { new = 2, open = 2, refused = 0 }
  advance "37h"
  expect(play().result).to_match { new = 0, ours = 1, refused = 1 }
  expect(play { params = { markets = { "taobao" } } }.result.open).to_be(0)
end)

test("counts the same where the marketplace's numbers are texts", function()
  given { refunds = { { state = "refused", age = "1d", left = "5h", amount = "40 CNY" } } }
  faults "flip-scalars,duplicate-rows"
  local run = play()
  expect(section(run, "Needs us")).to_match { count = 1, amount = "40.00 CNY" }
end)

test("goes on where a row of the list cannot be read", function()
  local ids = given {
    orders = { odd = { state = "waiting_receipt", age = "9d" } },
    refunds = {
      odd = { order = "odd", state = "waiting_seller", goods = 4, age = "1h", left = "20h" },
      plain = { state = "waiting_seller", age = "1h", left = "20h", amount = "2000 CNY" },
    },
  }
  -- A currency that nobody knows.
  change(ids.orders.odd, { currency = "XAU" })
  expect(section(play(), "New").count > 0).to_be(true)
end)

test("takes no stock in a plan", function()
  given { refunds = { { state = "refunded", age = "2d" } } }
  expect(play { mode = "plan" }.result.came).to_be(0)
  expect(play().result.came).to_be(0)
  expect(play().result.came).to_be(0)
  expect(effects).to_be_empty()
end)

test("shows a status that is new, and counts it as nothing else", function()
  local ids = given { refunds = {
    strange = { state = "waiting_seller", age = "3d", left = "5h", amount = "20 CNY", shows = "95" },
  } }
  local run = play()
  expect(run.result).to_match { unknown = 1, open = 0, silent = 0, ours = 0 }
  expect(run.reports[5].rows[1]).to_match { refund = ids.refunds.strange, status = "95", state = "未知状态" }
end)

test("adds up no two currencies", function()
  local ids = given {
    orders = { abroad = { state = "waiting_receipt", age = "5d" } },
    refunds = {
      home = { state = "refused", age = "3d", left = "3d", amount = "40 CNY" },
      abroad = { state = "refused", age = "3d", left = "3d", amount = "9 CNY", order = "abroad" },
    },
  }
  -- Rows of the list have the currency of the order.
  change(ids.orders.abroad, { currency = "USD" })
  expect(section(play(), "Needs us").amount).to_be "40.00 CNY + 9.00 USD"
end)

test("names its columns in both languages, and adds up amounts", function()
  local run = play()
  expect(run.reports[1].columns[1]).to_be { key = "what", heading = "栏目 Section" }
  for index = 2, 5 do
    expect(run.reports[index].columns).to_contain { key = "refund", heading = "逆向单号 Refund" }
    expect(run.reports[index].totals).to_be { "amount" }
  end
end)

test("tells the channel every morning, also where there is nothing", function()
  play { params = { channel = "ops" } }
  expect(#notices()).to_be(1)
  expect(notices()[1].channel).to_be "ops"
  expect(notices()[1].title).to_contain "每日摘要"
  expect(notices()[1].text).to_contain "Needs us · 待我方处理: 0, 0"
  expect(notices()[1].lines).to_be_empty()
end)

test("tells the channel what needs us, the most urgent first", function()
  local ids = given { refunds = {
    later = { state = "waiting_return", age = "1d", left = "5d", amount = "30 CNY" },
    soon = { state = "refused", age = "1d", left = "5h", amount = "40 CNY" },
    theirs = { state = "waiting_seller", age = "1d", left = "5h" },
  } }
  play { params = { channel = "ops" } }
  expect(#notices()).to_be(1)
  expect(notices()[1].text).to_contain "Needs us · 待我方处理: 2, 70.00 CNY"
  expect(#notices()[1].lines).to_be(2)
  expect(notices()[1].lines[1]).to_contain(ids.refunds.soon)
end)

test("tells nobody where no channel is named, and nobody in a plan", function()
  play()
  play { mode = "plan", params = { channel = "ops" } }
  expect(notices).to_be_empty()
end)

test("does not fail where its channel does not exist", function()
  local run = play { params = { channel = "nobody" }, channels = { "ops" } }
  expect(run.status).to_be "succeeded"
  expect(#run.reports).to_be(5)
  expect(notices).to_be_empty()
end)

-- What holds in any world.

-- Faults that change how answers look, and not what they say.
local harmless = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

-- What is so of all refunds, as text, to see whether anything happened meanwhile.
local function states()
  local all, texts = marketplace(), {}
  for _, group in ipairs { all.refunds, all.alibaba_refunds } do
    for _, refund in ipairs(group) do texts[#texts + 1] = refund.id .. refund.state end
  end
  return table.concat(texts, " ")
end

local function strange_of(world)
  local strange = {}
  for index, id in ipairs(world.refunds) do strange[id] = world.given.refunds[index].shows ~= nil end
  for index, id in ipairs(world.alibaba_refunds) do strange[id] = world.given.alibaba_refunds[index].shows ~= nil end
  return strange
end

local function fen_of(amount)
  local total = 0
  for whole, cents in amount:gsub(",", ""):gmatch "(%d+)%.(%d%d)" do
    total = total + math.tointeger(whole) * 100 + math.tointeger(cents)
  end
  return total
end

worlds("counts every refund where it belongs, to the fen, and writes nothing", function(world)
  local strange, before = strange_of(world), states()
  local run = play()
  expect(effects).to_be_empty()
  if not harmless[world.faults] or states() ~= before then return end
  local truth = { ours = 0, refused = 0, open = 0, unknown = 0, fen = 0 }
  local over = { refunded = true, closed = true }
  local all = marketplace()
  for _, group in ipairs { all.refunds, all.alibaba_refunds } do
    for _, refund in ipairs(group) do
      if strange[refund.id] then
        truth.unknown = truth.unknown + 1
      elseif not over[refund.state] then
        truth.open, truth.fen = truth.open + 1, truth.fen + refund.fen
        if refund.state == "refused" then truth.refused = truth.refused + 1 end
        if refund.state == "refused" or refund.state == "waiting_return" then truth.ours = truth.ours + 1 end
      end
    end
  end
  expect(run.result).to_match {
    ours = truth.ours, refused = truth.refused, open = truth.open, unknown = truth.unknown, came = 0,
  }
  expect(fen_of(section(run, "Money out").amount)).to_be(truth.fen)
  expect(#run.reports[2].rows).to_be(truth.ours)
  expect(#run.reports[5].rows).to_be(truth.unknown)
end)

worlds("counts all money that comes, each refund on one day", function(world)
  play()
  local before = {}
  for _, refund in ipairs(marketplace().refunds) do before[refund.id] = refund.state == "refunded" end
  local came = 0
  for _ = 1, 2 do
    advance "24h"
    local run = play()
    -- One that breaks off has no digest.
    if not run.error then came = came + run.result.came end
  end
  if not harmless[world.faults] then return end
  local strange, truth, all = strange_of(world), 0, marketplace()
  for _, refund in ipairs(all.refunds) do
    if refund.state == "refunded" and not before[refund.id] and not strange[refund.id] then truth = truth + 1 end
  end
  local counted = 0
  for _, refund in ipairs(all.alibaba_refunds) do
    if refund.state == "refunded" and not strange[refund.id] then counted = counted + 1 end
  end
  -- Of 1688, what had been refunded before the first digest does not count.
  expect(came >= truth and came <= truth + counted).to_be(true)
end)

worlds("sends one message to its channel, or none where it breaks off", function(world)
  local run = play { params = { channel = "ops" } }
  local sent = 0
  for _, notice in ipairs(notices()) do sent = sent + (notice.repeated and 0 or 1) end
  expect(sent).to_be(run.error and 0 or 1)
end)
