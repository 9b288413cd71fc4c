--- Orders: one model for Taobao and 1688, so that scripts compare states and not the words of a marketplace, and what a
--- marketplace offers where a claim is filed. Refunds are in `ebb.aftersales`.
local host = ...
local aftersales = require "ebb.aftersales"
local money = require "ebb.money"
local text = require "ebb.text"
local time = require "ebb.time"
local wire = require "ebb.wire"

---@class ebb.orders
local orders = {}

local function fail(verb, message) host.shared.fail("orders." .. verb .. ": " .. message) end

-- States

---@alias ebb.orders.State "waiting_payment"|"waiting_shipment"|"waiting_receipt"|"finished"|"closed"|"unknown"

local taobao_states = {
  -- The first two are how the wire spells an order that is being built.
  BULIDING = "waiting_payment", BUILDING = "waiting_payment", WAIT_BUYER_P = "waiting_payment",
  WAIT_BUYER_PAY = "waiting_payment", ["0"] = "waiting_payment", ["12"] = "waiting_payment",
  WAIT_SELLER_SEND_GOODS = "waiting_shipment", ["10"] = "waiting_shipment",
  WAIT_BUYER_CONFIRM_GOODS = "waiting_receipt", ["11"] = "waiting_receipt",
  TRADE_FINISHED = "finished", TRADE_CLOSED = "closed", TRADE_CLOSED_BY_TAOBAO = "closed", ["4"] = "closed",
}

local alibaba_states = {
  waitbuyerpay = "waiting_payment", waitsellersend = "waiting_shipment", waitlogisticstakein = "waiting_receipt",
  waitbuyerreceive = "waiting_receipt", waitbuyersign = "waiting_receipt", signinsuccess = "waiting_receipt",
  confirm_goods = "finished", success = "finished", cancel = "closed", terminated = "closed",
}

-- Orders

---@class ebb.orders.Line
---@field id string
---@field title? string
---@field status? string the marketplace's own word
---@field state ebb.orders.State
---@field amount? ebb.Money
---@field claim ebb.aftersales.State of the refund on it; `none` where there is none
---@field refund_id? string

---@class ebb.orders.Order
---@field market "taobao"|"1688"
---@field id string
---@field state ebb.orders.State
---@field status? string the marketplace's own word
---@field amount? ebb.Money what it costs, freight included; nil where it cannot be read
---@field carriage? ebb.Money
---@field created? integer
---@field paid? integer
---@field shipped? integer when its first parcel left
---@field supplier? string
---@field title? string of its first line
---@field lines ebb.orders.Line[]
---@field raw table the answer

local function from_taobao(answer)
  local order = {
    market = "taobao", id = tostring(answer.orderId), status = wire.text(answer.status), lines = {},
    state = taobao_states[tostring(answer.status)] or "unknown", supplier = wire.text(answer.supplierNick),
    amount = wire.amount(answer.purchaseAmount, answer.purchaseCurrency),
    carriage = wire.amount(answer.domesticPostFee, answer.purchaseCurrency),
    created = time.parse(answer.createdTime), paid = time.parse(answer.payTime), raw = answer,
  }
  for index, line in ipairs(answer.orderLineList or {}) do
    order.lines[index] = {
      id = tostring(line.subPurchaseOrderId), title = wire.text(line.title), status = wire.text(line.status),
      state = taobao_states[tostring(line.status)] or "unknown",
      amount = wire.amount(line.purchaseAmount, answer.purchaseCurrency), claim = aftersales.state_of(line.refundStatus),
      refund_id = wire.text(line.refundId),
    }
    for _, parcel in ipairs(line.logisticOrders or {}) do
      local left = time.parse(parcel.rtsTime)
      if left and (not order.shipped or left < order.shipped) then order.shipped = left end
    end
  end
  return order
end

local function from_alibaba(answer)
  local base = answer.baseInfo
  local order = {
    market = "1688", id = tostring(base.idOfStr or base.id), status = wire.text(base.status), lines = {},
    state = alibaba_states[base.status] or "unknown", supplier = wire.text(base.sellerLoginId),
    amount = money.yuan(base.totalAmount), carriage = money.yuan(base.shippingFee),
    created = time.parse(base.createTime), paid = time.parse(base.payTime), shipped = time.parse(base.allDeliveredTime),
    raw = answer,
  }
  for index, line in ipairs(answer.productItems or {}) do
    order.lines[index] = {
      id = tostring(line.subItemID), title = wire.text(line.name), status = wire.text(line.status),
      state = alibaba_states[line.status] or "unknown", amount = money.yuan(line.itemAmount),
      claim = aftersales.state_of(line.refundStatus), refund_id = wire.text(line.refundId) or wire.text(line.refundIdForAs),
    }
  end
  return order
