-- 退款对账。Compares what we asked for, what the marketplace says it paid, and what came in, for every refund that ended.
--
-- 平台显示退款成功不等于钱已到账。The bill sheet has one row for each payment: 逆向单号, 到账金额, and its currency where that is not yuan.
-- Amounts are whole fen, and two currencies are never added up or converted. A refund is settled where all three
-- agree within `tolerance`; each difference is handed over with its class: freight withheld, a red packet returned by
-- itself, part of it, more than was paid, another currency. What has not come in after `missing_after` is handed over
-- too, and so is money for a refund that is closed: a closed order is not a paid one.
--
-- What was asked for is remembered while a refund goes on, since it is no longer readable later; of refunds that had
-- ended when this playbook first saw them, it is not known, and not compared. The age of a missing payment counts
-- from when the refund was first seen to have ended. Ebb sees no balance: the sheet is what the finance desk has. It
-- writes nothing.
local aftersales = require "ebb.aftersales"
local list       = require "ebb.list"
local money      = require "ebb.money"
local pages      = require "ebb.pages"
local state      = require "ebb.state"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "reconcile_refunds", title = "Reconcile refunds · 退款对账",
  params = {
    bills         = { type = "rows", help = "payments that came back", columns = {
      id     = { type = "id",    heading = { "逆向单号", "退款单号" } },
      amount = { type = "money", heading = { "到账金额", "到账金额(元)" }, currency = "CNY" },
    } },
    markets       = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                      help = "where to look" },
    back          = { type = "duration", default = "60d",   help = "refunds applied for within this" },
    missing_after = { type = "duration", default = "3d",    help = "money that has not come so long after is missing" },
    tolerance     = { type = "money",    default = "0 CNY", help = "differences up to this are none" },
  },
  guards = { writes = {} },
  schedule = { cron = "0 8 * * *", zone = "Asia/Shanghai" },
}

local bills = {}
for _, group in ipairs(list.group(p.bills or {}, "id")) do
  bills[group.key] = list.map(group.items, function(row) return row.amount end)
end

-- What is remembered of a refund: `asked` in fen, and its `currency`, while it went on; `ended` when it was first seen
-- to be over; `settled` once its money came in.
local function memory_of(id) return state.get("refund:" .. id) or {} end

