-- 每日摘要。Says every morning how after-sales stand: what is new, what needs us and how long there is, which sellers are
-- silent, what was refused, what is stuck, and the money that is out and came back.
--
-- 没有内容的栏目也显示为 0：没有消息也是消息。It only reads, from the lists, which may lag by minutes: `deadline_board` has what is
-- urgent. Amounts are added up by currency. Money counts as come back on the day on which a refund was first seen as
-- refunded, and the first digest takes stock of what had been refunded before; what reached the account is for
-- `reconcile_refunds`. What playbooks did is not among what a playbook can read: `ebb history` and `ebb effects` have
-- it. 填写 channel 后每天发一条，没有内容也发：the `channel` gets one message each morning, with what needs us.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local money      = require "ebb.money"
local notify     = require "ebb.notify"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "daily_digest", title = "Daily digest · 每日摘要",
  params = {
    markets      = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                     help = "where to look" },
    new_within   = { type = "duration", default = "24h", help = "applied for within this is new" },
    silent_below = { type = "duration", default = "24h", help = "a seller who waits until less is left is silent" },
    stuck_after  = { type = "duration", default = "14d", help = "on its way back, applied for so long ago: stuck" },
    back         = { type = "duration", default = "60d", help = "refunds applied for within this" },
    channel      = { type = "text", help = "the channel that is told; nobody where left out" },
  },
  guards = { writes = {} },
  schedule = { cron = "0 9 * * *", zone = "Asia/Shanghai" },
}

local today = time.date(now(), "Asia/Shanghai")
local refunds, seen = {}, list.set {}

local function take(refund, facts)
  if not seen.add(refund.id) then return end
  refund.is_new, refund.is_old = facts.is_new, facts.is_old
  refunds[#refunds + 1] = refund
end

local function ids_of(filter)
  local ids = list.set {}
  each(pages(taobao.refunds.list, filter), function(row) ids.add(aftersales.refund(row).id) end)
  return ids
end

local function read_taobao()
  -- Taobao does not say when a refund was applied for: it is asked for those of a time.
  local new = ids_of { refundStartTime = now() - p.new_within }
  local old = ids_of { refundStatus = 30, refundEndTime = now() - p.stuck_after }
  local function look(row)
    local refund = aftersales.refund(row)
    take(refund, { is_new = new.has(refund.id), is_old = old.has(refund.id) })
  end
  for _, status in ipairs { 10, 20, 30, 90, -10 } do
    each(pages(taobao.refunds.list, { refundStatus = status }), look)
  end
  each(pages(taobao.refunds.list, { refundStartTime = now() - p.back }), look)
end

local function compact(instant)
  return os.date("!%Y%m%d%H%M%S", instant // 1000 + 8 * 3600) .. ("%03d+0800"):format(instant % 1000)
end

-- Orders show neither amount nor deadline of a refund of 1688: each is read.
local function read_1688()
  local ids = list.set {}
  each(pages(alibaba.orders.list, { createStartTime = compact(now() - p.back) }), function(order)
    for _, line in ipairs(order.productItems or {}) do
      for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
        if id ~= "" then ids.add(tostring(id)) end
      end
    end
  end)
  each(ids.values(), function(id)
    local refund = aftersales.reread(id)
    local age = aftersales.age(refund)
    take(refund, { is_new = age ~= nil and age <= p.new_within, is_old = age ~= nil and age >= p.stuck_after })
  end)
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then read_taobao() else read_1688() end
end

-- The day on which a refund was first seen as refunded.
local takes_stock = state.get "since" == nil
local function came_today(refund)
  return state.claim("refunded", refund.id, takes_stock and "before" or today) == today
end

local sections = {
  { "new", "New · 新增", function(refund) return refund.is_new end },
  { "ours", "Needs us · 待我方处理", function(refund) return refund.who == "us" end },
  { "silent", "Seller silent · 卖家未回应", function(refund)
    return refund.state == "waiting_seller" and (refund.time_left == nil or refund.time_left < p.silent_below)
  end },
  { "refused", "Refused · 卖家拒绝", function(refund) return refund.state == "refused" end },
  { "stuck", "Return stuck · 退货停滞", function(refund) return refund.state == "waiting_receipt" and refund.is_old end },
  { "open", "Money out · 未收回", function(refund) return aftersales.is_open(refund) == true end },
  { "came", "Money came back today · 今日退款", function(refund)
    return refund.state == "refunded" and came_today(refund)
  end },
  { "unknown", "Unknown status · 未知状态", function(refund) return refund.state == "unknown" end },
}

local function total(items)
  local amounts = list.filter(list.map(items, function(refund) return refund.amount or false end), money.is)
  local texts = list.map(money.sums(amounts), tostring)
  return #texts > 0 and table.concat(texts, " + ") or "0"
end

local digest, result, members = {}, {}, {}
for _, section in ipairs(sections) do
  local items = list.filter(refunds, function(refund) return section[3](refund) == true end)
  members[section[1]], result[section[1]] = items, #items
  digest[#digest + 1] = { what = section[2], count = #items, amount = total(items) }
end
if takes_stock then state.set("since", today) end

local function urgency(refund) return refund.time_left or math.mininteger end

local function details(items)
  return list.map(list.sort(items, urgency), function(refund)
    return {
      refund = refund.id, state = aftersales.name(refund.state, "zh"), status = refund.status,
      left = refund.time_left and time.left(refund.time_left) or "?",
      amount = refund.amount and tostring(refund.amount) or "?", seller = refund.supplier, title = refund.title,
    }
  end)
end

-- Sections overlap, so that only their rows are added up.
report("Digest · 摘要 " .. today, digest, { columns = {
  { key = "what", heading = "栏目 Section" }, { key = "count", heading = "数量 Count" },
  { key = "amount", heading = "金额 Amount" },
} })
for _, name in ipairs { "ours", "silent", "stuck", "unknown" } do
  local section = list.find(sections, function(each) return each[1] == name end)
  report(section[2], details(members[name]), { columns = {
    { key = "refund", heading = "逆向单号 Refund" }, { key = "state", heading = "状态 State" },
    { key = "status", heading = "平台状态 Status" }, { key = "left", heading = "剩余时间 Left" },
    { key = "amount", heading = "金额 Amount" }, { key = "seller", heading = "卖家 Seller" },
    { key = "title", heading = "商品 Title" },
  }, totals = { "amount" } })
end

-- The digest is sent also where there is nothing in it. That nobody could be told is no reason to fail.
if p.channel then
  local lines = list.map(digest, function(row) return row.what .. ": " .. row.count .. ", " .. row.amount end)
  local urgent = list.sort(members.ours, urgency)
  local is_told, problem = pcall(notify.send, p.channel, {
    title = "Digest · 每日摘要 " .. today, text = table.concat(lines, "\n"), subjects = list.chunk(urgent, 200)[1],
  })
  if not is_told then log.warn("nobody was told", { channel = p.channel, problem = tostring(problem) }) end
end

return result
