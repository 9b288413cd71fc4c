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
