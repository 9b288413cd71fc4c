--- The domain: one model of a refund for Taobao reverse orders and 1688 refunds, so that scripts compare subjects and
--- not answers (`refundStatus` is "-20" here and -20 there). Where the two markets differ, the model says so: a line has
--- one refund on Taobao and may share one on 1688; only 1688 says when a refund was applied for, how often it was
--- refused, and what happens at its deadline.
local host = ...
local carriers = require "ebb.carriers"
local evidence = require "ebb.evidence"
local text = require "ebb.text"
local time = require "ebb.time"
local wire = require "ebb.wire"

local amount, first, integer, text_of = wire.amount, wire.first, wire.integer, wire.text

---@class ebb.aftersales
local aftersales = {}

local function fail(verb, message) host.raise("invalid", "aftersales." .. verb .. ": " .. message) end

-- States

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

---@alias ebb.aftersales.State "none"|"waiting_seller"|"waiting_return"|"waiting_receipt"|"refunding"|"refunded"|"refused"|"closed"|"unknown"

--- All states, in the order of a refund's life.
---@type ebb.aftersales.State[]
aftersales.states = {
  "none", "waiting_seller", "refused", "waiting_return", "waiting_receipt", "refunding", "refunded", "closed", "unknown",
}

local names = {
  none = { zh = "未申请售后", en = "no refund asked for" },
  waiting_seller = { zh = "待卖家处理", en = "waiting for the seller" },
  refused = { zh = "卖家已拒绝", en = "refused by the seller" },
  waiting_return = { zh = "待我方退货", en = "waiting for our return" },
  waiting_receipt = { zh = "待卖家确认收货", en = "waiting for the seller's receipt" },
  refunding = { zh = "退款中", en = "being refunded" },
  refunded = { zh = "退款成功", en = "refunded" },
  closed = { zh = "已关闭", en = "closed" },
  unknown = { zh = "未知状态", en = "unknown" },
  seller = { zh = "卖家", en = "seller" },
  us = { zh = "我方", en = "us" },
  marketplace = { zh = "平台", en = "marketplace" },
}

--- The name of a state, or of who must act, for people.
---@param word ebb.aftersales.State|"seller"|"us"|"marketplace"
---@param language? "zh"|"en" English unless said
---@return string
function aftersales.name(word, language)
  local own = names[word]
  if not own then fail("name", tostring(word) .. " is no state, and nobody who acts") end
  return own[language or "en"] or fail("name", "there are names in zh and en, not in " .. tostring(language))
end

--- The state that a status means, of a refund or as the line of an order spells it, on either marketplace: `none` where there
--- is no status, `unknown` where it is new to us.
---@param status any
---@return ebb.aftersales.State
function aftersales.state_of(status)
  if status == nil or status == "" or status == host.null then return "none" end
  local word = tostring(status):lower():gsub("_", "")
  local known = taobao_states[word] or alibaba_states[word]
  return known and known[1] or "unknown"
end

-- Subjects

---@class ebb.aftersales.Address
---@field receiver? string
---@field phone? string
---@field detailAddress string
---@field note? string what the seller said as it agreed

---@class ebb.aftersales.Refund
---@field market "taobao"|"1688"
---@field id string
---@field state ebb.aftersales.State
---@field status? string the marketplace's own word
---@field who? "seller"|"us"|"marketplace" who must act next
---@field kind? "refund"|"return" whether goods go back
---@field amount? ebb.Money
---@field waybill? string of the return parcel
---@field carrier? string
---@field deadline? integer
---@field time_left? integer milliseconds; nil where the deadline cannot be read
---@field clock_differs boolean whether the two clocks of a window differ by more than ten minutes
---@field expiry? "favourable"|"unfavourable" what silence until the deadline brings; nil where that is not known
---@field supplier? string
---@field order_id? string
---@field line_id? string the line; of several the first
---@field line_ids string[] all lines it is about
---@field title? string
---@field refusal? string the seller's words
---@field rejections? integer how often it was refused (1688)
---@field applied? integer when it was applied for (1688)
---@field phase? "in_sale"|"after_sale" (1688)
---@field address? ebb.aftersales.Address where goods go back to, while it can be read
---@field tags table<string, boolean>
---@field raw table the answer

--- The two clocks of a window may differ by this much before a subject says so (`clock_differs`).
local tolerance = 10 * time.minute

--- What silence until the deadline brings, by state: the seller's grants what was asked for, ours gives it up.
local expiries = {
  waiting_seller = "favourable", waiting_receipt = "favourable", waiting_return = "unfavourable", refused = "unfavourable",
}

