-- 阻止自动确认收货。Finds shipped orders that are about to be confirmed by themselves while their inspection is pending or a
-- claim is open, and holds them up as far as can be done.
--
-- 自动确认收货会关闭售中退款，货款付给卖家。Confirmation pays the seller and closes an in-sale refund; later claims are after-sale ones.
-- No operation postpones it: what stops it is a claim. So an order on the warehouse's sheet (订单号, 到货, 退款原因, 退款金额)
-- whose row says why and how much is claimed for, and everything else is handed over and listed as "confirm blocked".
-- This playbook never confirms receipt, nor may it.
--
-- Neither marketplace says when it will confirm: that is reckoned from the shipment (`confirm_after`, a figure of
-- 1688's rules). An order whose shipment cannot be dated counts from when it was placed, which is earlier. A claim is
-- for money only, takes the reason and the most that the marketplace renders, and is left to a person where evidence
-- is asked for.
local list       = require "ebb.list"
local money      = require "ebb.money"
local pages      = require "ebb.pages"
local text       = require "ebb.text"
local time       = require "ebb.time"

local p = playbook {
  ebb = 1, name = "stop_auto_confirm", title = "Stop auto-confirm · 阻止自动确认收货",
  params = {
    pending       = { type = "rows", help = "the warehouse's sheet of what is not inspected, or wrong", columns = {
      id      = { type = "id",     heading = { "订单号", "采购单号" } },
      arrived = { type = "choice", heading = "到货", choices = { "已到货", "未到货" }, optional = true },
      reason  = { type = "text",   heading = "退款原因", optional = true },
      amount  = { type = "money",  heading = { "退款金额", "退款金额(元)" }, currency = "CNY", optional = true },
    } },
    markets       = { type = "list", default = "taobao,1688", of = "choice", choices = { "taobao", "1688" },
                      help = "where to look" },
    confirm_after = { type = "duration", default = "10d", help = "orders confirm themselves so long after shipment" },
    within        = { type = "duration", default = "48h", help = "act where it does so within this" },
    limit         = { type = "integer",  default = 20, min = 0, help = "claims in one run" },
    description   = { type = "text",     default = "货物尚未验收完毕，申请售后。", help = "what the claim says" },
  },
  guards = {
    writes           = { "taobao.refunds.create", "alibaba.refunds.create" },
    max_writes       = { run = 20, day = 50 },
    require_approval = { amount = "500 CNY" },
    stop_after       = 3,
  },
  schedule = { every = "6h" },
}

local sheet = {}
for _, group in ipairs(list.group(p.pending or {}, "id")) do sheet[group.key] = group.items end

-- How order lines of both markets spell a claim that goes on.
local open_claims = {
  ["10"] = true, ["20"] = true, ["30"] = true, ["90"] = true, ["-10"] = true,
  waitselleragree = true, waitbuyermodify = true, waitbuyersend = true, waitsellerreceive = true,
}

local function is_open_claim(status) return open_claims[(tostring(status):lower():gsub("_", ""))] == true end

local function confirms_at(shipped, created)
  local from = shipped or created
  return from and from + p.confirm_after
end

-- An order of either market: `id`, `is_shipped`, `claim`, `deadline`, `lines`, `title`, and how to file for a line.

local function file_on_taobao(order, row, line)
  local goods = row.arrived == "未到货" and 3 or 4
  local rendered = taobao.refunds.render { purchaseOrderLineId = line.id, refundType = 1, goodsStatus = goods }
  local template = rendered.refundOrderTemplate or {}
  local reasons = rendered.reasons or template.refundReasons or {}
  local reason = list.find(reasons, function(each) return text.contains_any(each.reasonDesc or "", { row.reason }) end)
  if not reason then return hand_over(order, "the marketplace does not offer this reason", row.reason) end
  if reason.proofRequired then return hand_over(order, "this reason needs evidence", reason.reasonDesc) end
  local limits = template.maxRefundFee or {}
  local most = math.tointeger(tonumber(rendered.maxRefundFee or limits.refundFee))
  if not most or row.amount.fen > most then
    return hand_over(order, "the amount is more than may be asked for", tostring(row.amount))
  end
  return act(order, "it is about to confirm itself", taobao.refunds.create, {
    purchaseOrderLineId = line.id, refundType = 1, goodsStatus = goods,
    reasonId = math.tointeger(tonumber(reason.reasonId)), refundFee = row.amount.fen, refundDesc = p.description,
  })
end

local function of_taobao(answer)
  local lines = answer.orderLineList or {}
  local order = {
    id = tostring(answer.orderId), lines = {}, title = lines[1] and lines[1].title, file = file_on_taobao,
    is_shipped = answer.status == "WAIT_BUYER_CONFIRM_GOODS" or tostring(answer.status) == "11",
  }
  local shipped
  for index, line in ipairs(lines) do
    order.lines[index] = { id = tostring(line.subPurchaseOrderId) }
    if is_open_claim(line.refundStatus) then order.claim = tostring(line.refundId) end
    for _, parcel in ipairs(line.logisticOrders or {}) do
      local at = time.parse(parcel.rtsTime)
      if at and (not shipped or at < shipped) then shipped = at end
    end
  end
  order.deadline = confirms_at(shipped, time.parse(answer.createdTime))
  return order
end

local function file_on_1688(order, row, line)
  local goods = row.arrived == "未到货" and "refundWaitBuyerReceive" or "refundBuyerReceived"
  local answer = alibaba.refunds.reasons { orderId = order.id, orderEntryIds = { line.id }, goodsStatus = goods }
  local reason = list.find(answer.reasons or {}, function(each)
    return text.contains_any(each.name or "", { row.reason })
  end)
  if not reason then return hand_over(order, "the marketplace does not offer this reason", row.reason) end
  if reason.needVoucher then return hand_over(order, "this reason needs evidence", reason.name) end
  if not line.amount or row.amount > line.amount then
    return hand_over(order, "the amount is more than may be asked for", tostring(row.amount))
  end
  return act(order, "it is about to confirm itself", alibaba.refunds.create, {
    orderId = order.id, orderEntryIds = { line.id }, disputeRequest = "refund", goodsStatus = goods,
    applyPayment = row.amount.fen, applyCarriage = 0, applyReasonId = tostring(reason.id), description = p.description,
  })
end

local function of_1688(answer)
  local base, lines = answer.baseInfo, answer.productItems or {}
  local order = {
    id = tostring(base.idOfStr or base.id), lines = {}, title = lines[1] and lines[1].name, file = file_on_1688,
    is_shipped = base.status == "waitbuyerreceive" or base.status == "waitbuyersign" or base.status == "signinsuccess",
    deadline = confirms_at(time.parse(base.allDeliveredTime), time.parse(base.createTime)),
  }
  for index, line in ipairs(lines) do
    order.lines[index] = { id = tostring(line.subItemID), amount = money.yuan(line.itemAmount) }
    if is_open_claim(line.refundStatus) then order.claim = tostring(line.refundId or line.refundIdForAs) end
  end
  return order
end

local blocked, filed = {}, 0

local function block(order, reason, detail)
  local left = order.deadline and time.left(order.deadline - now()) or "?"
  blocked[#blocked + 1] = { order = order.id, why = reason, confirms = left, title = order.title }
  hand_over(order, reason, detail or left)
end

local function judge(order)
  local rows = sheet[order.id]
  if not order.is_shipped then return keep(order, "it does not wait for receipt") end
  if not rows and not order.claim then return keep(order, "nothing is pending") end
  if order.deadline and order.deadline - now() > p.within then
    return keep(order, "there is time", time.left(order.deadline - now()))
  end
  if order.claim then return block(order, "a claim is open: confirming closes it", order.claim) end
  if not order.deadline then return block(order, "its inspection is pending, and its shipment cannot be dated") end
  local row = rows[1]
  if not row.reason or not row.amount then return block(order, "its inspection is pending") end
  if #rows > 1 or #order.lines ~= 1 then return block(order, "it has several lines: a person files") end
  if filed >= p.limit then return keep(order, "over this run's limit") end
  if order.file(order, row, order.lines[1]) then filed = filed + 1 end
end

--- Only what may be pending is read singly: lists lag, and there are many orders.
local function consider(row, subject_of, read)
  local listed = subject_of(row)
  if not sheet[listed.id] and not listed.claim then return keep(listed, "nothing is pending") end
  judge(subject_of(read(listed.id)))
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then
    each(pages(taobao.orders.list, { status = "WAIT_BUYER_CONFIRM_GOODS" }), function(row)
      consider(row, of_taobao, function(id) return taobao.orders.get { orderId = id } end)
    end)
  else
    each(pages(alibaba.orders.list, { orderStatus = "waitbuyerreceive" }), function(row)
      consider(row, of_1688, function(id) return alibaba.orders.get { webSite = "1688", orderId = id } end)
    end)
  end
end

report("Confirm blocked · 不可确认收货", blocked)

return { blocked = #blocked, filed = filed }