local function compact(instant)
  return os.date("!%Y%m%d%H%M%S", instant // 1000 + 8 * 3600) .. ("%03d+0800"):format(instant % 1000)
end

local found, listed = list.set {}, {}

local function list_taobao()
  each(pages(taobao.refunds.list, { refundStartTime = now() - p.back }), function(row)
    local refund = aftersales.refund(row)
    listed[refund.id] = refund.state
    found.add(refund.id)
  end)
end

local function list_1688()
  each(pages(alibaba.orders.list, { createStartTime = compact(now() - p.back) }), function(order)
    for _, line in ipairs(order.productItems or {}) do
      for _, id in ipairs { line.refundId or "", line.refundIdForAs or "" } do
        if id ~= "" then found.add(tostring(id)) end
      end
    end
  end)
end

-- What the marketplace says it paid, and what it withheld or returns by itself; each nil where that is unreadable.
local function paid_of(refund)
  if refund.market == "1688" then
    local goods = math.tointeger(tonumber(refund.raw.refundPayment))
    local freight = math.tointeger(tonumber(refund.raw.refundCarriage))
    return goods and money.cny(goods + (freight or 0))
  end
  return refund.amount
end

local function extra_of(refund, name)
  local aggregate = refund.raw.refundOrderAggregate
  local fen = aggregate and math.tointeger(tonumber((aggregate.purchaseOrderLine or {})[name]))
  return fen and fen > 0 and refund.amount and money.new(fen, refund.amount.currency) or nil
end

-- The tolerance is of one currency: in others there is none.
local function differs(left, right)
  local gap = money.abs(left - right)
  return gap > (gap.currency == p.tolerance.currency and p.tolerance or money.new(0, gap.currency))
end

local rows = { settled = {}, open = {}, exceptions = {} }

local function note(where, refund, class, sums)
  local shelf = rows[where]
  shelf[#shelf + 1] = {
    refund = refund.id, class = class, asked = sums.asked and tostring(sums.asked), paid = sums.paid and
      tostring(sums.paid), received = sums.received and tostring(sums.received), title = refund.title,
  }
end

local function except(refund, class, sums, detail)
  note("exceptions", refund, class, sums)
  hand_over(refund, class, detail)
end

-- Compares the amount that should have come with the one that came.
local function class_of(refund, due, came)
  if not differs(due, came) then return nil end
  if came > due then return "more came in than was paid" end
  local gap = due - came
  local freight, packet = extra_of(refund, "postFee"), extra_of(refund, "hongbaoDeductionAmount")
  if packet and not differs(gap, packet) then return "a red packet is returned by itself" end
  if freight and not differs(gap, freight) then return "the freight was withheld" end
  return "only a part came in"
end

local function judge_ended(refund, memory)
  local payments = bills[refund.id]
  local sums = { paid = paid_of(refund), asked = memory.asked and money.new(memory.asked, memory.currency or "CNY") }
  if not sums.paid then return except(refund, "what was paid is unreadable", sums) end
  if sums.asked then
    local detail = tostring(sums.asked) .. " asked, " .. tostring(sums.paid) .. " paid"
    if sums.asked.currency ~= sums.paid.currency then
      return except(refund, "it was paid in another currency than we asked for", sums, detail)
    end
    if differs(sums.asked, sums.paid) then
      local class = sums.paid < sums.asked and "less was paid than we asked for" or "more was paid than we asked for"
      return except(refund, class, sums, detail)
    end
  end
  if not payments then
    local age = now() - memory.ended
    if age >= p.missing_after then
      return except(refund, "its money has not come in", sums, "ended " .. time.describe(age) .. " ago")
    end
    note("open", refund, "on its way", sums)
    return keep(refund, "its money may be on its way", time.describe(age))
  end
  local received = money.sums(payments)
  sums.received = received[1]
  if #received > 1 or received[1].currency ~= sums.paid.currency then
    local texts = list.map(received, tostring)
    return except(refund, "another currency came in", sums, table.concat(texts, " + "))
  end
  local class = class_of(refund, sums.paid, sums.received)
  if class then
    return except(refund, class, sums, tostring(sums.paid) .. " paid, " .. tostring(sums.received) .. " received")
  end
  note("settled", refund, "exact", sums)
  keep(refund, "it is settled", tostring(sums.received))
  return true
end

local function judge(id)
  local key, memory = "refund:" .. id, memory_of(id)
  if memory.settled and not bills[id] then return keep(id, "it was settled before") end
  local refund = aftersales.reread(id)
  if refund.state == "refunded" then
    local ended = memory.ended or now()
    local is_settled = judge_ended(refund, { asked = memory.asked, ended = ended }) or memory.settled
    return state.set(key, { asked = memory.asked, currency = memory.currency, ended = ended, settled = is_settled })
  end
  if refund.state == "closed" then
    state.delete(key)
    if bills[id] then return except(refund, "it is closed, and money came in", { received = bills[id][1] }) end
    return keep(refund, "it is closed: no money is due")
  end
  if refund.state == "unknown" then return hand_over(refund, "its status is new to us", refund.status) end
  local asked = refund.amount or {}
  if memory.asked ~= asked.fen or memory.currency ~= asked.currency then
    state.set(key, { asked = asked.fen, currency = asked.currency })
  end
  if bills[id] then return except(refund, "it goes on, and money came in", { received = bills[id][1] }) end
  keep(refund, "it goes on", refund.state)
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then list_taobao() else list_1688() end
end
for id in pairs(bills) do found.add(id) end
each(found.values(), function(id)
  -- What is closed, was never paid and is on no bill is not read again.
  if listed[id] == "closed" and not bills[id] and next(memory_of(id)) == nil then return end
  judge(id)
end)

-- What is settled and no longer listed is forgotten.
for _, key in ipairs(state.keys "refund:") do
  local id = key:sub(8)
  if not found.has(id) and memory_of(id).settled then state.delete(key) end
end

local shown = {
  columns = {
    { key = "refund", heading = "逆向单号 Refund" }, { key = "class", heading = "分类 Class" },
    { key = "asked", heading = "申请金额 Asked" }, { key = "paid", heading = "平台退款 Paid" },
    { key = "received", heading = "到账金额 Received" }, { key = "title", heading = "商品 Title" },
  },
  totals = { "asked", "paid", "received" },
}
report("Exceptions · 差异", rows.exceptions, shown)
report("On its way · 在途", rows.open, shown)
report("Settled · 已对平", rows.settled, shown)

return { settled = #rows.settled, on_its_way = #rows.open, exceptions = #rows.exceptions }
