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

test("takes no stock in a plan", function()
  given { refunds = { { state = "refunded", age = "2d" } } }
  expect(play { mode = "plan" }.result.came).to_be(0)
  expect(play().result.came).to_be(0)
  expect(play().result.came).to_be(0)
  expect(effects).to_be_empty()
end)