end

--- The subject of an answer of `orders.get`, or of a row of `orders.list`, of either marketplace.
---@param answer table
---@return ebb.orders.Order
function orders.order(answer)
  if type(answer) ~= "table" then fail("order", "argument 1 must be an answer or a row, not " .. type(answer)) end
  local order
  if type(answer.baseInfo) == "table" then
    order = from_alibaba(answer)
  elseif answer.orderId ~= nil and answer.status ~= nil then
    order = from_taobao(answer)
  else
    host.raise("invalid", "this answer holds no order that orders knows")
  end
  order.title = order.lines[1] and order.lines[1].title
  return order
end

local function id_of(item)
  if type(item) ~= "table" then return item end
  for _, field in ipairs { "body", "messageBody" } do
    if type(item[field]) == "table" then return id_of(item[field]) end
  end
  if type(item.baseInfo) == "table" then return item.baseInfo.idOfStr or item.baseInfo.id end
  return item.orderId or item.purchaseId or item.purchaseOrderId or item.order_id or item.id
end

--- Reads an order afresh, whatever stands for it: a row, an event, a subject, or its id, for which the market is to be said.
---@param item table|string|integer
---@param market? "taobao"|"1688" where the item does not tell; Taobao unless said
---@return ebb.orders.Order
function orders.reread(item, market)
  local id = id_of(item)
  if id == nil then host.raise("invalid", "orders.reread: there is no order id in this " .. type(item)) end
  if not market and type(item) == "table" then
    local is_1688 = item.baseInfo or type(item.kind) == "string" and item.kind:sub(1, 8) == "alibaba."
    market = item.market or is_1688 and "1688" or nil
  end
  if market == "1688" then return orders.order(alibaba.orders.get { webSite = "1688", orderId = tostring(id) }) end
  if market ~= nil and market ~= "taobao" then fail("reread", "the market is taobao or 1688, not " .. tostring(market)) end
  return orders.order(taobao.orders.get { orderId = tostring(id) })
end

-- Claims

local settled = { none = true, closed = true }

--- The first line with a claim that goes on, was paid or is unknown; nil where there is none.
---@param order ebb.orders.Order
---@return ebb.orders.Line?
function orders.claimed(order)
  for _, line in ipairs(order.lines) do
    if not settled[line.claim] then return line end
  end
end

---@class ebb.orders.Reason
---@field id string as the marketplace has it
---@field text string
---@field needs_evidence boolean
---@field with_carriage boolean whether freight may be asked for (1688; on Taobao it is part of the most)

---@class ebb.orders.Offer
---@field reasons ebb.orders.Reason[]
---@field most? ebb.Money the most that may be asked for (Taobao); nil where it is not said or cannot be read
---@field may_edit boolean whether the amount may be another (Taobao)

--- What a marketplace offers for a claim: of `taobao.refunds.render`, or `alibaba.refunds.reasons`.
---@param rendered table
---@return ebb.orders.Offer
function orders.offer(rendered)
  local template = rendered.refundOrderTemplate or {}
  local limits = template.maxRefundFee or {}
  local most = wire.amount(rendered.maxRefundFee or limits.refundFee, rendered.currency)
  local may_edit = rendered.canEditFee
  if may_edit == nil then may_edit = limits.canEditRefundFee end
  local offer = { reasons = {}, most = most and most.fen > 0 and most or nil, may_edit = wire.flag(may_edit) }
  for _, each in ipairs(rendered.reasons or template.refundReasons or {}) do
    offer.reasons[#offer.reasons + 1] = {
      id = tostring(each.reasonId or each.id), text = wire.text(each.reasonDesc or each.name) or "",
      needs_evidence = wire.flag(each.proofRequired) or wire.flag(each.needVoucher),
      with_carriage = not wire.flag(each.noRefundCarriage),
    }
  end
  return offer
end

--- The first reason of an offer that has one of some words in it, in the order of the words.
---@param offer ebb.orders.Offer
---@param words string[]
---@param options? { evidence: boolean } whether a reason that needs evidence will do
---@return ebb.orders.Reason?
function orders.reason(offer, words, options)
  for _, word in ipairs(words) do
    for _, reason in ipairs(offer.reasons) do
      local will_do = not reason.needs_evidence or options and options.evidence
      if will_do and text.contains_any(reason.text, { word }) then return reason end
    end
  end
end

return orders