--- Adds the tags that the run started with, by name (`tags.hold`), and who-waits-until-when: `deadline` is the
--- marketplace's date, or now and what remains where there is no date; `time_left` is the shorter of the two readings, so
--- that a wrong clock errs on the careful side. Both are nil where nothing can be read.
local function subject(fields, date, remaining)
  fields.tags = {}
  for _, tag in ipairs(host.tags(fields.id, fields.order_id, fields.line_id)) do fields.tags[tag] = true end
  local fixed = time.parse(date)
  if fixed and fixed <= 0 then fixed = nil end
  local left = integer(remaining)
  local by_date = fixed and fixed - now()
  fields.deadline = fixed or left and now() + left
  fields.time_left = by_date and left and math.min(by_date, left) or by_date or left
  fields.clock_differs = by_date ~= nil and left ~= nil and math.abs(by_date - left) > tolerance
  return fields
end

local function address_of(receiver, phone, detail, note)
  detail = text_of(detail)
  if not detail then return nil end
  return { receiver = text_of(receiver), phone = text_of(phone), detailAddress = detail, note = text_of(note) }
end

local taobao_kinds = { ["1"] = "refund", ["2"] = "return" }

local function from_taobao(answer, aggregate)
  local order = aggregate.refundOrder
  local line = aggregate.purchaseOrderLine or {}
  local parcel = aggregate.logistics or {}
  local status = text_of(order.refundStatus)
  local state = taobao_states[status] or { "unknown" }
  local carrier = parcel.logisticsCompany or {}
  local receiver = parcel.receiverAddress or {}
  local line_id = text_of(line.purchaseOrderLineId)
  return subject({
    market = "taobao", id = text_of(order.refundId), state = state[1], who = state[2], status = status,
    kind = taobao_kinds[text_of(order.refundType) or ""], expiry = expiries[state[1]],
    amount = amount(order.refundFee, answer.currency or line.currency),
    waybill = text_of(parcel.logisticsNo),
    carrier = first(carrier.logisticCompanyCode, carrier.logisticsCompanyCode),
    supplier = first(line.supplierNick, line.supplierId), order_id = text_of(line.purchaseOrderId),
    line_id = line_id, line_ids = { line_id }, title = text_of(line.itemTitle),
    refusal = first(order.sellerRefuseReasonDescribe, order.sellerRefuseReason),
    address = address_of(receiver.receiver, receiver.phone, receiver.detailAddress, parcel.sellerAgreeReturnDescribe),
    raw = answer,
  }, order.timeoutDate, order.remainingTime)
end

--- What 1688 says it does at the deadline, where it says so: its words are not documented, those of its messages are.
local function alibaba_expiry(state, action)
  local word = action and action:upper()
  if word and word:find("AGREE", 1, true) then return "favourable" end
  if word and word:find("CLOSE", 1, true) then return "unfavourable" end
  if not word then return expiries[state] end
end

local function alibaba_kind(detail)
  if detail.refundGoods == true or detail.onlyRefund == false then return "return" end
  if detail.refundGoods == false or detail.onlyRefund == true then return "refund" end
end

local function from_alibaba(answer, detail)
  local status = text_of(detail.status)
  local state = status and alibaba_states[status:lower():gsub("_", "")] or { "unknown" }
  local lines = {}
  for index, id in ipairs(detail.orderEntryIdList or {}) do lines[index] = text_of(id) end
  local payment, carriage = integer(detail.applyPayment), integer(detail.applyCarriage)
  local phases = { ["1"] = "in_sale", ["2"] = "after_sale" }
  return subject({
    market = "1688", id = first(detail.refundId, detail.id), state = state[1], who = state[2], status = status,
    kind = alibaba_kind(detail), expiry = alibaba_expiry(state[1], text_of(detail.timeOutOperateType)),
    amount = payment and amount(payment + (carriage or 0)),
    waybill = text_of(detail.freightBill), carrier = text_of(detail.buyerLogisticsName),
    supplier = first(detail.sellerLoginId, detail.sellerMemberId), order_id = text_of(detail.orderId),
    modified = time.parse(detail.gmtModified),
    line_id = lines[1], line_ids = lines, title = text_of(detail.productName), refusal = text_of(detail.rejectReason),
    rejections = integer(detail.rejectTimes), applied = time.parse(detail.gmtApply),
    phase = phases[text_of(detail.disputeType) or ""],
    address = address_of(detail.sellerRealName, first(detail.sellerMobile, detail.sellerTel), detail.sellerReceiveAddress),
    raw = answer,
  }, detail.gmtTimeOut)
end

--- A subject from an answer, a list row or a bare reverse order. Money is the refund's amount; `state` is a word,
--- `who` must act next, `time_left` is nil where the deadline cannot be read. `modified`, when it last changed, is known of
--- 1688 alone.
---@param answer table
---@return ebb.aftersales.Refund
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
  if id:sub(1, 2) == "TQ" then return true end
  return type(item) == "table" and (item.market == "1688" or type(item.kind) == "string" and item.kind:sub(1, 8) == "alibaba.")
end

