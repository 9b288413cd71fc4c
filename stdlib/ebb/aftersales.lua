--- The domain: one model of a refund for Taobao reverse orders and 1688 refunds, so that scripts compare subjects and
--- not answers (`refundStatus` is "-20" here and -20 there).
local host = ...
local money = require "ebb.money"
local time = require "ebb.time"

local aftersales = {}

--- What each status means and who must act next; a status that is not listed is `unknown`.
local taobao_states = {
  ["0"] = { "none" },
  ["10"] = { "waiting_seller", "seller" },
  ["20"] = { "waiting_return", "us" },
  ["30"] = { "waiting_receipt", "seller" },
  ["90"] = { "refunding", "marketplace" },
  ["100"] = { "refunded" },
  ["-10"] = { "refused", "us" },
  ["-20"] = { "closed" },
}

local alibaba_states = {
  waitselleragree = { "waiting_seller", "seller" },
  waitbuyermodify = { "refused", "us" },
  waitbuyersend = { "waiting_return", "us" },
  waitsellerreceive = { "waiting_receipt", "seller" },
  refundsuccess = { "refunded" },
  refundclose = { "closed" },
  refundclosed = { "closed" },
}

local function text(value)
  if value == nil or value == "" then return nil end
  return tostring(value)
end

local function first(...)
  for index = 1, select("#", ...) do
    local value = text((select(index, ...)))
    if value then return value end
  end
end

local function amount(value, currency)
  local fen = math.tointeger(tonumber(value))
  return fen and money.new(fen, currency or "CNY")
end

--- The two clocks of a window may differ by this much before a subject says so (`clock_differs`).
local tolerance = 10 * time.minute

--- Adds the tags that the run started with, by name (`tags.hold`), and who-waits-until-when: `deadline` is the
--- marketplace's date, or now and what remains where there is no date; `time_left` is the shorter of the two readings, so
--- that a wrong clock errs on the careful side. Both are nil where nothing can be read.
local function subject(fields, date, remaining)
  fields.tags = {}
  for _, tag in ipairs(host.tags(fields.id, fields.order_id, fields.line_id)) do fields.tags[tag] = true end
  local fixed = time.parse(date)
  if fixed and fixed <= 0 then fixed = nil end
  local left = math.tointeger(tonumber(remaining))
  local by_date = fixed and fixed - now()
  fields.deadline = fixed or left and now() + left
  fields.time_left = by_date and left and math.min(by_date, left) or by_date or left
  fields.clock_differs = by_date ~= nil and left ~= nil and math.abs(by_date - left) > tolerance
  return fields
end

local function from_taobao(answer, aggregate)
  local order = aggregate.refundOrder
  local line = aggregate.purchaseOrderLine or {}
  local parcel = aggregate.logistics or {}
  local status = text(order.refundStatus)
  local state = taobao_states[status] or { "unknown" }
  local carrier = parcel.logisticsCompany or {}
  return subject({
    market = "taobao", id = text(order.refundId), state = state[1], who = state[2], status = status,
    amount = amount(order.refundFee, answer.currency or line.currency),
    waybill = text(parcel.logisticsNo),
    carrier = first(carrier.logisticCompanyCode, carrier.logisticsCompanyCode),
    supplier = first(line.supplierNick, line.supplierId), order_id = text(line.purchaseOrderId),
    line_id = text(line.purchaseOrderLineId), title = text(line.itemTitle),
    refusal = first(order.sellerRefuseReasonDescribe, order.sellerRefuseReason),
    address = parcel.receiverAddress, raw = answer,
  }, order.timeoutDate, order.remainingTime)
end

local function from_alibaba(answer, detail)
  local status = text(detail.status)
  local state = status and alibaba_states[status:lower():gsub("_", "")] or { "unknown" }
  local return_address = detail.sellerReceiveAddress and {
    receiver = detail.sellerRealName, phone = detail.sellerMobile, detailAddress = detail.sellerReceiveAddress,
  }
  return subject({
    market = "1688", id = first(detail.refundId, detail.id), state = state[1], who = state[2], status = status,
    amount = amount(detail.applyPayment), waybill = text(detail.freightBill), carrier = text(detail.buyerLogisticsName),
    supplier = first(detail.sellerLoginId, detail.sellerMemberId),
    order_id = text(detail.orderId), modified = time.parse(detail.gmtModified), refusal = text(detail.rejectReason),
    address = return_address, raw = answer,
  }, detail.gmtTimeOut)
end

--- A subject from an answer, a list row or a bare reverse order. Money is the refund's amount; `state` is a word,
--- `who` must act next, `time_left` is nil where the deadline cannot be read. `modified`, when it last changed, is known of
--- 1688 alone.
function aftersales.refund(answer)
  if type(answer) ~= "table" then host.raise("invalid", "aftersales.refund takes an answer, not a " .. type(answer)) end
  if answer.refundOrderAggregate then return from_taobao(answer, answer.refundOrderAggregate) end
  if answer.refundOrder then return from_taobao(answer, answer) end
  if answer.refundStatus and answer.refundId then return from_taobao(answer, { refundOrder = answer }) end
  local detail = answer.opOrderRefundModelDetail or answer.result and answer.result.opOrderRefundModelDetail or answer
  if detail.status and (detail.refundId or detail.id) then return from_alibaba(answer, detail) end
  host.raise("invalid", "this answer holds no refund that aftersales knows")
end

--- 1688 gives its refunds ids that begin with TQ; Taobao's are digits.
local function is_alibaba(item, id)
  return type(item) == "table" and item.market == "1688" or id:sub(1, 2) == "TQ"
end

--- Reads a refund afresh, whatever stands for it: a row, an event, a subject, a row of a sheet, or its id.
function aftersales.reread(item)
  local id = host.shared.id_of(item)
  if type(item) == "table" and type(item.messageBody) == "table" then id = host.shared.id_of(item.messageBody) end
  if id == nil then host.raise("invalid", "aftersales.reread: there is no refund id in this " .. type(item)) end
  id = tostring(id)
  if is_alibaba(item, id) then return aftersales.refund(alibaba.refunds.get { refundId = id }) end
  return aftersales.refund(taobao.refunds.get { refundId = id })
end

return aftersales
