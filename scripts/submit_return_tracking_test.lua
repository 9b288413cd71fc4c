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
