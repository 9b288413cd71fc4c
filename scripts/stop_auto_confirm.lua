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
local list   = require "ebb.list"
local orders = require "ebb.orders"
local pages  = require "ebb.pages"
local time   = require "ebb.time"

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

-- An order with its `deadline`, the open `claim` on a line of it, and whether it has one that is neither open nor over.
local function order_of(answer)
  local order = orders.order(answer)
  local from = order.shipped or order.created
  order.deadline = from and from + p.confirm_after
  for _, line in ipairs(order.lines) do
    if line.claim == "refunded" or line.claim == "unknown" then
      order.has_other_claim = true
    elseif line.claim ~= "none" and line.claim ~= "closed" then
      order.claim = line.refund_id or line.id
    end
  end
  return order
end

-- The reason on the sheet as the marketplace offers it; nil where a person has to file.
local function reason_for(order, row, offer)
  local reason = orders.reason(offer, { row.reason }, { evidence = true })
  if not reason then return hand_over(order, "the marketplace does not offer this reason", row.reason) end
  if reason.needs_evidence then return hand_over(order, "this reason needs evidence", reason.text) end
  return reason
end

local function file_on_taobao(order, row, line)
  local goods = row.arrived == "未到货" and 3 or 4
  local asked = { purchaseOrderLineId = line.id, refundType = 1, goodsStatus = goods }
  local offer = orders.offer(taobao.refunds.render(asked))
  local reason = reason_for(order, row, offer)
  if not reason then return end
  if not offer.most or row.amount > offer.most then
    return hand_over(order, "the amount is more than may be asked for", tostring(row.amount))
  end
  return act(order, "it is about to confirm itself", taobao.refunds.create, {
    purchaseOrderLineId = line.id, refundType = 1, goodsStatus = goods,
    reasonId = math.tointeger(tonumber(reason.id)), refundFee = row.amount.fen, refundDesc = p.description,
  })
end

local function file_on_1688(order, row, line)
  local goods = row.arrived == "未到货" and "refundWaitBuyerReceive" or "refundBuyerReceived"
  local offer = orders.offer(alibaba.refunds.reasons { orderId = order.id, orderEntryIds = { line.id }, goodsStatus = goods })
  local reason = reason_for(order, row, offer)
  if not reason then return end
  if not line.amount or row.amount > line.amount then
    return hand_over(order, "the amount is more than may be asked for", tostring(row.amount))
  end
  return act(order, "it is about to confirm itself", alibaba.refunds.create, {
    orderId = order.id, orderEntryIds = { line.id }, disputeRequest = "refund", goodsStatus = goods,
    applyPayment = row.amount.fen, applyCarriage = 0, applyReasonId = reason.id, description = p.description,
  })
end

local blocked, filed = {}, 0

local function block(order, reason, detail)
  local left = order.deadline and time.left(order.deadline - now()) or "?"
  blocked[#blocked + 1] = { order = order.id, why = reason, confirms = left, title = order.title }
  hand_over(order, reason, detail or left)
end

local function judge(order)
  local rows = sheet[order.id]
  if order.state ~= "waiting_receipt" then return keep(order, "it does not wait for receipt") end
  if not rows and not order.claim then return keep(order, "nothing is pending") end
  if order.deadline and order.deadline - now() > p.within then
    return keep(order, "there is time", time.left(order.deadline - now()))
  end
  if order.claim then return block(order, "a claim is open: confirming closes it", order.claim) end
  if not order.deadline then return block(order, "its inspection is pending, and its shipment cannot be dated") end
  local row = rows[1]
  if not row.reason or not row.amount then return block(order, "its inspection is pending") end
  -- What was paid back once takes no other claim, and of what is new to us nobody knows whether it does.
  if order.has_other_claim then
    return block(order, "it was paid back, or its claim's status is new: a person files")
  end
  if #rows > 1 or #order.lines ~= 1 then return block(order, "it has several lines: a person files") end
  if filed >= p.limit then return keep(order, "over this run's limit") end
  local file = order.market == "taobao" and file_on_taobao or file_on_1688
  local answer, code = file(order, row, order.lines[1])
  -- What waits for a person, or for news of its outcome, may still be filed.
  if answer or code == "held" or code == "in_doubt" then filed = filed + 1 end
end

--- Only what may be pending is read singly: lists lag, and there are many orders.
local function consider(row)
  local listed = order_of(row)
  if not sheet[listed.id] and not listed.claim then return keep(listed, "nothing is pending") end
  judge(order_of(orders.reread(listed).raw))
end

for _, market in ipairs(p.markets) do
  if market == "taobao" then
    each(pages(taobao.orders.list, { status = "WAIT_BUYER_CONFIRM_GOODS" }), consider)
  else
    each(pages(alibaba.orders.list, { orderStatus = "waitbuyerreceive" }), consider)
  end
end

report("Confirm blocked · 不可确认收货", blocked, { columns = {
  { key = "order", heading = "订单号 Order" }, { key = "why", heading = "原因 Why" },
  { key = "confirms", heading = "自动确认 Confirms" }, { key = "title", heading = "商品 Title" },
} })

return { blocked = #blocked, filed = filed }
