-- 重复检测的测试。The simulated marketplaces allow one claim for each line, so that two that go on cannot be made here.

test("tells of a second case for one reverse order", function()
  local ids = given { refunds = { one = { state = "refunded", age = "9d" } } }
  local id = ids.refunds.one
  local run = play { params = { claims = { { case = "A1", id = id }, { case = "A2", id = id } } } }
  expect(run.status).to_be "succeeded"
  expect(run.about.A1).to_match { decision = "kept", reason = "it is attached" }
  expect(run.about.A2).to_match { decision = "handed_over", reason = "another case has this reverse order" }
  expect(run.reports[1].rows[1]).to_match { subject = "A2", other = id .. " belongs to A1" }
  expect(effects).to_be_empty()
end)

test("knows a case again, and finds a second one in a later run", function()
  local claims = { { case = "A1", id = "110000235001" } }
  play { params = { claims = claims } }
  expect(play { params = { claims = claims } }.about.A1.decision).to_be "kept"
  local run = play { params = { claims = { { case = "A2", id = "110000235001" } } } }
  expect(run.about.A2.decision).to_be "handed_over"
end)

test("lets one case have several reverse orders", function()
  local claims = { { case = "A1", id = "110000235001" }, { case = "A1", id = "110000235002" } }
  local run = play { params = { claims = claims } }
  expect(run.result.twice).to_be(0)
end)

test("tells of one payment that is booked twice", function()
  local bills = { { number = "P1", id = "110000235001" }, { number = "P1", id = "110000235002" } }
  local run = play { params = { bills = bills } }
  expect(run.about["110000235002"]).to_match {
    decision = "handed_over", reason = "another reverse order has this payment",
  }
end)

test("keeps what is the only one of its line, on both markets", function()
  local ids = given {
    refunds = {
      asked = { state = "waiting_seller", age = "2d", left = "2d" }, refused = { state = "refused", age = "2d" },
      agreed = { state = "waiting_return", age = "2d" }, sent = { state = "waiting_receipt", age = "2d" },
    },
    alibaba_refunds = { one = { age = "1d" } },
  }
  local run = play()
  expect(run.tally).to_match { kept = 5, handed_over = 0, failed = 0 }
  expect(run.about[ids.alibaba_refunds.one].reason).to_be "it is the only one of its line"
  expect(play { params = { markets = { "taobao" } } }.about[ids.alibaba_refunds.one]).to_be(nil)
end)

test("does not count what the list still shows and is over", function()
  local ids = given { refunds = { one = { state = "waiting_return", age = "2d", left = "1h" } } }
  advance "61m"
  faults "stale-list"
  expect(play().about[ids.refunds.one]).to_be(nil)
end)

test("forgets in a plan what it attached", function()
  local claims = { { case = "A1", id = "110000235001" } }
  expect(play { mode = "plan", params = { claims = claims } }.status).to_be "succeeded"
  local run = play { params = { claims = { { case = "A2", id = "110000235001" } } } }
  expect(run.about.A2.decision).to_be "kept"
  expect(effects).to_be_empty()
end)

test("says that nothing is there twice", function()
  local run = play()
  expect(run.result).to_be { twice = 0 }
  expect(#run.reports).to_be(1)
end)

-- Two claims that go on for one line, on either marketplace; `before` is an older one of the line.
local function two_of_one_line(before)
  return given {
    orders = {
      one = { state = "waiting_receipt", age = "6d", lines = { { amount = "20 CNY" }, { amount = "30 CNY" } } },
    },
    refunds = {
      first = { order = "one", line = 1, state = before or "refused", age = "4d", left = "3d" },
      second = { order = "one", line = 1, state = "waiting_seller", age = "1d", left = "3d" },
      other = { order = "one", line = 2, state = "waiting_seller", age = "1d", left = "3d" },
    },
  }
end

local doubled = "two claims go on for one order line"

test("tells of two claims that go on for one line, and names the line", function()
  local ids = two_of_one_line()
  local run = play()
  local line = "taobao:" .. look(ids.refunds.first).line
  expect(run.about[ids.refunds.first]).to_match { decision = "handed_over", reason = doubled, detail = line }
  expect(run.about[ids.refunds.second]).to_match { decision = "handed_over", reason = doubled, detail = line }
  expect(run.about[ids.refunds.other]).to_match { decision = "kept", reason = "it is the only one of its line" }
  expect(run.result.twice).to_be(2)
  expect(run.reports[1].columns[3]).to_be { key = "other", heading = "与之重复 Other" }
  expect(effects).to_be_empty()
end)

test("counts a claim that is over no more", function()
  local ids = two_of_one_line "closed"
  local run = play()
  expect(run.about[ids.refunds.second].decision).to_be "kept"
  expect(run.result.twice).to_be(0)
end)

test("counts a claim whose status is new as going on", function()
  local ids = two_of_one_line()
  change(ids.refunds.first, { shows = "95" })
  expect(play().about[ids.refunds.second]).to_match { decision = "handed_over", reason = doubled }
end)

test("lets a line of 1688 have an in-sale and an after-sale refund one after the other, and not at once", function()
  local ids = given {
    alibaba_orders = { one = { state = "waiting_receipt", age = "6d" } },
    alibaba_refunds = {
      early = { order = "one", state = "closed", age = "4d" }, late = { order = "one", age = "1d", left = "3d" },
    },
  }
  expect(play().about[ids.alibaba_refunds.late].decision).to_be "kept"
  expect(play().result.twice).to_be(0)
end)

-- What holds in any world.

local harmless = {
  [""] = true, ["flip-scalars"] = true, ["integer-ids"] = true, ["long-ids,flip-scalars"] = true,
  ["stale-list=20m"] = true, ["duplicate-rows"] = true, ["delay=2s:0.2,duplicate-rows,integer-ids"] = true,
}

local over = { refunded = true, closed = true }

worlds("tells of every line on which two claims go on, and of no other, and writes nothing", function(world)
  -- A second claim where one may go on: what the marketplaces are said to forbid, and do not always.
  local refunds = {}
  for index = 1, 4 do
    refunds[index] = {
      order = "one", line = math.random(2), age = "1h",
      state = ({ "waiting_seller", "refused", "waiting_return", "closed" })[math.random(4)],
    }
  end
  given {
    orders = {
      one = { state = "waiting_receipt", age = "6d", lines = { { amount = "9 CNY" }, { amount = "8 CNY" } } },
    },
    refunds = refunds,
  }
  local run = play()
  expect(effects).to_be_empty()
  if not harmless[world.faults] then return end
  expect(run.status).to_be "succeeded"
  local all, total = marketplace(), 0
  for _, group in ipairs { all.orders, all.alibaba_orders } do
    for _, order in ipairs(group) do
      for _, line in ipairs(order.lines) do
        local going_on = {}
        for _, refund in ipairs(line.refunds) do
          if not over[refund.state] then going_on[#going_on + 1] = refund.id end
        end
        for _, id in ipairs(going_on) do
          expect(run.about[id].decision).to_be(#going_on > 1 and "handed_over" or "kept")
          total = total + 1
        end
      end
    end
  end
  expect(#run.decisions).to_be(total)
end)
