-- 未发货取消。Undoes orders that the end customer cancelled before they were shipped, on both markets.
--
-- 未付款的取消订单；已付款未发货的全额申请仅退款；已发货的按包裹去向处理。The sheet has one row for each order: 市场, 订单号, and, once that is known, 包裹 (拒收
-- or 签收). What is not paid is cancelled. What is paid and not shipped is claimed for in full: 1688 takes no other
-- amount, and Taobao renders what may be asked for. A line has one claim at a time.
--
-- Sellers ship all the same, which closes the claim. Then a person tells the warehouse to refuse or intercept the
-- parcel. When the sheet says that it was refused, and Taobao's trace shows that too, the money alone is claimed for;
-- when it arrived after all, a return is. 1688's traces have no such words: there a person files for what was
-- refused. Receipt is never confirmed; `stop_auto_confirm` watches that it does not confirm itself. Taobao only
-- queues a cancellation: it counts once the order says closed, and where the order was paid or shipped meanwhile the
-- next run finds that.
local list   = require "ebb.list"
local money  = require "ebb.money"
local orders = require "ebb.orders"
local state  = require "ebb.state"

local p = playbook {
  ebb = 1, name = "unshipped_cancellation", title = "Unshipped cancellation · 未发货取消",
  params = {
    cancelled   = { type = "rows", default = "@inbox/cancelled.csv", help = "what customers cancelled", columns = {
      market = { type = "choice", heading = { "市场", "平台" }, choices = { "淘宝", "1688" } },
      id     = { type = "id",     heading = { "订单号", "采购单号" } },
      parcel = { type = "choice", heading = "包裹", choices = { "拒收", "签收" }, optional = true },
    } },
    reasons     = { type = "list", default = "不想要了,七天无理由", help = "reasons to give, the first that is offered" },
    description = { type = "text", default = "客户取消订单，申请退款。", help = "what a claim says" },
    limit       = { type = "integer", default = 50, min = 0, help = "cancellations and claims in one run" },
  },
  guards = {
    writes = {
      "taobao.orders.cancel", "taobao.refunds.create", "alibaba.orders.cancel", "alibaba.refunds.create",
    },
    max_writes       = { run = 50, day = 200 },
    require_approval = { amount = "2000 CNY" },
    stop_after       = 3,
  },
  schedule = { every = "30m" },
}

local written = 0

local function write(order, reason, operation, arguments)
  if written >= p.limit then return keep(order, "over this run's limit") end
  local answer, code = act(order, reason, operation, arguments)
  if answer or code == "held" or code == "in_doubt" then written = written + 1 end
  return answer ~= nil or code == "in_doubt"
end

local no_reason = "the marketplace offers none of our reasons without evidence"

-- A claim that was paid, and one that goes on.
local function is_paid(line) return line.claim == "refunded" end
local function is_claimed(line) return line.claim ~= "none" and line.claim ~= "closed" and not is_paid(line) end

local function cancel(order)
  if order.market == "taobao" then
    return write(order, "the customer cancelled, and it is not paid", taobao.orders.cancel,
      { orderId = order.id, cancelReason = p.description })
  end
  return write(order, "the customer cancelled, and it is not paid", alibaba.orders.cancel,
    { webSite = "1688", orderId = order.id, cancelReason = "buyerCancel" })
end

-- One claim for each line on Taobao, for the most that is rendered.
local function claim_on_taobao(order, lines, why, kind, goods)
  each(lines, function(line)
    local subject = #order.lines == 1 and order or { id = line.id, title = line.title }
    local asked = { purchaseOrderLineId = line.id, refundType = kind, goodsStatus = goods }
    local offer = orders.offer(taobao.refunds.render(asked))
    local reason = orders.reason(offer, p.reasons)
    if not reason then return hand_over(subject, no_reason) end
    if not offer.most then return hand_over(subject, "what may be asked for is unreadable") end
    asked.reasonId, asked.refundFee, asked.refundDesc = math.tointeger(tonumber(reason.id)), offer.most.fen, p.description
    if write(subject, why, taobao.refunds.create, asked) then state.set("claimed:" .. order.id, true) end
  end)