--- Reads a refund afresh, whatever stands for it: a row, an event, a subject, a row of a sheet, or its id.
---@param item table|string|integer
---@return ebb.aftersales.Refund
function aftersales.reread(item)
  local id = host.shared.id_of(item)
  for _, field in ipairs { "body", "messageBody" } do
    if type(item) == "table" and type(item[field]) == "table" then id = host.shared.id_of(item[field]) or id end
  end
  if id == nil then host.raise("invalid", "aftersales.reread: there is no refund id in this " .. type(item)) end
  id = tostring(id)
  if is_alibaba(item, id) then return aftersales.refund(alibaba.refunds.get { refundId = id, needTimeOutInfo = true }) end
  return aftersales.refund(taobao.refunds.get { refundId = id })
end

-- Judging

local open = { waiting_seller = true, waiting_return = true, waiting_receipt = true, refunding = true, refused = true }
local over = { none = true, refunded = true, closed = true }

--- Whether a refund goes on; nil where its state is unknown, so that neither answer is taken for granted.
---@param refund ebb.aftersales.Refund
---@return boolean?
function aftersales.is_open(refund)
  if open[refund.state] then return true end
  if over[refund.state] then return false end
end

--- How long ago a refund was applied for, in milliseconds; nil where that cannot be known. Taobao does not say: there the
--- age is in the question (`refundEndTime` of the list), or in what the script itself remembered.
---@param refund ebb.aftersales.Refund
---@param applied? integer when it was applied for, where the script knows
---@return integer?
function aftersales.age(refund, applied)
  applied = applied or refund.applied
  return applied and now() - applied
end

--- Whether a refund that goes on was applied for longer ago than that; nil where its age or state cannot be known.
---@param refund ebb.aftersales.Refund
---@param after string|integer a duration
---@param applied? integer when it was applied for, where the script knows
---@return boolean?
function aftersales.is_stale(refund, after, applied)
  local age, is_open = aftersales.age(refund, applied), aftersales.is_open(refund)
  if is_open == false then return false end
  if age == nil or is_open == nil then return nil end
  return age > time.duration(after)
end

-- Return addresses

local address_fields = { "receiver", "phone", "detailAddress", "note" }

--- A copy of where goods go back to, from a subject, an answer, or what `taobao.refunds.renderReturn` renders; nil while
--- there is none. Keep it when a refund first waits for the return: it may not be readable later.
---@param item table
---@return ebb.aftersales.Address?
function aftersales.address(item)
  if type(item) ~= "table" then fail("address", "argument 1 must be a subject or an answer, not " .. type(item)) end
  local receiver = item.receiverAddress
  if type(receiver) == "table" then
    return address_of(receiver.receiver, receiver.phone, receiver.detailAddress, item.sellerAgreeReturnDescribe)
  end
  local own = item.market and item.address
  if not item.market and (item.refundOrderAggregate or item.refundOrder or item.status) then
    own = aftersales.refund(item).address
  end
  return own and address_of(own.receiver, own.phone, own.detailAddress, own.note)
end

--- Which fields of a return address changed between two snapshots, as names; none where either is missing: an address
--- that can no longer be read has not changed. White space does not count.
---@param before? ebb.aftersales.Address
---@param after? ebb.aftersales.Address
---@return string[]
function aftersales.address_changes(before, after)
  local changes = {}
  if before == nil or after == nil then return changes end
  for _, field in ipairs(address_fields) do
    local old, new = before[field], after[field]
    if text.squeeze(old or "") ~= text.squeeze(new or "") and field ~= "note" then changes[#changes + 1] = field end
  end
  return changes
end

-- Carriers, and evidence: modules of their own

aftersales.carrier = carriers.code
aftersales.limits, aftersales.evidence = evidence.limits, evidence.choose

-- Duplicates

--- What makes two refunds that go on the same claim: market and order line, one text for each line; none where no line is
--- known, or the refund is over. One whose state is unknown counts as going on.
---@param refund ebb.aftersales.Refund
---@return string[]
function aftersales.keys(refund)
  local keys = {}
  if aftersales.is_open(refund) == false then return keys end
  for index, line in ipairs(refund.line_ids or { refund.line_id }) do keys[index] = refund.market .. ":" .. line end
  return keys
end

--- The lines on which more than one refund goes on: `{ key =, refunds = }`, in the order of the list. The same refund
--- twice is no duplicate. On 1688 an in-sale and an after-sale refund of one line may follow each other, and `phase` tells
--- them apart; that both go on at once is listed all the same.
---@param refunds ebb.aftersales.Refund[]
---@return { key: string, refunds: ebb.aftersales.Refund[] }[]
function aftersales.duplicates(refunds)
  local groups, by_key = {}, {}
  for index = 1, #refunds do
    for _, key in ipairs(aftersales.keys(refunds[index])) do
      local group = by_key[key]
      if not group then
        group = { key = key, refunds = {}, seen = {} }
        by_key[key], groups[#groups + 1] = group, group
      end
      if not group.seen[refunds[index].id] then
        group.seen[refunds[index].id] = true
        group.refunds[#group.refunds + 1] = refunds[index]
      end
    end
  end
  local found = {}
  for _, group in ipairs(groups) do
    if #group.refunds > 1 then found[#found + 1] = { key = group.key, refunds = group.refunds } end
  end
  return found
end

return aftersales
