-- Each test has a marketplace of its own: orders, sellers and time are simulated, and nothing leaves this machine.

test("keeps what is not our turn, and what has time", function()
  local ids = given { refunds = {
    theirs = { state = "waiting_seller", age = "1d", left = "2h" },
    later = { state = "waiting_return", age = "1d", left = "5d" },
  } }
  local run = play()
  expect(run.status).to_be "succeeded"
  expect(run.about[ids.refunds.theirs].reason).to_be "it is not our turn"
  expect(run.about[ids.refunds.later].reason).to_be "there is time left"
  expect(effects).to_be_empty()
end)

test("hands over what runs out", function()
  local ids = given { refunds = { soon = { state = "waiting_return", age = "6d", left = "5h" } } }
  local run = play()
  expect(run.about[ids.refunds.soon].decision).to_be "handed_over"
end)

test("counts a day as urgent unless it is told otherwise", function()
  given { refunds = { { state = "waiting_return", age = "1d", left = "30h" } } }
  expect(play().tally.handed_over).to_be(0)
  expect(play { params = { urgent = "48h" } }.tally.handed_over).to_be(1)
end)
