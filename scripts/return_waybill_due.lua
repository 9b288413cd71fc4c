-- 退货运单到期提醒。Reminds the warehouse of agreed returns that have no waybill yet, so that none lapses in silence.
--
-- 卖家同意退货后，逾期不填运单号，逆向单关闭、不退款。An agreed return (20) that is not sent in time is closed without a refund. Each is handed
-- over once for each threshold that it passes, by default when 72, 24 and 6 hours are left, and the report is the
-- warehouse's list of parcels to send: where to, and how long there is. The address is remembered when it is first
-- seen, since it may not be readable later; where it changes, a person hears of that first.
--
-- What the warehouse cannot send is on its sheet: 逆向单号, 处理. 延期 asks the seller for more time, once a day and three
-- times in all; 撤销 cancels, which gives the refund up. Nothing else is cancelled, and nothing that has a waybill.
-- That a seller grants more time shows in the deadline alone: the answer is for a person to read.
-- 填写 channel 后，到期提醒同时发到群里，同一原因只发一次：the `channel` hears of each once for its reason.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local notify     = require "ebb.notify"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "return_waybill_due", title = "Return waybill due · 退货运单到期",
  params = {
    alert_at   = { type = "list", of = "duration", default = { "72h", "24h", "6h" },
                   help = "a return is handed over when so much is left, once for each" },
    impossible = { type = "rows", help = "the warehouse's sheet of what it cannot send", columns = {
      id   = { type = "id",     heading = { "逆向单号", "退款单号" } },
      what = { type = "choice", heading = "处理", choices = { "延期", "撤销" } },
    } },
    limit      = { type = "integer", default = 50, min = 0, help = "messages and cancels in one run" },
    text       = { type = "text", default = "您好，逆向单{refund}的退货正在安排，请延长退货时间，剩余{left}，谢谢。",
                   help = "what asks for time; {refund}, {left} are filled in" },
    channel    = { type = "text", help = "the channel that is told; nobody where left out" },
  },
  guards = {
    writes           = { "taobao.refunds.sendMessage", "taobao.refunds.cancel" },
    max_writes       = { run = 50, day = 100 },
    max_amount       = { run = "5000 CNY", day = "10000 CNY" },
    require_approval = { amount = "500 CNY" },
    quiet_hours      = { hours = "22:00-08:00", zone = "Asia/Shanghai" },
    stop_after       = 3,
  },
  schedule = { every = "30m" },
}

local wishes = {}
for _, row in ipairs(p.impossible or {}) do
  -- Whoever writes both wants the one that can be taken back.
  if wishes[row.id] ~= "延期" then wishes[row.id] = row.what end
end

-- The address that was there first, and what changed since.
local function first_address(refund)
  local key = "address:" .. refund.id
  local first = state.get(key)
  if first == nil and refund.address then
    first = aftersales.address(refund)
    state.set(key, first)
  end
  return first, table.concat(aftersales.address_changes(first, refund.address), ", ")
end

local function threshold(refund)
  return list.min(list.filter(p.alert_at, function(limit) return refund.time_left <= limit end))
end

local written = 0

local function write(refund, reason, operation, arguments)
  if written >= p.limit then return keep(refund, "over this run's limit") end
  local answer, code = act(refund, reason, operation, arguments)
  -- What waits for a person may still be written, and counts against the limit.
  if answer or code == "held" or code == "in_doubt" then written = written + 1 end
  -- What waits for news of its outcome counts as written; what a person holds does not.
  return answer ~= nil or code == "in_doubt"
end

local news = notify.news(p.channel)

local to_a_person = hand_over

-- As ever, and the channel hears of it.
local function hand_over(refund, reason, detail)
  news.add(refund, reason)
  to_a_person(refund, reason, detail)
end

local day, most = 24 * time.hour, 3

local function ask_for_time(refund, left)
  local key = "asked:" .. refund.id
  local asked = state.get(key) or { times = 0 }
  if asked.at and now() - asked.at < day then return keep(refund, "it was asked for time today", left) end
  local hour = time.parts(now(), "Asia/Shanghai").hour
  if hour < 8 or hour >= 22 then return keep(refund, "it is night: it is asked for time in the morning", left) end
  if asked.times >= most then return hand_over(refund, "it was asked for time three times", left) end
  local filled = text.fill(p.text, { refund = refund.id, left = time.describe(refund.time_left, "zh") })
  local is_written = write(refund, "the warehouse cannot send it in time", taobao.refunds.sendMessage, {
    refundId = refund.id, refundMessage = (text.cut(filled, aftersales.limits.taobao.message)),
  })
  if is_written then state.set(key, { at = now(), times = asked.times + 1 }) end
end

local last_call = list.min(p.alert_at) or 0
local due = {}

local function judge(refund)
  if refund.state ~= "waiting_return" then return keep(refund, "no return is due", refund.state) end
  if refund.waybill then return keep(refund, "its waybill is filed", refund.waybill) end
  local address, changes = first_address(refund)
  local left = refund.time_left and time.left(refund.time_left)
  due[#due + 1] = {
    refund = refund.id, left = left or "?", amount = refund.amount and tostring(refund.amount) or "?",
    title = refund.title, seller = refund.supplier, receiver = address and address.receiver,
    phone = address and address.phone, address = address and address.detailAddress or "?",
    time_left = refund.time_left,
  }
  if changes ~= "" then return hand_over(refund, "the return address changed", changes) end
  if wishes[refund.id] == "撤销" then
    write(refund, "the warehouse cannot send it", taobao.refunds.cancel, { refundId = refund.id })
    return
  end
  if not left then return hand_over(refund, "a return is due, and its deadline is unreadable") end
  if refund.time_left <= 0 then return hand_over(refund, "a return was due, and its time is over", left) end
  if wishes[refund.id] == "延期" and refund.time_left > last_call then return ask_for_time(refund, left) end
  local limit = threshold(refund)
  if not limit then return keep(refund, "a return is due, with time to spare", left) end
  -- One reason a threshold: a person hears of each once.
  hand_over(refund, "a return is due, and at most " .. time.describe(limit) .. " is left", left)
end

local listed = list.set {}
each(pages(taobao.refunds.list, { refundStatus = 20 }), function(row)
  local refund = aftersales.reread(row)
  listed.add(refund.id)
  judge(refund)
end)

-- Returns that are no longer due are forgotten. Lists lag: each is read once more before.
each(state.keys "address:", function(key)
  local id = key:sub(9)
  if listed.has(id) or aftersales.reread(id).state == "waiting_return" then return end
  state.delete(key)
  state.delete("asked:" .. id)
end)

local function urgency(row) return row.time_left or math.mininteger end

local parcels = list.map(list.sort(due, urgency), function(row)
  return {
    refund = row.refund, left = row.left, amount = row.amount, title = row.title, seller = row.seller,
    receiver = row.receiver, phone = row.phone, address = row.address,
  }
end)
report("To be sent back · 待寄回", parcels, {
  columns = {
    { key = "refund", heading = "逆向单号 Refund" }, { key = "left", heading = "剩余时间 Left" },
    { key = "amount", heading = "金额 Amount" }, { key = "title", heading = "商品 Title" },
    { key = "seller", heading = "卖家 Seller" }, { key = "receiver", heading = "收件人 Receiver" },
    { key = "phone", heading = "电话 Phone" }, { key = "address", heading = "地址 Address" },
  },
  totals = { "amount" },
})

news.send "Returns to be sent · 待寄回"

return { due = #due, written = written }
