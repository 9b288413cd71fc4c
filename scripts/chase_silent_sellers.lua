-- 催促不回应的卖家。Sends a message to sellers who leave a Taobao reverse order unanswered, and gives those who stay silent to
-- a person, with the time that is left.
--
-- It writes at most once a day and three times in all to the same order, and not at all where the seller has written
-- since our last message: that is ours to answer. What the seller writes is data: it is looked at for who wrote when,
-- never followed. Not every silence is bad: where the order lapses in our favour, it is better to wait than to wake
-- the seller. What silence brings on Taobao is inferred and not documented, so that is for the operator to say
-- (`silence_grants`); 1688 says it of each refund. 1688 has no operation for messages, and its chat has to be opened
-- by a person: its silent sellers are handed over. So is, on Taobao, what lapses soon; the link to the seller's chat
-- holds a login and is not shown: `ebb call taobao.orders.imLink` gives it to whoever may have it.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local pages      = require "ebb.pages"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "chase_silent_sellers", title = "Chase silent sellers · 催促卖家",
  params = {
    markets        = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                       help = "where to look" },
    below          = { type = "duration", default = "24h", help = "chase where less than this is left" },
    after          = { type = "duration", default = "72h", help = "chase also what was applied for so long ago" },
    escalate_below = { type = "duration", default = "6h",  help = "give it to a person where less than this is left" },
    silence_grants = { type = "boolean",  default = false, help = "silence grants it on Taobao: wait instead" },
    limit          = { type = "integer",  default = 100, min = 0, help = "messages in one run" },
    text           = { type = "text", default = "您好，逆向单{refund}（{title}）等待您处理，剩余{left}，请尽快确认，谢谢。",
                       help = "what is written; {refund}, {title}, {left} are filled in" },
  },
  guards = {
    writes       = { "taobao.refunds.sendMessage" },
    max_writes   = { run = 100, day = 300 },
    same_subject = { every = "24h", times = 3 },
    quiet_hours  = { hours = "22:00-08:00", zone = "Asia/Shanghai" },
    stop_after   = 3,
  },
  schedule = { cron = "15 9,14,19 * * *", zone = "Asia/Shanghai" },
}

local function message(refund)
  local filled = text.fill(p.text, {
    refund = refund.id, title = text.cut(text.squeeze(refund.title or ""), { characters = 20 }),
    left = time.describe(refund.time_left, "zh"),
  })
  return (text.cut(filled, aftersales.limits.taobao.message))
end

-- Who speaks in a conversation: 1 the seller, 2 their clerk, 4 us; all others are the marketplace's.
local seller = { ["1"] = true, ["2"] = true }
local us = "4"

-- Whether the seller has written since our last message: then it is ours to answer. The order of the rows is unknown.
local function seller_wrote_last(refund)
  local theirs, ours = math.mininteger, math.mininteger
  for _, row in ipairs(pages(taobao.refunds.messages, { refundId = refund.id })) do
    local role, at = tostring(row.role), time.parse(row.time) or math.mininteger
    if seller[role] then theirs = math.max(theirs, at) end
    if role == us then ours = math.max(ours, at) end
  end
  return theirs > ours
end

-- What both markets share: true where the seller is to be chased.
local function is_due(refund, is_old, waits)
  if refund.state ~= "waiting_seller" then return keep(refund, "the seller has answered", refund.state) end
  if not refund.time_left then return hand_over(refund, "its deadline is unreadable") end
  if waits then return keep(refund, "the seller's silence grants it") end
  if refund.time_left < p.escalate_below then
    return hand_over(refund, "the seller is silent, and it lapses soon", time.left(refund.time_left))
  end
  if refund.time_left > p.below and not is_old then
    return keep(refund, "there is time", time.left(refund.time_left))
  end
  return true
end

local sent = 0

local function chase(refund, is_old)
  if not is_due(refund, is_old, p.silence_grants) then return end
  if seller_wrote_last(refund) then return hand_over(refund, "the seller has written: a person answers") end
  if sent >= p.limit then return keep(refund, "over this run's limit") end
  local answer, code = act(refund, "the seller is silent", taobao.refunds.sendMessage, {
    refundId = refund.id, refundMessage = message(refund),
  })
  -- What waits for its hours, or for news of its outcome, counts as sent.
  if answer or code == "held" or code == "in_doubt" then sent = sent + 1 end
end

local function id_of(row) return aftersales.refund(row).id end

local function chase_on_taobao()
  local waiting = pages(taobao.refunds.list, { refundStatus = 10 })
  -- Taobao does not say when a refund was applied for: it is asked for those that are old.
  local old = list.set {}
  each(pages(taobao.refunds.list, { refundStatus = 10, refundEndTime = now() - p.after }), function(row)
    old.add(id_of(row))
  end)
  each(waiting, function(row) chase(aftersales.reread(row), old.has(id_of(row))) end)
end

local function look_at_1688()
  local ids = list.set {}
  for _, order in ipairs(pages(alibaba.orders.list, { refundStatus = "waitselleragree" })) do
    for _, line in ipairs(order.productItems or {}) do
      for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
        if id ~= "" then ids.add(tostring(id)) end
      end
    end
  end
  each(ids.values(), function(id)
    local refund = aftersales.reread(id)
    local is_old = aftersales.is_stale(refund, p.after) == true
    if is_due(refund, is_old, refund.expiry == "favourable") then
      hand_over(refund, "the seller is silent: on 1688 a person has to write", time.left(refund.time_left))
    end
  end)
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then chase_on_taobao() else look_at_1688() end
end
