-- 发货超时。Watches orders that are paid and not shipped in time, on both markets: a person urges the seller, and what
-- stays late is claimed for.
--
-- What sellers promised is on no order, so it is a parameter (`promised`); days of the holiday calendar do not count.
-- Urging has no operation here: 1688's is not offered by PandaPon, its chat has to be opened by a person, and Taobao
-- takes messages on reverse orders only. So a late order is handed over, once a day, with how long it has waited.
-- What is not shipped after `claim_after` is claimed for in full, where `claim` allows it, and else handed over
-- again. An order with a claim is left to that claim.
local list   = require "ebb.list"
local orders = require "ebb.orders"
local pages  = require "ebb.pages"
local state  = require "ebb.state"
local time   = require "ebb.time"

local p = playbook {
  ebb = 1, name = "late_shipment", title = "Late shipment · 发货超时",
  params = {
    markets     = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                    help = "where to look" },
    promised    = { type = "duration", default = "48h", help = "an order is late so long after its payment" },
    claim_after = { type = "duration", default = "7d",  help = "it is claimed for so long after its payment" },
    claim       = { type = "boolean",  default = false, help = "claim by itself; else a person does" },
    holidays    = { type = "list",     help = "days that do not count: 2026-10-01..2026-10-07" },
    back        = { type = "duration", default = "60d", help = "orders placed within this" },
    reasons     = { type = "list",     default = "未按约定时间发货,卖家缺货,不想要了",
                    help = "reasons to give, the first that is offered" },
    description = { type = "text",     default = "超时未发货，申请退款。", help = "what a claim says" },
    limit       = { type = "integer",  default = 20, min = 0, help = "claims in one run" },
  },
  guards = {
    writes           = { "taobao.refunds.create", "alibaba.refunds.create" },
    max_writes       = { run = 20, day = 50 },
    require_approval = { amount = "1000 CNY" },
    stop_after       = 3,
  },
  schedule = { cron = "0 10,16 * * *", zone = "Asia/Shanghai" },
}

local days = time.calendar { zone = "Asia/Shanghai", weekend = {}, holidays = p.holidays or {} }
local day = 24 * time.hour

-- How long ago it was paid, without the holidays that began since.
local function waited(paid)
  local first, last = time.start_of_day(paid, "Asia/Shanghai"), time.start_of_day(now(), "Asia/Shanghai")
  local off = (last - first) // day - time.business_days(days, paid, now())
  return now() - paid - off * day
end

local no_reason = "the marketplace offers none of our reasons without evidence"

local claimed = 0

local function write(order, operation, arguments)
  if claimed >= p.limit then return keep(order, "over this run's limit") end
  local answer, code = act(order, "it is not shipped, and far too late", operation, arguments)
  if answer or code == "held" or code == "in_doubt" then claimed = claimed + 1 end
end

local function claim_on_taobao(order)
  each(order.lines, function(line)
    local subject = #order.lines == 1 and order or { id = line.id, title = line.title }
    local asked = { purchaseOrderLineId = line.id, refundType = 1, goodsStatus = 1 }
    local offer = orders.offer(taobao.refunds.render(asked))
    local reason = orders.reason(offer, p.reasons)
    if not reason then return hand_over(subject, no_reason) end
    if not offer.most then return hand_over(subject, "what may be asked for is unreadable") end
    asked.reasonId, asked.refundFee, asked.refundDesc = math.tointeger(tonumber(reason.id)), offer.most.fen, p.description
    write(subject, taobao.refunds.create, asked)
  end)
end

local function claim_on_1688(order)
  local ids = list.map(order.lines, function(line) return line.id end)
  local goods = "refundWaitSellerSend"
  local offer = orders.offer(alibaba.refunds.reasons { orderId = order.id, orderEntryIds = ids, goodsStatus = goods })
  local reason = orders.reason(offer, p.reasons)
  if not reason then return hand_over(order, no_reason) end
  if list.find(order.lines, function(line) return line.amount == nil end) then
    return hand_over(order, "what may be asked for is unreadable")
  end
  write(order, alibaba.refunds.create, {
    orderId = order.id, orderEntryIds = ids, disputeRequest = "refund", goodsStatus = goods,
    -- Before shipment it has to be for all that was paid.
    applyPayment = list.sum(order.lines, "amount").fen,
    applyCarriage = order.carriage and reason.with_carriage and order.carriage.fen or 0,
    applyReasonId = reason.id, description = p.description,
  })
end

local late = {}

local function urge(order, detail)
  local key = "urged:" .. order.id
  local urged = state.get(key)
  if urged and now() - urged < day then return keep(order, "a person was told within a day", detail) end
  state.set(key, now())
  hand_over(order, "it is late: urge the seller", detail)
end

-- Nil where it is not late, or must not be touched.
local function lateness(order)
  if order.state ~= "waiting_shipment" then return keep(order, "it does not wait for shipment") end
  if orders.claimed(order) then return keep(order, "a claim is open already") end
  if not order.paid then return hand_over(order, "when it was paid is unreadable") end
  local so_long = waited(order.paid)
  if so_long < p.promised then return keep(order, "there is time", time.describe(so_long)) end
  return so_long
end

-- The list says which orders are worth reading singly; what is read counts.
local function consider(row)
  local listed = orders.order(row)
  if not lateness(listed) then return end
  local order = orders.reread(listed)
  local so_long = lateness(order)
  if not so_long then return end
  local detail = "paid " .. time.describe(so_long) .. " ago"
  late[#late + 1] = { order = order.id, waited = time.describe(so_long), title = order.title }
  if so_long < p.claim_after then return urge(order, detail) end
  if not p.claim then return hand_over(order, "it is far too late: claim for it", detail) end
  if order.market == "taobao" then claim_on_taobao(order) else claim_on_1688(order) end
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then
    local filter = { status = "WAIT_SELLER_SEND_GOODS", startTime = now() - p.back }
    each(pages(taobao.orders.list, filter), consider)
  else
    local from = now() - p.back
    local filter = {
      orderStatus = "waitsellersend",
      createStartTime = os.date("!%Y%m%d%H%M%S", from // 1000 + 8 * 3600) .. ("%03d+0800"):format(from % 1000),
    }
    each(pages(alibaba.orders.list, filter), consider)
  end
end

-- What is no longer late is forgotten.
local still_late = list.set(list.map(late, function(row) return row.order end))
for _, key in ipairs(state.keys "urged:") do
  if not still_late.has(key:sub(7)) then state.delete(key) end
end

report("Late · 发货超时", late, { columns = {
  { key = "order", heading = "订单号 Order" }, { key = "waited", heading = "已等待 Waited" },
  { key = "title", heading = "商品 Title" },
} })

return { late = #late, claimed = claimed }
