-- 发货超时。Watches orders that are paid and not shipped in time, on both markets: a person urges the seller, and what
-- stays late is claimed for.
--
-- What sellers promised is on no order, so it is a parameter (`promised`); days of the holiday calendar do not count.
-- Urging has no operation here: 1688's is not offered by PandaPon, its chat has to be opened by a person, and Taobao
-- takes messages on reverse orders only. So a late order is handed over, once a day, with how long it has waited.
-- What is not shipped after `claim_after` is claimed for in full, where `claim` allows it, and else handed over
-- again. An order with a claim is left to that claim.
local list  = require "ebb.list"
local money = require "ebb.money"
local pages = require "ebb.pages"
local state = require "ebb.state"
local text  = require "ebb.text"
local time  = require "ebb.time"

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

local function reason_of(offered, name)
  for _, words in ipairs(p.reasons) do
    local reason = list.find(offered, function(each)
      return not (each.proofRequired or each.needVoucher) and text.contains_any(each[name] or "", { words })
    end)
    if reason then return reason end
  end
end

local no_reason = "the marketplace offers none of our reasons without evidence"

-- An order without any claim, by how its lines spell that.
local none = { ["0"] = true, ["-20"] = true, refundclose = true, refundclosed = true, [""] = true, ["nil"] = true }

local function has_claim(status) return not none[(tostring(status):lower():gsub("_", ""))] end

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
    local rendered = taobao.refunds.render(asked)
    local template = rendered.refundOrderTemplate or {}
    local reason = reason_of(rendered.reasons or template.refundReasons or {}, "reasonDesc")
    if not reason then return hand_over(subject, no_reason) end
    local limits = template.maxRefundFee or {}
    local most = math.tointeger(tonumber(rendered.maxRefundFee or limits.refundFee))
    if not most or most < 1 then return hand_over(subject, "what may be asked for is unreadable") end
    asked.reasonId, asked.refundFee = math.tointeger(tonumber(reason.reasonId)), most
    asked.refundDesc = p.description
    write(subject, taobao.refunds.create, asked)
  end)
end

local function of_taobao(answer)
  local order = {
    id = tostring(answer.orderId), paid = time.parse(answer.payTime), claim = claim_on_taobao,
    is_waiting = answer.status == "WAIT_SELLER_SEND_GOODS" or tostring(answer.status) == "10",
  }
  order.lines = list.map(answer.orderLineList or {}, function(line)
    order.has_claim = order.has_claim or has_claim(line.refundStatus)
    return { id = tostring(line.subPurchaseOrderId), title = line.title }
  end)
  order.title = order.lines[1] and order.lines[1].title
  return order
end

local function claim_on_1688(order)
  local ids = list.map(order.lines, function(line) return line.id end)
  local goods = "refundWaitSellerSend"
  local answer = alibaba.refunds.reasons { orderId = order.id, orderEntryIds = ids, goodsStatus = goods }
  local reason = reason_of(answer.reasons or {}, "name")
  if not reason then return hand_over(order, no_reason) end
  if list.find(order.lines, function(line) return line.amount == nil end) then
    return hand_over(order, "what may be asked for is unreadable")
  end
  write(order, alibaba.refunds.create, {
    orderId = order.id, orderEntryIds = ids, disputeRequest = "refund", goodsStatus = goods,
    -- Before shipment it has to be for all that was paid.
    applyPayment = list.sum(order.lines, "amount").fen,
    applyCarriage = order.carriage and not reason.noRefundCarriage and order.carriage.fen or 0,
    applyReasonId = tostring(reason.id), description = p.description,
  })
end

local function of_1688(answer)
  local base = answer.baseInfo
  local order = {
    id = tostring(base.idOfStr or base.id), paid = time.parse(base.payTime), carriage = money.yuan(base.shippingFee),
    is_waiting = base.status == "waitsellersend", claim = claim_on_1688,
  }
  order.lines = list.map(answer.productItems or {}, function(line)
    order.has_claim = order.has_claim or has_claim(line.refundStatus)
    return { id = tostring(line.subItemID), title = line.name, amount = money.yuan(line.itemAmount) }
  end)
  order.title = order.lines[1] and order.lines[1].title
  return order
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
  if not order.is_waiting then return keep(order, "it does not wait for shipment") end
  if order.has_claim then return keep(order, "a claim is open already") end
  if not order.paid then return hand_over(order, "when it was paid is unreadable") end
  local so_long = waited(order.paid)
  if so_long < p.promised then return keep(order, "there is time", time.describe(so_long)) end
  return so_long
end

-- The list says which orders are worth reading singly; what is read counts.
local function consider(listed, read)
  if not lateness(listed) then return end
  local order = read(listed.id)
  local so_long = lateness(order)
  if not so_long then return end
  local detail = "paid " .. time.describe(so_long) .. " ago"
  late[#late + 1] = { order = order.id, waited = time.describe(so_long), title = order.title }
  if so_long < p.claim_after then return urge(order, detail) end
  if not p.claim then return hand_over(order, "it is far too late: claim for it", detail) end
  order.claim(order)
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then
    local filter = { status = "WAIT_SELLER_SEND_GOODS", startTime = now() - p.back }
    each(pages(taobao.orders.list, filter), function(row)
      consider(of_taobao(row), function(id) return of_taobao(taobao.orders.get { orderId = id }) end)
    end)
  else
    local from = now() - p.back
    local filter = {
      orderStatus = "waitsellersend",
      createStartTime = os.date("!%Y%m%d%H%M%S", from // 1000 + 8 * 3600) .. ("%03d+0800"):format(from % 1000),
    }
    each(pages(alibaba.orders.list, filter), function(row)
      consider(of_1688(row), function(id) return of_1688(alibaba.orders.get { webSite = "1688", orderId = id }) end)
    end)
  end
end

-- What is no longer late is forgotten.
local still_late = list.set(list.map(late, function(row) return row.order end))
for _, key in ipairs(state.keys "urged:") do
  if not still_late.has(key:sub(7)) then state.delete(key) end
end

report("Late · 发货超时", late)

return { late = #late, claimed = claimed }