end

-- One claim for all lines on 1688. Before shipment it has to be for all that was paid for them.
local function claim_on_1688(order, lines, why, request, goods)
  local ids = list.map(lines, function(line) return line.id end)
  local offer = orders.offer(alibaba.refunds.reasons { orderId = order.id, orderEntryIds = ids, goodsStatus = goods })
  local reason = orders.reason(offer, p.reasons)
  if not reason then return hand_over(order, no_reason) end
  if list.find(lines, function(line) return line.amount == nil end) then
    return hand_over(order, "what may be asked for is unreadable")
  end
  local carriage = money.cny(0)
  if #lines == #order.lines and order.carriage and reason.with_carriage then carriage = order.carriage end
  local is_written = write(order, why, alibaba.refunds.create, {
    orderId = order.id, orderEntryIds = ids, disputeRequest = request, goodsStatus = goods,
    applyPayment = list.sum(lines, "amount").fen, applyCarriage = carriage.fen,
    applyReasonId = reason.id, description = p.description,
  })
  if is_written then state.set("claimed:" .. order.id, true) end
end

local refused = { REJECTED = true, RETURNED = true }

local function was_refused(line)
  local answer = taobao.orders.logistics { subPurchaseOrderId = line.id }
  return list.find(answer.pnmLogisticsDetails or {}, function(parcel) return refused[parcel.logisticsStatus] end) ~= nil
end

local function judge_shipped(order, lines, parcel)
  if parcel == "签收" then
    local why = "it arrived after all: it goes back"
    if order.market == "taobao" then return claim_on_taobao(order, lines, why, 2, 4) end
    return claim_on_1688(order, lines, why, "returnRefund", "refundBuyerReceived")
  end
  if parcel == "拒收" then
    if order.market ~= "taobao" then return hand_over(order, "its parcel was refused: on 1688 a person files") end
    if list.find(lines, function(line) return not was_refused(line) end) then
      return hand_over(order, "its trace does not show that the parcel was refused")
    end
    return claim_on_taobao(order, lines, "its parcel was refused", 1, 3)
  end
  if state.get("claimed:" .. order.id) then
    return hand_over(order, "the seller shipped over our claim: refuse or intercept the parcel")
  end
  hand_over(order, "it was shipped before it could be cancelled: refuse or intercept the parcel")
end

local function judge(row)
  local order = orders.reread(row.id, row.market == "1688" and "1688" or "taobao")
  if order.state == "closed" then return keep(order, "it is closed already") end
  if order.state == "waiting_payment" then return cancel(order) end
  if list.find(order.lines, is_claimed) then return keep(order, "a claim is open already") end
  local lines = list.reject(order.lines, is_paid)
  if #lines == 0 then return keep(order, "it is paid back already") end
  if order.state == "waiting_receipt" then return judge_shipped(order, lines, row.parcel) end
  if order.state == "waiting_shipment" then
    local why = "the customer cancelled, and it is not shipped"
    if order.market == "taobao" then return claim_on_taobao(order, lines, why, 1, 1) end
    return claim_on_1688(order, lines, why, "refund", "refundWaitSellerSend")
  end
  if order.state == "finished" then
    return hand_over(order, "its receipt is confirmed: a person files", order.status)
  end
  hand_over(order, "its status is new to us", order.status)
end

local rows = list.unique(p.cancelled, "id")
each(rows, judge)

-- What is no longer on the sheet is forgotten.
local on_sheet = list.set(list.map(rows, function(row) return row.id end))
for _, key in ipairs(state.keys "claimed:") do
  if not on_sheet.has(key:sub(9)) then state.delete(key) end
end
