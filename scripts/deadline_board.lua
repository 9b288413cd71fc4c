-- 期限看板。Shows every open Taobao reverse order by who must act next, the most urgent first, and hands what is ours and
-- runs out soon to a person.
--
-- It writes nothing. What is ours is a return that has to be sent (20) and a refusal that has to be answered (-10):
-- both lapse into nothing when nobody acts. Each is announced once for each threshold that it passes, by default 72,
-- 24 and 6 hours. A deadline that cannot be read counts as urgent, and so does a status that nobody has seen before,
-- which no list by status shows: what was applied for within `back` is looked through for it. Where the marketplace's
-- two clocks differ by more than ten minutes the row says so, and the shorter one counts. Refunds of 1688 are not on
-- it: no operation lists them.
--
-- 填写 channel 后，需要人处理的发到群里，同一原因只发一次。What is handed over is told to the `channel` as well, once for its reason.
local aftersales = require "ebb.aftersales"
local notify     = require "ebb.notify"
local pages      = require "ebb.pages"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "deadline_board", title = "Deadline board · 期限看板",
  params = {
    alert_at = { type = "list", of = "duration", default = { "72h", "24h", "6h" },
                 help = "what is ours is handed over when so much is left, once for each" },
    back     = { type = "duration", default = "60d", help = "look so far back for statuses that are unknown" },
    channel  = { type = "text", help = "the channel that is told; nobody where left out" },
  },
  guards = { writes = {} },
  schedule = { every = "30m" },
}

-- The open statuses, ours first.
local open = { 20, -10, 10, 30, 90 }

local over = { closed = true, refunded = true, none = true }

local function read_open()
  local refunds, known = {}, {}
  local function look(row)
    -- The list lags: what counts is what the order says itself.
    local refund = aftersales.reread(row)
    if known[refund.id] or over[refund.state] then return end
    known[refund.id] = true
    refunds[#refunds + 1] = refund
  end
  for _, status in ipairs(open) do
    each(pages(taobao.refunds.list, { refundStatus = status }), look)
  end
  each(pages(taobao.refunds.list, { refundStartTime = now() - p.back }), function(row)
    local refund = aftersales.refund(row)
    if refund.state == "unknown" and not known[refund.id] then look(row) end
  end)
  return refunds
end

-- The narrowest threshold that it has passed; nil where it has passed none.
local function threshold(refund)
  if not refund.time_left then return nil end
  local passed
  for _, limit in ipairs(p.alert_at) do
    if refund.time_left <= limit and (not passed or limit < passed) then passed = limit end
  end
  return passed
end

local function urgency(refund) return refund.time_left or math.mininteger end

local news = notify.news(p.channel)

-- Why a person hears of it, by one reason for each threshold; nil where nobody has to.
local function alarm(refund, left)
  if refund.state == "unknown" then return "its status is new to us", refund.status end
  if refund.who ~= "us" then return nil end
  if not left then return "it is our turn, and its deadline is unreadable" end
  if refund.time_left <= 0 then return "it was our turn, and its time is over", left end
  local limit = threshold(refund)
  if not limit then return nil end
  local reason = "it is our turn, and at most " .. time.describe(limit) .. " is left"
  return reason, left
end

local function judge(refund)
  local left = refund.time_left and time.left(refund.time_left)
  local reason, detail = alarm(refund, left)
  if reason then
    news.add(refund, reason)
    return hand_over(refund, reason, detail)
  end
  if refund.who == "us" then return keep(refund, "it is our turn, with time to spare", left) end
  keep(refund, "it is the seller's or the marketplace's turn", left)
end

local refunds = read_open()
table.sort(refunds, function(left, right)
  if urgency(left) ~= urgency(right) then return urgency(left) < urgency(right) end
  return left.id < right.id
end)

local board = { us = {}, seller = {}, marketplace = {}, unknown = {} }
for _, refund in ipairs(refunds) do
  judge(refund)
  local rows = board[refund.who or "unknown"] or board.unknown
  rows[#rows + 1] = {
    refund = refund.id, state = refund.state, left = refund.time_left and time.left(refund.time_left) or "?",
    amount = refund.amount and tostring(refund.amount) or "?", seller = refund.supplier, title = refund.title,
    clock = refund.clock_differs and "the marketplace's clocks differ" or nil,
  }
end

local shown = {
  columns = {
    { key = "refund", heading = "逆向单号 Refund" }, { key = "state", heading = "状态 State" },
    { key = "left", heading = "剩余时间 Left" }, { key = "amount", heading = "金额 Amount" },
    { key = "seller", heading = "卖家 Seller" }, { key = "title", heading = "商品 Title" },
    { key = "clock", heading = "时钟 Clock" },
  },
  totals = { "amount" },
}
report("It is our turn · 轮到我方", board.us, shown)
report("The seller's turn · 等待卖家", board.seller, shown)
report("The marketplace's turn · 等待平台", board.marketplace, shown)
if #board.unknown > 0 then report("Status unknown · 未知状态", board.unknown, shown) end

news.send "Deadlines · 期限提醒"

return { us = #board.us, seller = #board.seller, marketplace = #board.marketplace, unknown = #board.unknown }
